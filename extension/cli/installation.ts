// Where this program's own files are: beside the bundle in dist/, or in the repository when run from source.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';

const manifestSchema = z.object({ name: z.string(), version: z.string(), homepage: z.string().optional() });

export interface Installation {
  readonly root: string;
  readonly version: string;
  /** The address of the folder with the rules' pages. */
  readonly rulePages: string;
  /** The two wasm files as paths. */
  readonly runtime: string;
  readonly grammar: string;
  /** The folder with the model that simulations run on, and the program of the threads that run them. */
  readonly model: string;
  readonly worker: string;
  /** The folder with what runs in a kernel. */
  readonly guest: string;
}

/** Looks from this module upwards for the package that it belongs to. Throws where the installation is broken. */
export function findInstallation(): Installation {
  const here = dirname(fileURLToPath(import.meta.url));
  for (let folder = here; ; folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    const manifest = existsSync(path) ? manifestSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data : undefined;
    if (manifest?.name === 'fuse-backing-review') {
      return {
        root: folder,
        version: manifest.version,
        rulePages: manifest.homepage?.startsWith('https://github.com/')
          ? `${manifest.homepage.replace(/#.*$/, '').replace(/\/+$/, '')}/blob/main/docs/rules`
          : pathToFileURL(join(folder, 'docs', 'rules')).href,
        runtime: asset('web-tree-sitter.wasm', here, join(folder, 'node_modules', 'web-tree-sitter')),
        grammar: asset('kernel-c.wasm', here, join(folder, 'grammars', 'kernel-c')),
        model: asset('runtime', here, folder),
        guest: asset('guest', here, folder),
        // There only once it was built, which checks and reviews do without.
        worker: join(folder, 'dist', 'simulation-worker.js'),
      };
    }
    if (dirname(folder) === folder) throw new Error(`no package.json of fuse-backing-review above ${here}`);
  }
}

/** Beside the bundle first, so that an installed extension never depends on the folders of the repository. */
function asset(name: string, ...folders: readonly string[]): string {
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${name} is in none of ${folders.join(', ')}; run \`npm run build\``);
  return found;
}
