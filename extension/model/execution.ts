// What a run in a real kernel says: what each step answered, what the kernel complained of, and whether that agrees with the simulator.
import type { Scenario } from './scenario.js';
import type { SimulationTrace } from './simulation.js';
import type { LineNumber } from './source.js';

/** What a kernel is built for: to notice what is wrong, or to show every call. */
export const kernelProfiles = ['verdict', 'trace'] as const;
export type KernelProfile = (typeof kernelProfiles)[number];

export const kernelReportKinds = [
  'kasan',
  'ubsan',
  'refcount',
  'list',
  'warning',
  'bug',
  'oops',
  'panic',
  'lockdep',
  'atomic-sleep',
  'debug-objects',
  'hung-task',
  'soft-lockup',
  'rcu-stall',
  'kmemleak',
] as const;
export type KernelReportKind = (typeof kernelReportKinds)[number];

/** One line of a call trace; an inlined call has a frame of its own, above the function that it was inlined into. */
export interface KernelFrame {
  readonly function: string;
  /** Bytes from the function's beginning, and its size; null where the line did not say. */
  readonly offset: number | null;
  readonly size: number | null;
  /** null: built in. */
  readonly module: string | null;
  readonly inlined: boolean;
  /** False where the kernel's unwinder marks it with `?`. */
  readonly sure: boolean;
  /** Below the tree's root, `/` between folders; 1-based line. null where it isn't known. */
  readonly at: { readonly file: string; readonly line: LineNumber } | null;
}

export interface KernelReport {
  readonly kind: KernelReportKind;
  /** As the kernel says it, without addresses: `KASAN: slab-use-after-free in fuse_backing_get+0x1c/0x80`. */
  readonly title: string;
  /** The same for the same flaw while lines and addresses shift: kind and functions. */
  readonly id: string;
  /** Of the task that it was noticed in, innermost first. */
  readonly frames: readonly KernelFrame[];
  /** More call traces: where memory was allocated and freed, who holds which lock. */
  readonly related: readonly { readonly title: string; readonly frames: readonly KernelFrame[] }[];
  /** Lines of the log, without time stamps. */
  readonly text: string;
  /** Seconds since boot, by the kernel's clock; null without a stamp. */
  readonly seconds: number | null;
  /** 0-based index of its first line in the log. */
  readonly line: number;
  /** Index into `operations`, or -1 where it came up in setup, teardown or later. */
  readonly operation: number;
}

/** A function of the tree that was called while an operation ran. */
export interface KernelEvent {
  /** Seconds since boot. */
  readonly seconds: number;
  /** The probe's or tracepoint's name, such as `fuse_backing_get`. */
  readonly name: string;
  /** By name: `{ fb: '0xffff888004f0a2c0', count: '2' }`. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface ExecutedOperation {
  /** As a person writes it: `backing-close(id=1)`. */
  readonly text: string;
  readonly actor: string;
  /** 0-based; 0 is the main thread. */
  readonly thread: number;
  /** 1-based line in the scenario; 0 where generated. */
  readonly line: LineNumber;
  /** What the kernel answered; negative error numbers. null where it did not end, or was left out because what it refers to had failed. */
  readonly answer: number | null;
  /** The same in words: a number, `-EBUSY`, `left out`, `did not end`. */
  readonly answerText: string;
  readonly events: readonly KernelEvent[];
}

/** A failure that the kernel was told to have, by fail-nth. */
export interface KernelFault {
  /** Index into `operations`. */
  readonly operation: number;
  /** 1-based among the points at which the operation can fail. */
  readonly nth: number;
  /** What failed: `failslab`, `fail_usercopy`; empty where the operation has fewer points. */
  readonly name: string;
  /** Who asked, innermost first. */
  readonly frames: readonly KernelFrame[];
}

/** Whether what should be noticed was noticed, in this very kernel, after the scenario. */
export interface CanaryResult {
  /** `use-after-free`, `leak`, `refcount`, `warning`, ... */
  readonly name: string;
  readonly expected: KernelReportKind;
  readonly seen: boolean;
}

/** One operation, as the simulator and the kernel answered it. */
export interface AgreementRow {
  readonly operation: string;
  /** All answers that the simulator has for it, over all interleavings of the same faults. */
  readonly simulated: readonly string[];
  readonly executed: string;
  /** True also for what was not compared. */
  readonly agrees: boolean;
  /** False where the simulated path ended before it; absent for true. */
  readonly compared?: boolean;
}

export interface Agreement {
  readonly verdict: 'agrees' | 'disagrees' | 'not compared';
  /** Why it was not compared, or what is to be known besides the rows; null for nothing. */
  readonly reason: string | null;
  readonly rows: readonly AgreementRow[];
  /** The simulator's path that comes closest, where the two disagree; its shortest way to an error, where the kernel found one too. */
  readonly trace: SimulationTrace | null;
}

export interface ExecutionResult {
  readonly scenario: Scenario;
  /** The tree's label. */
  readonly tree: string;
  readonly profile: KernelProfile;
  /** `unknown`: nothing was seen, but what watches did not see its canary either, or the run did not end. */
  readonly verdict: 'no error' | 'errors' | 'unknown' | 'not run';
  /** Why it is `unknown` or `not run`; null otherwise. */
  readonly reason: string | null;
  readonly fault: KernelFault | null;
  /** How often the scenario was run in this kernel; the answers are those of the first time. */
  readonly repeated: number;
  readonly operations: readonly ExecutedOperation[];
  /** What all operations answered in other rounds, by operation; each different combination once. Absent for none. */
  readonly variants?: readonly (readonly (number | null)[])[];
  /** Each different one once, first seen first. */
  readonly reports: readonly KernelReport[];
  readonly canaries: readonly CanaryResult[];
  readonly agreement: Agreement;
  /** The kernel's whole log, as a path of this machine; null where there is none. */
  readonly log: string | null;
  readonly milliseconds: number;
  /** What was assumed, could not be had or is to be known: the machine, options that the tree did not take. */
  readonly notes?: readonly string[];
}

export type ExecutionPhase = 'prepare' | 'configure' | 'count' | 'compile' | 'boot' | 'run';

export interface ExecutionProgress {
  readonly phase: ExecutionPhase;
  /** Steps done and, where known, all there are: files compiled, scenarios run. */
  readonly done: number;
  readonly total: number | null;
  /** What is being done, in a few words: `fs/fuse/backing.o`, a scenario's name. */
  readonly text: string;
}
