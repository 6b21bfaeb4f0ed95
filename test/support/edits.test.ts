import { describe, expect, test } from 'vitest';
import { memoryTree } from './memory-tree.js';
import { editedTree, mailOf, Place, type Edit } from './edits.js';

const text = 'int get(void)\n{\n\ttake();\n\treturn 0;\n}\n\nint put(void)\n{\n\tdrop();\n\tlast();\n\treturn 0;\n}\n';
const tree = memoryTree({ 'fs/fuse/a.c': text });
const file = new Place('fs/fuse/a.c');
const put = new Place('fs/fuse/a.c', 'put');
const edited = (...edits: readonly Edit[]): string | undefined => editedTree(tree, edits, 'edited').read('fs/fuse/a.c');

describe('an edit', () => {
  test('is made in its function only', () => {
    expect(edited(put.instead('return 0', '\treturn 1;\n'))).toBe(text.replace(/0;\n\}\n$/, '1;\n}\n'));
    expect(edited(put.before('drop', '\tfirst();\n'), put.after(['first', 'drop', ''], '\tend();\n'))).toContain(
      '\tfirst();\n\tdrop();\n\tlast();\n\tend();\n\treturn 0;\n',
    );
    expect(edited(file.reword('take', 'take', 'steal'), file.atEnd('\nint end;\n'))).toBe(`${text.replace('take', 'steal')}\nint end;\n`);
  });

  test.each([
    [put.after('take', ''), 'fs/fuse/a.c, put(): 0 lines hold: take'],
    [file.after('return', ''), 'fs/fuse/a.c: 2 lines hold: return'],
    [put.after(['drop', 'take'], ''), "fs/fuse/a.c, put(), after the line of 'drop': no line holds: take"],
    [put.reword('drop', 'pop', ''), "fs/fuse/a.c, put(), in the lines of 'drop': 0 times: pop"],
    [new Place('fs/fuse/a.c', 'set').after('x', ''), 'fs/fuse/a.c: set is defined 0 times'],
    [new Place('fs/fuse/b.c').after('x', ''), 'linux has no fs/fuse/b.c'],
  ])('without a place fails with it (%#)', (edit, message) => {
    expect(() => edited(edit)).toThrow(message);
  });

  test('is a patch in a mail', () => {
    const mail = mailOf(tree, [put.instead('last', '')], 'fuse: let go');
    expect(mail).toContain('\nSubject: [PATCH] fuse: let go\n');
    expect(mail).toMatch(/\n---\ndiff --git a\/fs\/fuse\/a\.c b\/fs\/fuse\/a\.c\n--- a\/fs\/fuse\/a\.c\n\+\+\+ b\/fs\/fuse\/a\.c\n@@ .*\n/);
    expect(mail.match(/^[-+]\t.*/gm)).toEqual(['-\tlast();']);
  });
});
