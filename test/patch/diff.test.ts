// Diffs by git and by diff -u, whole and broken, into files and hunks.
import { describe, expect, test } from 'vitest';
import { readDiff } from '../../extension/patch/diff.js';

const hunk = '@@ -1,2 +1,2 @@ struct fuse_backing\n \tstruct file *file;\n-\tint count;\n+\trefcount_t count;\n';

function read(text: string) {
  return readDiff(text, 'fix.patch');
}

function paths(text: string) {
  const { files, problems } = read(text);
  expect(problems).toEqual([]);
  return files.map(({ oldPath, path, change }) => `${change} ${oldPath} -> ${path}`);
}

describe('the file that a diff names', () => {
  test.each([
    ['by git', '--- a/fs/fuse/dev.c\n+++ b/fs/fuse/dev.c\n', 'fs/fuse/dev.c'],
    ['by git with mnemonic prefixes', '--- i/fs/fuse/dev.c\n+++ w/fs/fuse/dev.c\n', 'fs/fuse/dev.c'],
    ['by git without prefixes', '--- fs/fuse/dev.c\n+++ fs/fuse/dev.c\n', 'fs/fuse/dev.c'],
    [
      'by diff -u of two trees, with times',
      '--- linux.orig/fs/fuse/dev.c\t2025-08-20 12:00:00\n+++ linux/fs/fuse/dev.c\t2025-08-21 12:00:00\n',
      'fs/fuse/dev.c',
    ],
    ['in quotes with octal bytes', '--- "a/fs/f\\303\\266o \\"x\\".c"\n+++ "b/fs/f\\303\\266o \\"x\\".c"\n', 'fs/föo "x".c'],
    ['with a space', '--- a/fs/a b.c\t\n+++ b/fs/a b.c\t\n', 'fs/a b.c'],
  ])('%s', (_, header, path) => {
    expect(paths(header + hunk)).toEqual([`modified ${path} -> ${path}`]);
  });

  test('by the diff --git line alone, with spaces in it', () => {
    expect(paths('diff --git a/fs/a b.c b/fs/a b.c\nold mode 100644\nnew mode 100755\n')).toEqual(['mode fs/a b.c -> fs/a b.c']);
  });

  test('is refused where it climbs out of the tree or is absolute; the others stay', () => {
    const { files, problems } = read(
      `diff --git a/../../etc/passwd b/../../etc/passwd\n--- a/../../etc/passwd\n+++ b/../../etc/passwd\n${hunk}--- /etc/shadow\n+++ /etc/shadow\n${hunk}--- a/fs/fuse/dev.c\n+++ b/fs/fuse/dev.c\n${hunk}`,
    );
    expect(files.map(({ path }) => path)).toEqual(['fs/fuse/dev.c']);
    expect(problems).toEqual([
      {
        where: 'fix.patch',
        line: 1,
        severity: 'error',
        message: `"../../etc/passwd" is outside the tree; this file's changes are left out`,
      },
      { where: 'fix.patch', line: 8, severity: 'error', message: `"/etc/shadow" is outside the tree; this file's changes are left out` },
    ]);
  });

  test('is refused where a rename or a new file leads out', () => {
    const { files, problems } = read(
      'diff --git a/fs/x.c b/../x.c\nsimilarity index 100%\nrename from fs/x.c\nrename to ../x.c\n' +
        'diff --git a/../y.c b/../y.c\nnew file mode 100644\n--- /dev/null\n+++ b/../y.c\n@@ -0,0 +1 @@\n+x\n',
    );
    expect(files).toEqual([]);
    expect(problems).toHaveLength(2);
  });
});

describe('the change that a diff makes', () => {
  test('adds, deletes, renames, copies, changes the mode', () => {
    expect(
      paths(
        'diff --git a/new.c b/new.c\nnew file mode 100644\nindex 0000000..257cc56\n--- /dev/null\n+++ b/new.c\n@@ -0,0 +1 @@\n+foo\n' +
          'diff --git a/empty.c b/empty.c\nnew file mode 100644\nindex 0000000..e69de29\n' +
          'diff --git a/gone.c b/gone.c\ndeleted file mode 100644\n--- a/gone.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-foo\n' +
          'diff --git a/fs/fuse/passthrough.c b/fs/fuse/backing.c\nsimilarity index 90%\nrename from fs/fuse/passthrough.c\nrename to fs/fuse/backing.c\n' +
          'diff --git a/a.c b/b.c\nsimilarity index 100%\ncopy from a.c\ncopy to b.c\n' +
          'diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n',
      ),
    ).toEqual([
      'added new.c -> new.c',
      'added empty.c -> empty.c',
      'deleted gone.c -> gone.c',
      'renamed fs/fuse/passthrough.c -> fs/fuse/backing.c',
      'added a.c -> b.c',
      'mode run.sh -> run.sh',
    ]);
  });

  test.each([
    ['named only', 'Binary files a/logo.png and b/logo.png differ\n'],
    ['with its bytes', 'GIT binary patch\nliteral 4\nLcmZQzWMXDvWB>p(00AHX\n\nliteral 0\nHcmV?d00001\n\n'],
  ])('is binary, %s: said and not applied', (_, text) => {
    const { files, problems } = read(
      `diff --git a/logo.png b/logo.png\nindex 1..2 100644\n${text}diff --git a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n${hunk}`,
    );
    expect(problems).toEqual([]);
    expect(files.map(({ change }) => change)).toEqual(['binary', 'modified']);
    expect(files[0]?.problems).toEqual([{ where: 'fix.patch', line: 1, severity: 'warning', message: 'logo.png is binary; not applied' }]);
  });

  test('is a symbolic link: said and not applied', () => {
    const { files } = read(
      'diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc/passwd\n\\ No newline at end of file\n',
    );
    expect(files[0]).toMatchObject({ change: 'binary', problems: [{ message: 'l is a symbolic link or submodule; not applied' }] });
  });
});

