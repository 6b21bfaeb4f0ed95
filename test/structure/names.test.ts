// A file's name means one thing: no two files of one name are in different rooms, but those below, which mean the same in each.
import { describe, expect, test } from 'vitest';
import { readSources } from './imports.js';

const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');

/** Names that stand in several rooms, and the one thing that each means there. */
const shared: Readonly<Record<string, string>> = {
  'bounds.ts': 'how far a simulation goes: the type, and its option on the command line',
  'check.ts': 'the check of a tree, and the command that asks for it',
  'combinations.ts': 'what parallel steps answer together: the type, how it is computed, how it is shown',
  'execution-text.ts': 'a run in a kernel in words: for a terminal, and for a page',
  'index.ts': 'the entry of its folder',
  'ladder.ts': "a function's error ladder: the type, how it is computed, the command that prints it",
  'main.ts': 'the entry of a bundle',
  'missing.ts': 'what operations refer to and was not given: the type, and how it is found',
  'probes.ts': 'which calls a traced run shows: the type, how a vocabulary says it, how the kernel is told',
  'story-text.ts': 'a counterexample as a story in words: for a terminal, and for a page',
  'subsystem.ts': 'a subsystem: the type, and how its file is read',
  'types.ts': 'C types: how they are computed, and as intrinsics need them',
};

/** The first folder below `extension/`; `main` for its entry, `webview` for all pages. */
function roomOf(path: string): string {
  const [top = '', room = '', ...rest] = path.split('/');
  return top !== 'extension' ? top : rest.length === 0 ? 'main' : room;
}

/** Names that files in several rooms have, each with those files. */
function namesInSeveralRooms(paths: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, string[]>();
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    byName.set(name, [...(byName.get(name) ?? []), path]);
  }
  return new Map([...byName].filter(([, files]) => new Set(files.map(roomOf)).size > 1));
}

describe('the names of files', () => {
  const several = namesInSeveralRooms([...readSources(root, 'extension'), ...readSources(root, 'webview')].map(({ path }) => path));

  test('mean one thing in all rooms', () => {
    expect([...several].filter(([name]) => !(name in shared)).map(([name, files]) => `${name}: ${files.join(', ')}`)).toEqual([]);
  });

  test('are listed as shared only while they are', () => {
    expect(Object.keys(shared).filter((name) => !several.has(name))).toEqual([]);
  });

  test('are compared between rooms, not between the folders of one', () => {
    const same = ['extension/editor/a/list.ts', 'extension/editor/b/list.ts'];
    expect([...namesInSeveralRooms(same)]).toEqual([]);
    const others = ['extension/cli/list.ts', 'webview/run/list.ts', 'extension/list.ts'];
    expect([...namesInSeveralRooms(others)]).toEqual([['list.ts', others]]);
  });
});
