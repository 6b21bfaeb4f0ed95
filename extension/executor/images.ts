// Kernels that were built, kept until others are used more.
import * as fs from 'node:fs';
import { join } from 'node:path';
import type { Layouts } from './layouts.js';
import { prune } from './prune.js';

/** A kernel that was built. All paths are absolute. */
export interface KernelImage {
  /** The same for the same sources, configuration and compiler. */
  readonly key: string;
  readonly bzImage: string;
  /** With line tables. */
  readonly vmlinux: string;
  readonly systemMap: string;
  /** The canary's module. */
  readonly module: string;
  /** Where the sources were when it was built: what places in `vmlinux` are below. */
  readonly source: string;
  /** Where it was built. */
  readonly build: string;
  /** Options that were asked for and that the tree did not take. */
  readonly notTaken: readonly string[];
  /** Of the structures that the probes read. */
  readonly layouts: Layouts;
}

type About = Pick<KernelImage, 'source' | 'build' | 'notTaken' | 'layouts'>;

/** Kernels that are kept; the least lately used ones go. */
const cachedImages = 12;

const parts = ['bzImage', 'vmlinux', 'System.map', 'canary.ko'] as const;

/** The kernel of that key, or undefined where it was not built or was removed. */
export function findImage(cache: string, key: string): KernelImage | undefined {
  const folder = join(cache, 'images', key);
  const about = join(folder, 'about.json');
  if (!fs.existsSync(about)) return undefined;
  const now = new Date();
  fs.utimesSync(folder, now, now);
  const stored = JSON.parse(fs.readFileSync(about, 'utf8')) as Omit<About, 'layouts'> & Partial<About>;
  return {
    key,
    bzImage: join(folder, 'bzImage'),
    vmlinux: join(folder, 'vmlinux'),
    systemMap: join(folder, 'System.map'),
    module: join(folder, 'canary.ko'),
    layouts: {},
    ...stored,
  };
}

/** Keeps what was built; there at once or not at all. */
export function storeImage(cache: string, key: string, from: Readonly<Record<(typeof parts)[number], string>>, about: About): KernelImage {
  const folder = join(cache, 'images', key);
  const partial = `${folder}.${process.pid}`;
  fs.rmSync(partial, { recursive: true, force: true });
  fs.mkdirSync(partial, { recursive: true });
  for (const part of parts) fs.copyFileSync(from[part], join(partial, part), fs.constants.COPYFILE_FICLONE);
  fs.writeFileSync(join(partial, 'about.json'), JSON.stringify(about));
  fs.rmSync(folder, { recursive: true, force: true });
  fs.renameSync(partial, folder);
  const image = findImage(cache, key);
  if (!image) throw new Error(`${folder} was not stored`);
  return image;
}

/** Removes kernels that were not used lately, but never `current`. */
export function pruneImages(cache: string, current: string): void {
  prune(join(cache, 'images'), cachedImages, current);
}
