// Builds the kernel of a tree outside the tree, and keeps what it built.
import * as fs from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { KernelProfile } from '../model/execution.js';
import type { Probes } from '../model/probes.js';
import { ok, type Failed, type Result } from '../model/result.js';
import { BuildOutput, lastWords } from './build-output.js';
import { readModule, type ModuleSource } from './canaries.js';
import { formatConfiguration, notTaken, parseConfiguration, wantedConfiguration, type KernelConfiguration } from './configuration.js';
import { digest } from './digest.js';
import { findImage, pruneImages, storeImage, type KernelImage } from './images.js';
import { layoutsProgram, readLayouts, wantedLayouts, type Layouts } from './layouts.js';
import { lockFile } from './file-lock.js';
import { ObjectCount, ObjectPlans, plannedObject } from './object-plan.js';
import { bringInStep, readTreeState, type TreeContents } from './private-tree.js';
import { runProcess, type RunResult } from './processes.js';
import { notExecutable, type ExecutionFailure, type ExecutionHandling, type ExecutorInstallation } from './request.js';
import { compilerVersion } from './toolchain.js';

export type { KernelImage };

export interface KernelSource {
  /** The tree's folder, absolute. */
  readonly root: string;
  /** Texts that go before those on disk. */
  readonly files: Readonly<Record<string, string | null>>;
  /** The subsystem's folder below the root, which the profile `trace` builds without inlining. */
  readonly folder: string;
  readonly subsystem: string;
  readonly profile: KernelProfile;
  readonly config: Readonly<Record<string, boolean>>;
  /** What is to be shown of calls; absent for nothing. */
  readonly probes?: Probes;
}

/** No inlining below a folder: what `trace` needs to see each call. */
const withoutInlining = [
  '-fno-inline',
  '-fno-inline-functions-called-once',
  '-fno-inline-small-functions',
  '-fno-partial-inlining',
  '-fno-ipa-sra',
  '-fno-ipa-cp',
  '-fno-ipa-icf',
  '-fno-optimize-sibling-calls',
];

/** What is built of a kernel. */
const goals = ['bzImage', 'modules'];

/** Builds the kernel, or finds it built; a failure has the compiler's errors. Rejects with what the signal aborts with. */
export async function buildKernel(
  source: KernelSource,
  installation: ExecutorInstallation,
  handling: ExecutionHandling,
): Promise<Result<KernelImage, ExecutionFailure>> {
  const { signal, onProgress } = handling;
  onProgress?.({ phase: 'prepare', done: 0, total: null, text: 'looking at the tree' });
  if (!fs.existsSync(join(source.root, 'arch', 'x86', 'Makefile'))) {
    return notExecutable(`${source.root} is not a whole kernel tree: it has no arch/x86/Makefile, so no kernel can be built from it`);
  }
  const wanted = wantedConfiguration(installation.guest, source.subsystem, source.profile, source.config);
  if (!wanted.ok) return wanted;
  const compiler = await compilerVersion();
  const state = await readTreeState(source.root, builtFiles(source), signal);
  if (!state.ok) return state;
  const module = readModule(installation.guest);
  if (!module.ok) return module;
  const layouts = source.probes && wantedLayouts(source.probes);
  const asked = layouts === undefined ? [] : [layoutsProgram(layouts)];
  const key = digest(state.value.key, formatConfiguration(wanted.value), compiler, module.value.key, source.root, ...asked).slice(0, 24);
  const built = findImage(installation.cache, key);
  if (built) return ok(built);
  const home = join(installation.cache, 'trees', `${basename(source.root)}-${digest(fs.realpathSync(source.root)).slice(0, 12)}`);
  const unlock = await lockFile(join(home, 'lock'), {
    signal,
    onWait: () => onProgress?.({ phase: 'prepare', done: 0, total: null, text: 'waiting for another build of this tree' }),
  });
  if (!unlock.ok) return unlock;
  try {
    // Whoever held the lock may have built the same.
    const meanwhile = findImage(installation.cache, key);
    if (meanwhile) return ok(meanwhile);
    return await new Build(source, state.value, wanted.value, compiler, module.value, home, handling).make(installation.cache, key);
  } catch (error) {
    return diskFull(error);
  } finally {
    unlock.value();
  }
}

