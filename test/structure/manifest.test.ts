import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runtimes } from '../support/fuse.js';
import { valueOf } from '../support/result.js';
import { readSources } from './imports.js';
import { manifestProblems, registeredCommands, type Manifest } from './manifest.js';

const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');

describe('the manifest', () => {
  test('and the code agree', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
    const registered = registeredCommands(readSources(root, 'extension'));
    expect(registered.length).toBeGreaterThan(0);
    expect(manifestProblems(manifest, registered)).toEqual([]);
  });

  test('wakes the extension in the tree of each subsystem, in its folder, and around it', () => {
    const { activationEvents } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly activationEvents: readonly string[];
    };
    for (const { folder, watched } of valueOf(runtimes).subsystems)
      for (const path of [`${folder}/${watched}`, watched, `*/${folder}/${watched}`])
        expect(activationEvents).toContain(`workspaceContains:${path}`);
  });

  test('names what a build makes', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
    expect(manifest.main).toBe('./dist/extension.cjs');
  });

  test('has a title and a category for every command', () => {
    const commands = [
      { command: 'fuseReview.a', title: 'A' },
      { command: 'fuseReview.b', category: 'FUSE' },
    ];
    expect(manifestProblems({ contributes: { commands } }, ['fuseReview.a', 'fuseReview.b'])).toEqual([
      'fuseReview.b: no title',
      'fuseReview.a: no category',
    ]);
  });

  test('misses no handler, and no handler misses its command', () => {
    const commands = [{ command: 'fuseReview.a', title: 'A', category: 'FUSE' }];
    expect(manifestProblems({ contributes: { commands } }, ['fuseReview.b', 'fuseReview.b'])).toEqual([
      'fuseReview.b: two handlers',
      'fuseReview.a: no handler',
      'fuseReview.b: has a handler but is not in the manifest',
      'fuseReview.b: has a handler but is not in the manifest',
    ]);
  });

  test('uses in menus, keys and views only what it contributes', () => {
    const problems = manifestProblems(
      {
        contributes: {
          menus: { 'view/title': [{ command: 'fuseReview.a' }, { command: 'vscode.diff' }] },
          keybindings: [{ command: 'fuseReview.b' }],
          views: { nowhere: [{ id: 'fuseReview.series' }] },
          viewsWelcome: [{ view: 'fuseReview.other', contents: '[Open](command:fuseReview.c)' }],
        },
      },
      [],
    );
    expect(problems).toEqual([
      'fuseReview.a: used in a menu, a key or a welcome view but not contributed',
      'fuseReview.b: used in a menu, a key or a welcome view but not contributed',
      'fuseReview.c: used in a menu, a key or a welcome view but not contributed',
      'nowhere: views in a container that is not contributed',
      'fuseReview.other: a welcome for a view that is not contributed',
    ]);
  });

  test('handlers are found by call, not by text', () => {
    const text =
      "registerCommand('a', f); vscode.commands.registerCommand('b', g); // registerCommand('c')\nconst d = \"registerCommand('d')\";";
    expect(registeredCommands([{ path: 'extension/editor/x.ts', text }])).toEqual(['a', 'b']);
  });
});
