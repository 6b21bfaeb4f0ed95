// The runtimes that come with an installation: one a subsystem.
import type { InputProblem } from '../model/problem.js';
import { failed, ok, type Result } from '../model/result.js';
import type { SourceTree } from '../model/source.js';
import type { Subsystem } from '../model/subsystem.js';
import { diskTree } from '../patch/disk-tree.js';
import { readKernel, readRuntime, type Runtime } from '../scenario/runtime.js';
import { readSubsystems } from '../scenario/subsystem.js';

/** Each runtime is read when it is asked for, and once. */
export class Runtimes {
  private kernelRead: Pick<Runtime, 'prelude' | 'problems'> | undefined;
  private readonly read = new Map<string, Runtime>();

  constructor(
    private readonly folder: SourceTree,
    /** By name; at least one. */
    readonly subsystems: readonly [Subsystem, ...Subsystem[]],
  ) {}

  /** The headers, words and bundled scenarios of a subsystem. */
  of(subsystem: Subsystem): Runtime {
    const runtime = this.read.get(subsystem.name) ?? readRuntime(this.folder, subsystem);
    this.read.set(subsystem.name, runtime);
    return runtime;
  }

  /** The model of the kernel by itself, which those of the subsystems stand on. */
  get kernel(): Pick<Runtime, 'prelude' | 'problems'> {
    return (this.kernelRead ??= readKernel(this.folder));
  }

  get all(): readonly Runtime[] {
    return this.subsystems.map((each) => this.of(each));
  }
}

/** The runtimes of the installed folder `runtime/`; or why there are none. A subsystem whose file is wrong spoils them all. */
export function installedRuntimes(model: string): Result<Runtimes> {
  const wrong = (message: string): InputProblem => ({ where: model, message, severity: 'error' });
  const opened = diskTree(model);
  if (!opened.ok) return failed(wrong(`the model of the kernel ${opened.failure.message}`));
  const { subsystems, problems } = readSubsystems(opened.value);
  const [problem] = problems;
  if (problem !== undefined) return failed(problem);
  const [first, ...others] = subsystems;
  if (first === undefined) return failed(wrong('no folder in it has a subsystem.yaml; the installation is not complete'));
  return ok(new Runtimes(opened.value, [first, ...others]));
}