/** The files of the source that are not as on disk. */
function builtFiles({ root, folder, profile, files }: KernelSource): Readonly<Record<string, string | null>> {
  if (profile !== 'trace') return files;
  const path = `${folder}/Makefile`;
  const text = files[path] ?? (fs.existsSync(join(root, path)) ? fs.readFileSync(join(root, path), 'utf8') : '');
  return { ...files, [path]: `${text}\nsubdir-ccflags-y += ${withoutInlining.join(' ')}\nccflags-y += ${withoutInlining.join(' ')}\n` };
}

class Build {
  private readonly tree: string;
  private readonly out: string;
  private readonly plans: ObjectPlans;

  constructor(
    private readonly source: KernelSource,
    private readonly state: TreeContents,
    private readonly wanted: KernelConfiguration,
    compiler: string,
    private readonly module: ModuleSource,
    private readonly home: string,
    private readonly handling: ExecutionHandling,
  ) {
    this.tree = join(home, 'source');
    this.out = join(home, `${source.profile}-${digest(compiler).slice(0, 8)}`);
    this.plans = new ObjectPlans(join(dirname(dirname(home)), 'objects'));
  }

  async make(cache: string, key: string): Promise<Result<KernelImage, ExecutionFailure>> {
    const { signal, onProgress } = this.handling;
    onProgress?.({ phase: 'prepare', done: 0, total: null, text: 'copying the tree' });
    const copied = await bringInStep(this.state, this.tree, join(this.home, 'manifest'), signal);
    if (!copied.ok) return copied;
    const ignored = await this.configure();
    if (!ignored.ok) return ignored;
    const compiled = await this.compile();
    if (!compiled.ok) return compiled;
    const module = await this.compileModule();
    if (!module.ok) return module;
    const image = storeImage(
      cache,
      key,
      {
        bzImage: join(this.out, 'arch/x86/boot/bzImage'),
        vmlinux: join(this.out, 'vmlinux'),
        'System.map': join(this.out, 'System.map'),
        'canary.ko': join(this.out, 'canary', this.module.object),
      },
      { source: this.tree, build: this.out, notTaken: ignored.value, layouts: await this.layouts() },
    );
    pruneImages(cache, key);
    return ok(image);
  }

  /** Options that the tree did not take. */
  private async configure(): Promise<Result<readonly string[], ExecutionFailure>> {
    this.handling.onProgress?.({ phase: 'configure', done: 0, total: null, text: this.source.profile });
    fs.mkdirSync(this.out, { recursive: true });
    const config = join(this.out, '.config');
    // What it was made from; absent while it is made.
    const record = join(this.out, 'wanted.config');
    const text = formatConfiguration(this.wanted);
    const made = `# ${kconfigOf(this.state)}\n${text}`;
    if (!fs.existsSync(config) || !fs.existsSync(record) || fs.readFileSync(record, 'utf8') !== made) {
      fs.rmSync(record, { force: true });
      const fragment = join(this.out, 'fragment.config');
      fs.writeFileSync(fragment, text);
      const result = await this.run([`KCONFIG_ALLCONFIG=${fragment}`, 'allnoconfig']);
      if (result.code !== 0) return notExecutable(`the kernel could not be configured: ${lastWords(result)}`);
      fs.writeFileSync(record, made);
    }
    return ok(notTaken(this.wanted, parseConfiguration(fs.readFileSync(config, 'utf8'))));
  }

  private async compile(): Promise<Result<null, ExecutionFailure>> {
    const output = new BuildOutput(this.tree, this.out);
    const isFirst = !fs.existsSync(join(this.out, 'vmlinux'));
    const config = fs.readFileSync(join(this.out, '.config'), 'utf8');
    const planned = isFirst ? await this.plan(config) : null;
    // What an interrupted build made is not made again.
    const missing = planned && new Set([...planned].filter((object) => !fs.existsSync(join(this.out, object))));
    const count = new ObjectCount(missing);
    const result = await this.run(['KCFLAGS=-g1', ...goals], (line) => {
      count.take(line);
      const text = output.take(line);
      if (text !== null) this.handling.onProgress?.({ phase: 'compile', ...count.progress, text });
    });
    if (result.code === 0) {
      if (isFirst) this.plans.write(config, new Set([...(planned ?? []), ...count.objects]));
      return ok(null);
    }
    const problems = output.end();
    const first = problems.find(({ severity }) => severity === 'error');
    const reason = first ? `${first.file}:${first.line}: ${first.message}` : (output.remarks[0] ?? lastWords(result));
    return notExecutable(`the kernel could not be built: ${reason}`, problems);
  }

