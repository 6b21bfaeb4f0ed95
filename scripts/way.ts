// The way of a patch to a finding: which rooms and files the review of the bundled sample calls, in the order in which each is
// called first from main() on. Every function of extension/ says when it is entered. docs/architecture.md has the rooms. Usage: npm run way
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import ts from 'typescript';

export interface Stretch {
  readonly room: string;
  /** File names in the room that are called for the first time here. */
  readonly files: readonly string[];
}

/** The stretches of the way, in order; a room may have several. */
export async function wayOfAPatch(root: string): Promise<readonly Stretch[]> {
  const folder = mkdtempSync(join(tmpdir(), 'fuse-review-way-'));
  const program = join(root, 'dist', `way-${process.pid}.js`);
  const written = join(folder, 'files');
  try {
    await esbuild.build({
      absWorkingDir: root,
      entryPoints: ['extension/cli/main.ts'],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
      banner: {
        js: `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
const __files = new Set(); globalThis.__enter = (file) => (__files.size > 0 || file === 'cli/main.ts') && __files.add(file);
process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(written)}, [...__files].join('\\n')));`,
      },
      plugins: [
        {
          name: 'enter',
          setup: (build) =>
            build.onLoad({ filter: /\/extension\/.*\.ts$/ }, ({ path }) => ({
              contents: entering(readFileSync(path, 'utf8'), relative(join(root, 'extension'), path)),
              loader: 'ts' as const,
            })),
        },
      ],
    });
    const review = ['patch', 'sample/series.mbox', '--tree', 'sample/tree', '--no-simulate'];
    try {
      execFileSync(process.execPath, [program, ...review], { cwd: root, stdio: 'ignore' });
    } catch (error) {
      // The sample has flaws: 1 is its answer.
      if ((error as { readonly status?: number }).status !== 1) throw error;
    }
    return stretches(readFileSync(written, 'utf8').split('\n'));
  } finally {
    rmSync(program, { force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The text with a call at the beginning of the body of every function that has one. */
function entering(text: string, file: string): string {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const places: number[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body && ts.isBlock(node.body)) places.push(node.body.getStart(source) + 1);
    ts.forEachChild(node, visit);
  };
  visit(source);
  let result = text;
  for (const at of places.sort((a, b) => b - a))
    result = `${result.slice(0, at)}globalThis.__enter(${JSON.stringify(file)});${result.slice(at)}`;
  return result;
}

function stretches(paths: readonly string[]): readonly Stretch[] {
  const found: { room: string; files: string[] }[] = [];
  for (const path of paths) {
    const [room = '', ...rest] = path.split('/');
    // Everybody's words: no place of their own on the way.
    if (room === 'model') continue;
    const last = found.at(-1);
    if (last?.room === room) last.files.push(rest.join('/'));
    else found.push({ room, files: [rest.join('/')] });
  }
  return found;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const way = await wayOfAPatch(process.cwd());
  const rooms = new Set(way.map(({ room }) => room));
  for (const { room, files } of way) console.log(`${room.padEnd(9)} ${files.join(' ')}`);
  const files = way.flatMap((each) => each.files);
  console.log(`${files.length} files of ${rooms.size} rooms, ${way.length - rooms.size} times back into a room`);
}