describe('a hunk', () => {
  const named = '--- a/x.c\n+++ b/x.c\n';

  test('keeps lines that look like headers, and ends before the signature of the mail', () => {
    const { files } = read(`${named}@@ -1,3 +1,3 @@\n--- a/old comment\n+++ b/new comment\n x\n--x;\n+-- \n-- \n2.39.5\n`);
    expect(files).toHaveLength(1);
    expect(files[0]?.problems).toEqual([]);
    expect(files[0]?.hunks[0]?.lines.map(({ kind, text }) => kind + text)).toEqual([
      'removed-- a/old comment\n',
      'added++ b/new comment\n',
      'contextx\n',
      'removed-x;\n',
      'added-- \n',
    ]);
  });

  test('without a newline at the end of the file says so of the right line', () => {
    const { files } = read(`${named}@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n`);
    expect(files[0]?.hunks[0]?.lines.map(({ text }) => text)).toEqual(['a', 'a\n']);
  });

  test('whose blank context lines lost their space is read', () => {
    expect(read(`${named}@@ -1,3 +1,3 @@\n a\n\n-b\n+c\n`).files[0]?.hunks).toHaveLength(1);
  });

  test.each([
    [
      'wrapped by a mailer',
      '@@ -1,3 +1,3 @@\n a long\nline\n-b\n+c\n d\n',
      5,
      'is cut off: after 1 of 3 old and 1 of 3 new lines "line" follows',
    ],
    ['longer than its header', '@@ -1,1 +1,2 @@\n a\n+b\n+c\n', 6, 'holds more lines than its header says'],
    ['with more removed lines than its header', '@@ -1,1 +1,2 @@\n-a\n-b\n+c\n', 5, 'holds more lines than its header says'],
  ])('%s is an error at its line, and the next hunk is read', (_, text, line, message) => {
    const [file] = read(`${named}${text}@@ -9 +9 @@\n-x\n+y\n`).files;
    expect(file).toMatchObject({
      hunkCount: 2,
      hunks: [{ number: 2, oldStart: 9 }],
      problems: [{ where: 'fix.patch', severity: 'error', line }],
    });
    expect(file?.problems[0]?.message).toContain(`hunk 1 of x.c (${text.split('\n')[0] ?? ''}) ${message}`);
  });

  test.each([
    ['the end of the text', '', 5, '2 of 3 old and 1 of 3 new lines the text ends'],
    ["the mail's signature", '+c\n-- \n2.39.5\n', 7, '2 of 3 old and 2 of 3 new lines "-- " follows'],
    ['the next file', '+c\ndiff --git a/y.c b/y.c\n', 7, '2 of 3 old and 2 of 3 new lines "diff --git a/y.c b/y.c" follows'],
  ])('cut off by %s is an error there', (_, rest, line, message) => {
    const [file] = read(`${named}@@ -1,3 +1,3 @@\n a\n-b\n${rest}`).files;
    expect(file).toMatchObject({ hunkCount: 1, hunks: [], problems: [{ line }] });
    expect(file?.problems[0]?.message).toContain(`is cut off: after ${message}`);
  });

  test('with a header that makes no sense is an error', () => {
    const { files } = read(`${named}@@ -one +two @@\n x\n@@ -9 +9 @@\n-x\n+y\n`);
    expect(files[0]).toMatchObject({ hunkCount: 2, hunks: [{ number: 2 }] });
    expect(files[0]?.problems[0]?.message).toBe('hunk 1 of x.c has a header that cannot be read: "@@ -one +two @@"');
  });

  test('of a merge is an error that says what to give instead', () => {
    const { files, problems } = read(
      'diff --cc fs/fuse/dev.c\nindex 1,2..3\n--- a/fs/fuse/dev.c\n+++ b/fs/fuse/dev.c\n@@@ -1,1 -1,1 +1,1 @@@\n- a\n -b\n++c\n',
    );
    expect(files).toEqual([]);
    expect(problems[0]?.message).toBe('is the combined diff of a merge; give the commits that were merged');
  });
});

test('a file whose patch was cut before its first hunk says so', () => {
  const { files } = read('diff --git a/x.c b/x.c\nindex 1..2 100644\n--- a/x.c\n+++ b/x.c\n');
  expect(files[0]?.problems[0]?.message).toBe('names x.c but holds no hunk for it; the patch was cut');
});

test('a quoted diff is prose', () => {
  expect(read(`> diff --git a/x.c b/x.c\n> --- a/x.c\n> +++ b/x.c\n> ${hunk.replaceAll('\n', '\n> ')}\n`)).toEqual({
    files: [],
    problems: [],
    firstDiffLine: undefined,
  });
});
