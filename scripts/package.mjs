// Packs fuse-backing-review.vsix out of what .vscodeignore lets through. That is copied aside first: vsce walks every file
// of the folder that it packs, and .cache/ holds whole kernel trees.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cache, everyLine, main, root, run, ScriptError } from './tools.mjs';

/** The files and folders that a line of .vscodeignore lets through: `!FILE`, `!FOLDER/**` or `!FOLDER/*.ext`. */
function allowed(line) {
  const pattern = line.slice(1);
  if (pattern.endsWith('/**')) return [pattern.slice(0, -3)];
  if (!pattern.includes('*')) return [pattern];
  const [folder, extension] = pattern.split('/*');
  const names = existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : [];
  return names.filter((name) => name.endsWith(extension)).map((name) => `${folder}/${name}`);
}

await main(async () => {
  const built = await run(process.execPath, [join(root, 'scripts', 'build.mjs')], { show: everyLine });
  if (built.code !== 0) return built.code;

  const staging = join(cache, `package-${process.pid}`);
  try {
    const lines = readFileSync(join(root, '.vscodeignore'), 'utf8').split('\n');
    for (const path of lines.filter((line) => line.startsWith('!')).flatMap(allowed)) {
      if (!existsSync(join(root, path))) throw new ScriptError(`package: ${path} is missing`);
      mkdirSync(dirname(join(staging, path)), { recursive: true });
      cpSync(join(root, path), join(staging, path), { recursive: true });
    }
    const out = join(root, 'fuse-backing-review.vsix');
    // Everything is in the bundles; the README's links are for the repository, which the manifest does not name.
    const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', out];
    const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
    const packed = await run(process.execPath, [vsce, 'package', ...options], { cwd: staging });
    if (packed.code !== 0) console.error(packed.output.trim());
    else console.log(/Packaged: .*\((.*)\)/.exec(packed.output)?.[0].replace(out, 'fuse-backing-review.vsix') ?? 'packaged');
    return packed.code;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
});
