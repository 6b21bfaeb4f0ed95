// How many objects a kernel's first build makes: from the last whole one of the same version and configuration, or asked of make.
import * as fs from 'node:fs';
import { join } from 'node:path';
import { buildStep } from './build-output.js';
import { digest } from './digest.js';
import { prune } from './prune.js';

/** Files that tell the objects of a configuration are kept; the oldest go. */
const cachedPlans = 50;

/**
 * What `make -n` would print of an object, as kbuild does it: `set -e;  echo '  CC      fs/fuse/backing.o'; gcc ...`. Null for other
 * lines.
 */
export function plannedObject(line: string): string | null {
  const [, printed = ''] = /\becho '( {2}[A-Z][^']*)'/.exec(line) ?? [];
  return objectOf(printed);
}

/** The object of the kernel that a line of kbuild's short output tells of; null for tools of the build's own machine and all else. */
export function objectOf(line: string): string | null {
  const step = buildStep(line);
  if (step === undefined || (step.command !== 'CC' && step.command !== 'AS')) return null;
  return step.target.endsWith('.o') && !/^(?:\/|scripts\/|tools\/)/.test(step.target) ? step.target : null;
}

/** The objects of a configuration, kept in a folder. */
export class ObjectPlans {
  constructor(private readonly folder: string) {}

  /** Of the last build of this `.config`, which names the version, the compiler and all options; undefined where there was none. */
  read(config: string): ReadonlySet<string> | undefined {
    const path = this.path(config);
    if (!fs.existsSync(path)) return undefined;
    return new Set(
      fs
        .readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
    );
  }

  /** There at once or not at all. */
  write(config: string, objects: ReadonlySet<string>): void {
    fs.mkdirSync(this.folder, { recursive: true });
    const path = this.path(config);
    fs.writeFileSync(`${path}.${process.pid}`, [...objects].join('\n'));
    fs.renameSync(`${path}.${process.pid}`, path);
    prune(this.folder, cachedPlans);
  }

  private path(config: string): string {
    return join(this.folder, digest(config).slice(0, 24));
  }
}

/** How much of a plan is done. */
export class ObjectCount {
  private readonly made = new Set<string>();
  private left: number;

  /** @param planned what is to be made; null where that is not known */
  constructor(private readonly planned: ReadonlySet<string> | null) {
    this.left = planned?.size ?? 0;
  }

  /** Objects that were made so far. */
  get objects(): ReadonlySet<string> {
    return this.made;
  }

  /** Takes a line that the build prints. */
  take(line: string): void {
    const object = objectOf(line);
    if (object === null || this.made.has(object)) return;
    this.made.add(object);
    if (this.planned?.has(object) === true) this.left--;
  }

  /** What was planned is counted, and all where nothing was, or more is made than was planned. */
  get progress(): { readonly done: number; readonly total: number | null } {
    const { planned, left, made } = this;
    const more = left === 0 && made.size > (planned?.size ?? 0);
    return planned === null || more ? { done: made.size, total: null } : { done: planned.size - left, total: planned.size };
  }
}
