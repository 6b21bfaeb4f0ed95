// A bug for tests to type into a tree.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The place of a text in a file of a tree, 1-based. */
function placeOf(file, text) {
  const before = readFileSync(file, 'utf8').split(text)[0];
  const line = before.split('\n').length;
  return { line, column: before.length - (before.lastIndexOf('\n') + 1) + 1 };
}

/** A jump of fuse_backing_open() that puts the file, and one in its place that leaks it: in the kernel, and in the sample. */
const bugs = [
  { right: 'goto out_fput;', keep: 'goto out'.length, wrong: 'goto out;' },
  { right: 'goto out_file;', keep: 0, wrong: 'return res;' },
];

/** Types the bug into backing.c by the keyboard. */
export async function typeBug(workbench, tree) {
  const file = join(tree, 'fs/fuse/backing.c');
  const { right, keep, wrong } = bugs.find((bug) => readFileSync(file, 'utf8').includes(bug.right));
  const { line, column } = placeOf(file, right);
  await workbench.openFile(file, line, column + keep);
  for (let at = keep; at < right.length - 1; at++) await workbench.press('Delete');
  await workbench.page.keyboard.insertText(wrong.slice(keep, -1));
}
