// Builds dist/: the extension, its workers, the command line, the pages, and the two wasm files they load. `--watch` keeps at
// it; `--pages FOLDER` builds only the pages, into that folder.
import { copyFileSync, chmodSync, cpSync, existsSync, mkdirSync, rmSync, watch as watchFile } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import * as esbuild from 'esbuild';
import { main, root, ScriptError } from './tools.mjs';

const dist = join(root, 'dist');
const pagesFolder = join(dist, 'webview');

// CommonJS has no import.meta.url, and an ES module no require: each bundle gets the one that it lacks.
const requireForModules =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";
const urlForCommonJs = "const __moduleUrl = require('node:url').pathToFileURL(__filename).href;";

/** The extension host loads CommonJS only; the worker and the command line are modules, as the manifest's `type` says. */
const bundles = [
  { entry: 'extension/main.ts', out: 'extension.cjs', format: 'cjs', external: ['vscode'] },
  { entry: 'extension/editor/worker/analysis-worker.ts', out: 'worker.js', format: 'esm', external: [] },
  { entry: 'extension/runner/simulation-worker.ts', out: 'simulation-worker.js', format: 'esm', external: [] },
  // What a thread of the pool begins with; the pool looks for it in this folder beside the bundle that it is in.
  { entry: 'node_modules/tinypool/dist/entry/worker.js', out: 'entry/worker.js', format: 'esm', external: [] },
  { entry: 'extension/cli/main.ts', out: 'cli.js', format: 'esm', external: [], shebang: true },
];

/** Folders taken as they are: what the simulator reads, and what runs in a kernel. */
const folders = ['runtime', 'guest'];

const assets = ['node_modules/web-tree-sitter/web-tree-sitter.wasm', 'grammars/kernel-c/kernel-c.wasm'];

function options({ entry, out, format, external, shebang }) {
  const banner = format === 'esm' ? requireForModules : urlForCommonJs;
  return {
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: join('dist', out),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format,
    external,
    minify: false,
    sourcemap: 'linked',
    legalComments: 'none',
    logLevel: 'warning',
    banner: { js: shebang ? `#!/usr/bin/env node\n${banner}` : banner },
    define: format === 'cjs' ? { 'import.meta.url': '__moduleUrl' } : {},
  };
}

/** What runs in a browser: each page is a script, a style of the same name and the font that it uses. */
function pageOptions(folder) {
  return {
    absWorkingDir: root,
    entryPoints: { run: 'webview/run/main.ts' },
    outdir: folder,
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    minify: true,
    sourcemap: false,
    legalComments: 'none',
    logLevel: 'warning',
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
  };
}

function copyAsset(path) {
  copyFileSync(join(root, path), join(dist, basename(path)));
}

/** Nothing is left of a file that is there no longer. */
function copyFolder(name) {
  rmSync(join(dist, name), { recursive: true, force: true });
  cpSync(join(root, name), join(dist, name), { recursive: true });
}

/** What could not be built, one line each; empty when all of dist/ is there. */
async function build() {
  const missing = [...bundles.map(({ entry }) => entry), ...assets].filter((path) => !existsSync(join(root, path)));
  mkdirSync(dist, { recursive: true });
  const present = bundles.filter(({ entry }) => !missing.includes(entry));
  try {
    await Promise.all([...present.map(options), pageOptions(pagesFolder)].map((each) => esbuild.build(each)));
  } catch {
    throw new ScriptError('build: esbuild found errors, printed above');
  }
  for (const { out, shebang } of present) if (shebang) chmodSync(join(dist, out), 0o755);
  for (const asset of assets) if (!missing.includes(asset)) copyAsset(asset);
  folders.forEach(copyFolder);
  return missing;
}

async function watch() {
  const contexts = await Promise.all([...bundles.map(options), pageOptions(pagesFolder)].map((each) => esbuild.context(each)));
  mkdirSync(dist, { recursive: true });
  for (const asset of assets) {
    copyAsset(asset);
    watchFile(join(root, asset), () => existsSync(join(root, asset)) && copyAsset(asset));
  }
  for (const folder of folders) {
    copyFolder(folder);
    watchFile(join(root, folder), { recursive: true }, () => copyFolder(folder));
  }
  await Promise.all(contexts.map((context) => context.watch()));
  console.log('build: watching');
}

await main(async () => {
  if (process.argv.includes('--watch')) return watch();
  const pages = process.argv.indexOf('--pages');
  if (pages > 0) {
    await esbuild.build(pageOptions(resolve(process.argv[pages + 1] ?? pagesFolder)));
    return 0;
  }
  const missing = await build();
  for (const path of missing) console.error(`build: ${path} is missing, so dist/ is incomplete`);
  if (missing.length > 0) return 1;
  console.log(`build: dist/ has ${bundles.map(({ out }) => out).join(', ')}, webview/run.js and ${assets.length} wasm files`);
  return 0;
});
