// What inputs are made of: sources of the trees that are there, and what this repository has of mails, scenarios and logs.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { splitIntoPieces } from '../../extension/syntax/pieces.js';

/** The sources of `fs/fuse` in a tree by path. */
export type Sources = Readonly<Record<string, string>>;

export interface Corpus {
  readonly trees: readonly Sources[];
  /** A few functions of a file, one after the other. */
  readonly excerpts: readonly string[];
  readonly patches: readonly string[];
  readonly mails: readonly string[];
  readonly scenarios: readonly string[];
  readonly logs: readonly string[];
  readonly documents: readonly string[];
}

/** `root` is the repository. */
export function readCorpus(root: string): Corpus {
  const folders = ['.cache/trees/linux-6.12', '.cache/trees/linux-7.2', 'sample/tree'].map((name) => join(root, name));
  const trees = folders.filter((folder) => existsSync(join(folder, 'fs/fuse'))).map(sourcesIn);
  const texts = trees.flatMap((tree) => Object.values(tree));
  const patches = trees.flatMap((tree) => Object.entries(tree).flatMap(([path, text]) => patchesOf(path, text)));
  const series = readFileSync(join(root, 'sample/series.mbox'), 'utf8');
  return {
    trees,
    excerpts: texts.flatMap(excerptsOf),
    patches,
    mails: [series, ...patches.slice(0, 20).map(mailOf), ...patches.slice(0, 20).map(attachedMailOf)],
    scenarios: filesIn(root, 'runtime/fuse/scenarios', /\.yaml$/),
    logs: filesIn(root, 'test/fixtures/kernel-logs', /\.(?:log|txt)$/),
    documents: [
      '{"version":1,"findings":[{"id":"leak|f|x","rule":"leak","file":"fs/fuse/dev.c","function":"f"}]}',
      '[{"name":"get","outcomes":[{"name":"ok","returns":"valid","effects":[{"kind":"acquire","subject":"result","resource":"x"}]}]}]',
      'backing-open(fd=directory); backing-close(id=1) @ fault 1 switch 2',
      'config FUSE_FS\n\tbool "x"\n\tdefault y if (A && !B) || C\n\tdepends on D\n',
    ],
  };
}

function sourcesIn(folder: string): Sources {
  const names = readdirSync(join(folder, 'fs/fuse')).filter((name) => /\.[ch]$|^Kconfig$|^Makefile$/.test(name));
  return Object.fromEntries(names.map((name) => [`fs/fuse/${name}`, readFileSync(join(folder, 'fs/fuse', name), 'utf8')]));
}

function filesIn(root: string, folder: string, pattern: RegExp): string[] {
  const names = readdirSync(join(root, folder)).filter((name) => pattern.test(name));
  return names.map((name) => readFileSync(join(root, folder, name), 'utf8'));
}

/** Pieces of a file in threes, with the space between. */
function excerptsOf(text: string): string[] {
  const pieces = splitIntoPieces(text);
  const excerpts: string[] = [];
  for (let at = 0; at < pieces.length; at += 3) {
    const excerpt = text.slice(pieces[at]?.start, pieces[Math.min(at + 2, pieces.length - 1)]?.end);
    if (excerpt.length < 8000) excerpts.push(`${excerpt}\n`);
  }
  return excerpts;
}

/** Patches of three hunks each. */
function patchesOf(path: string, text: string): string[] {
  const lines = text.split('\n');
  if (lines.length < 120) return [];
  const changed = lines.flatMap((line, at) => (at % 97 === 30 ? [] : at % 97 === 60 ? [line, `${line} /* changed */`] : [line]));
  const patch = createTwoFilesPatch(`a/${path}`, `b/${path}`, text, changed.join('\n'), undefined, undefined, { context: 3 });
  const hunks = patch.split(/^(?=@@ )/m);
  return hunks.length < 4 ? [] : [hunks.slice(0, 4).join('')];
}

const header = 'From: A <a@example>\nDate: Thu, 1 Jan 2026 00:00:00 +0000\nSubject: [PATCH] fuse: change\nMessage-Id: <1@example>\n';

function mailOf(patch: string): string {
  return `From x Thu Jan  1 00:00:00 2026\n${header}\nSays why.\n\nSigned-off-by: A <a@example>\n---\n${patch}-- \n2.40.0\n\n`;
}

function attachedMailOf(patch: string): string {
  const type = 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n';
  const encoded = Buffer.from(patch).toString('base64').replace(/.{76}/g, '$&\n');
  return `${header}${type}\n--b\n\nSee below.\n--b\nContent-Type: text/x-patch; name="a.patch"\nContent-Transfer-Encoding: base64\n\n${encoded}\n--b--\n`;
}
