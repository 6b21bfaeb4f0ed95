// What make, compilers, linkers and kconfig print, as steps, as problems in the tree's files, and as why a build failed.
import { withoutEscapes } from './log-lines.js';
import type { RunResult } from './processes.js';
import type { BuildProblem } from './request.js';
import { treePath } from './source-paths.js';

/** A step that kbuild tells of: `  CC [M]  fs/fuse/backing.o`. */
export interface BuildStep {
  /** `CC`, `LD`, `AR`, `HOSTCC`, ... */
  readonly command: string;
  /** What is made, relative to the build's folder. */
  readonly target: string;
}

const step = /^ {2}([A-Z][A-Z0-9_]*)(?: \[[A-Z]\])? +(\S+)$/;

/** The step that a line of kbuild's short output names; undefined for any other line. */
export function buildStep(line: string): BuildStep | undefined {
  const [, command, target] = step.exec(withoutEscapes(line)) ?? [];
  return command === undefined || target === undefined ? undefined : { command, target };
}

const mostProblems = 500;
const mostRemarks = 20;

// gcc and clang; a column may be missing, and clang says `fatal error` as gcc does.
const diagnostic = /^(?:\S*\bld(?:\.\w+)?: )?([^\s:][^:]*):(\d+)(?::(\d+))?: ?(fatal error|error|warning|note): ?(.*)$/;
// ld with debugging information: `file.c:12: undefined reference to 'x'`, with the linker's name before it or not.
const linker = /^(?:\S*\bld(?:\.\w+)?: )?([^\s:][^:]*\.[cShH]):(\d+): (undefined reference to .*|multiple definition of .*)$/;
// scripts/kconfig/: `fs/fuse/Kconfig:12: syntax error`.
const kconfig = /^([^\s:]*Kconfig[^\s:]*):(\d+): ?(.+)$/;
// GNU make on a makefile of the tree: `fs/fuse/Makefile:12: *** missing separator.  Stop.`
const makefile = /^([^\s:]*(?:Makefile|Kbuild)[^\s:]*):(\d+): \*\*\* (.*)$/;
// Where there is no line to point to.
const placeless =
  /^(?:ERROR: modpost: |make(?:\[\d+\])?: \*\*\* (?!.*Error \d+$|.*Waiting for unfinished)|(?:\S*\bld(?:\.\w+)?|collect2|as|gcc|clang|\S*-gcc|objtool|cc1|\S*sh): |.*: (?:No space left on device|Killed|command not found|not found)$|\*\*\* |error: |\S*error: |\S+\.o: in function |\S+\.[oac]:\(\.\S+\): )/i;

/** Collects what a build prints, a line at a time. */
export class BuildOutput {
  private readonly found: BuildProblem[] = [];
  private readonly said: string[] = [];
  private joining = false;

  /**
   * @param root the tree's folder, absolute, as the build was told it
   * @param build the folder of the build (`O=`), absolute
   */
  constructor(
    private readonly root: string,
    private readonly build: string,
  ) {}

  /** The problems so far, each once: a header's error comes with every file that includes it. Notes are further lines of `message`. */
  end(): BuildProblem[] {
    const seen = new Set<string>();
    return this.found.filter((problem) => {
      const key = JSON.stringify(problem);
      return !seen.has(key) && seen.add(key);
    });
  }

  /** What else tells why a build failed, without a place in the tree: of modpost, the linker, make, the shell. The first 20. */
  get remarks(): readonly string[] {
    return this.said;
  }

  /** Takes a line without its end. What it says is made now, relative to the build's folder; null where it says something else. */
  take(raw: string): string | null {
    const line = withoutEscapes(raw).trimEnd();
    const done = buildStep(line);
    if (done) {
      this.joining = false;
      return done.target;
    }
    this.read(line);
    return null;
  }

  private read(line: string): void {
    const place = diagnostic.exec(line);
    if (place) {
      const [, path = '', number = '', column, level = '', message = ''] = place;
      if (level === 'note') this.note(path, number, message);
      else this.problem({ path, number, column, severity: level === 'warning' ? 'warning' : 'error', message }, line);
      return;
    }
    const other = linker.exec(line) ?? makefile.exec(line) ?? kconfig.exec(line);
    if (other) {
      const [, path = '', number = '', text = ''] = other;
      const severity = /^warning\b/i.test(text) ? 'warning' : 'error';
      this.problem({ path, number, column: undefined, severity, message: text.replace(/^(?:warning|error): ?/i, '') }, line);
    } else if (placeless.test(line)) {
      this.joining = false;
      this.remark(line);
    }
  }

  private problem(
    found: { path: string; number: string; column: string | undefined; severity: BuildProblem['severity']; message: string },
    line: string,
  ): void {
    const file = this.below(found.path);
    this.joining = file !== null && this.found.length < mostProblems;
    if (file === null) {
      if (found.severity === 'error') this.remark(line);
      return;
    }
    if (!this.joining) return;
    const { severity, message } = found;
    this.found.push({ file, line: Number(found.number), column: Number(found.column ?? 1), severity, message });
  }

  /** A note belongs to the problem that it comes after; its own place is told in the text. */
  private note(path: string, number: string, message: string): void {
    const last = this.found.at(-1);
    if (!this.joining || !last) return;
    const place = `${this.below(path) ?? path}:${number}`;
    this.found[this.found.length - 1] = { ...last, message: `${last.message}\n${place}: ${message}` };
  }

  private below(path: string): string | null {
    return treePath(path, { root: this.root, build: this.build });
  }

  private remark(line: string): void {
    if (this.said.length < mostRemarks && !this.said.includes(line)) this.said.push(line);
  }
}

/** The lines of a failed run that say most. */
export function lastWords({ tail, failure, code }: RunResult): string {
  if (failure) return failure.message;
  const space = tail.find((line) => line.includes('No space left on device'));
  if (space !== undefined) return 'no space left on the disk of the build; it needs about 2 GB';
  const telling = tail.filter((line) => /error|\*\*\*|not found|can't|cannot/i.test(line) && !/^make(\[\d+\])?: \*\*\*/.test(line));
  return telling.at(-1)?.trim() ?? tail.at(-1)?.trim() ?? `make ended with ${code ?? 'a signal'}`;
}