  /**
   * The objects of a first build: those of the last one of the same configuration, or those that make says it would make. That is
   * asked once a configuration, and does not tell what is made of the linked kernel. null where it is not known.
   */
  private async plan(config: string): Promise<ReadonlySet<string> | null> {
    const known = this.plans.read(config);
    if (known) return known;
    const { onProgress } = this.handling;
    const output = new BuildOutput(this.tree, this.out);
    // Without it make knows nothing of the kernel's own folders. What goes wrong here goes wrong in the build, which tells it.
    const { code } = await this.run(['KCFLAGS=-g1', 'prepare'], (line) => {
      const text = output.take(line);
      if (text !== null) onProgress?.({ phase: 'configure', done: 0, total: null, text });
    });
    if (code !== 0) return null;
    onProgress?.({ phase: 'count', done: 0, total: null, text: 'the objects to build' });
    const objects = new Set<string>();
    const take = (line: string): void => {
      const object = plannedObject(line);
      if (object !== null) objects.add(object);
    };
    // It ends with an error, as nothing can be linked that was not made.
    await this.run(['-n', '-k', 'KCFLAGS=-g1', ...goals], take, true);
    if (objects.size === 0) return null;
    this.plans.write(config, objects);
    return objects;
  }

  private async compileModule(): Promise<Result<null, ExecutionFailure>> {
    const folder = join(this.out, 'canary');
    fs.mkdirSync(folder, { recursive: true });
    for (const [name, text] of this.module.files) {
      const path = join(folder, name);
      if (!fs.existsSync(path) || fs.readFileSync(path, 'utf8') !== text) fs.writeFileSync(path, text);
    }
    const result = await this.run(['KCFLAGS=-g1', `M=${folder}`, 'modules']);
    return result.code === 0 ? ok(null) : notExecutable(`the canary's module could not be built: ${lastWords(result)}`);
  }

  private async layouts(): Promise<Layouts> {
    const { probes, folder } = this.source;
    if (probes === undefined) return {};
    return readLayouts(join(this.out, 'layouts'), join(this.tree, folder), wantedLayouts(probes), (parts, onLine) =>
      this.run(parts, onLine),
    );
  }

  private async run(parts: readonly string[], onLine?: (line: string) => void, quiet = false): Promise<RunResult> {
    const { signal, onOutput } = this.handling;
    const parameters = ['-C', this.tree, `O=${this.out}`, `-j${availableParallelism() + 1}`, ...parts];
    onOutput?.(`make ${parameters.join(' ')}`);
    const result = await runProcess('make', parameters, {
      signal,
      // The caller's own flags would reach this make.
      env: { MAKEFLAGS: '', KBUILD_BUILD_TIMESTAMP: '@0', KBUILD_BUILD_USER: 'review', KBUILD_BUILD_HOST: 'guest' },
      onLine: (line) => {
        if (!quiet) onOutput?.(line);
        onLine?.(line);
      },
    });
    signal?.throwIfAborted();
    return result;
  }
}

/** What a full disk comes to; throws again what else was thrown. */
function diskFull(error: unknown): Failed<ExecutionFailure> {
  if ((error as NodeJS.ErrnoException | null)?.code !== 'ENOSPC') throw error;
  const where = (error as NodeJS.ErrnoException).path;
  return notExecutable(`no space left on the disk${where === undefined ? '' : ` of ${dirname(where)}`}; a build needs about 2 GB`);
}

/** The same for trees with the same options, so that a configuration never depends on those that were built before. */
function kconfigOf({ stamps, files }: TreeContents): string {
  const isKconfig = ([path]: readonly [string, unknown]): boolean => /(^|\/)Kconfig[^/]*$/.test(path);
  const entries = [...[...stamps].filter(isKconfig), ...Object.entries(files).filter(isKconfig)];
  return digest(...entries.map(([path, what]) => `${path}\0${what ?? '\0'}`)).slice(0, 24);
}
