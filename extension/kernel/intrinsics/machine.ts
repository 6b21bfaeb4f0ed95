// What an intrinsic may do to the simulated machine. Everything it keeps is kept in the machine's memory, through this
// interface, so that a path can be undone, a state compared and a race seen.
import type { SimulationErrorKind } from '../../model/simulation.js';
import type { CType } from '../../syntax/ast.js';

/**
 * An integer or an address. A number wherever it is a safe integer, else a bigint; in the range of its C type. Pointers
 * are signed 64-bit: NULL is 0, ERR_PTR(-EIO) is -5, other addresses are positive. NaN is an indeterminate value.
 */
export type Value = number | bigint;

/** Answered by an intrinsic that can't go on now: its call is undone, and done again when another thread has moved. */
export const blocked = Symbol('blocked');

export interface Allocation {
  readonly bytes: number;
  /** The C type, where the call names it. */
  readonly type: CType | null;
  /** For people: `fuse_backing`, or what allocated it. */
  readonly name: string;
  /** Bytes begin as 0, else as indeterminate. */
  readonly zeroed: boolean;
  /** What has to free it: `kmalloc`, `kmem_cache`, `vmalloc`, ... */
  readonly by: string;
}

/** The next argument of a format, which has so many bytes; indeterminate where there is none. */
export type NextArgument = (bytes: 4 | 8) => Value;

/** How a thread that stands in a queue will sleep there; `awake`: it comes back from schedule() at once. */
export type Sleep = 'awake' | 'until woken' | 'until woken or signalled';

/** A call that is put off. */
export interface Deferred {
  readonly when: 'grace-period' | 'work' | 'timer' | 'rest';
  readonly fn: Value;
  readonly argument: Value;
}

/** What of what is deferred is waited for: one call of it, or all callbacks of RCU. */
export interface Awaited {
  readonly call: { readonly fn: Value; readonly argument: Value } | 'callbacks of RCU';
  /** Also what has not begun. */
  readonly queued: boolean;
}

export interface Machine {
  /** The running thread, 0-based. */
  readonly thread: number;
  /** Reads memory. Bad addresses, freed and indeterminate memory are reported by the machine. */
  load(address: Value, bytes: 1 | 2 | 4 | 8, signed: boolean): Value;
  store(address: Value, bytes: 1 | 2 | 4 | 8, value: Value): void;
  fill(address: Value, byte: number, bytes: number): void;
  copy(to: Value, from: Value, bytes: number): void;
  /** Where the arguments begin that the running function was given beyond its parameters; null where it takes none. */
  restArguments(): number | null;
  /** The zero-terminated string at an address, or `?` where there is none. */
  text(address: Value): string;
  /**
   * State that C doesn't see, kept with the memory at `address` (an idr's entries, a lock's owner): gone when that memory
   * is freed or filled. undefined where nothing was put. Reads and writes count as accesses, as of a field of its own.
   */
  hidden(address: Value, key: string): Value | undefined;
  setHidden(address: Value, key: string, value: Value | undefined): void;
  /** Reports a bad or freed address and returns false; `what` names the use, such as `idr_find()`. */
  usable(address: Value, what: string): boolean;

  /** The address of new memory. Never fails by itself: ask `fails` first. */
  allocate(allocation: Allocation): number;
  /** Bytes of the memory that begins there; undefined where none does. */
  bytesAt(address: Value): number | undefined;
  /** Frees it now, or after a grace period; NULL is nothing. Reports a double free and an address that is no beginning. */
  free(address: Value, options: { readonly by: string; readonly afterGracePeriod?: boolean }): void;
  /**
   * Calls `function` (an address) with `argument` later: after a grace period, or when its time has come, which is at any time. While
   * threads run, a thread of its own does it; else, and at `rest` in any case, it is done as soon as nothing else runs.
   */
  later(when: Deferred['when'], fn: Value, argument: Value): void;
  /** Takes off the first `later` of a kind that nothing holds back and no thread of its own does, for the model to call. */
  takeLater(when: Deferred['when']): Deferred | undefined;
  /** Takes back a `later` that has not begun; says whether there was one. */
  cancelLater(fn: Value, argument: Value): boolean;
  /** Whether a `later` has not begun (`queued`), or is being done. */
  isDeferred(fn: Value, argument: Value): 'queued' | 'runs' | null;
  /** Whether other threads run, so that what is deferred is done by threads of its own. */
  readonly amongThreads: boolean;
  /**
   * Waits until nothing of that kind is being done, and nothing is `queued` where that is said too; `what` is told where this
   * thread would wait for itself.
   */
  awaitDeferred(which: Awaited, what: string): typeof blocked | 0;

  /** A fallible call: true on the paths on which it fails. `name` is the call's, numbered as it comes. */
  fails(name: string): boolean;
  /** A free input: 0 to count-1, each on a path of its own. */
  choose(name: string, count: number): number;

  /** Enters and leaves sections in which this thread must not sleep; `what` is told when it does. */
  enterAtomic(what: string): void;
  leaveAtomic(what: string): void;
  /** This thread may sleep here: reported in atomic context. */
  sleeps(what: string): void;
  /**
   * A round of a wait for a wake-up of `queue` (an address): the first returns, for the condition to be looked at once more, and
   * the next sleeps until a wake-up comes. Use: `return m.waitOn(queue)`. `stands`: others may ask whether somebody waits.
   */
  waitOn(queue: Value, stands?: boolean): typeof blocked | 0;
  /** This thread stands in a queue from now on, and what wakes it up comes after now. */
  standIn(queue: Value, sleep: Sleep): void;
  /** It stands in the queue no more. */
  leaveQueue(queue: Value): void;
  /** Sleeps until the queue in which it stands is woken; null where it stands in none, or is not to sleep. */
  sleepInQueue(): typeof blocked | 0 | null;
  /** Whether it stands in a queue and has been woken since, or is not to sleep there. */
  isWoken(): boolean;
  /** How it sleeps from now on, in the queue where it stands; wake-ups count from now. */
  prepareSleep(sleep: Sleep): void;
  /** Whether somebody stands in a queue. */
  isWaitedOn(queue: Value): boolean;
  wake(queue: Value, all: boolean): void;
  /** Readers of RCU: nesting is counted. `leave` without `enter` is reported. */
  enterReader(): void;
  leaveReader(): void;
  readonly inReader: boolean;
  /** Waits until all readers that have begun have ended. */
  waitForReaders(): typeof blocked | 0;
  /** A lock is held by one thread, or by several that share it; for imbalance, deadlock and race detection. */
  acquire(lock: Value, mode: 'exclusive' | 'shared', what: string): typeof blocked | 0;
  tryAcquire(lock: Value, mode: 'exclusive' | 'shared', what: string): boolean;
  release(lock: Value, mode: 'exclusive' | 'shared', what: string): void;
  holds(lock: Value): boolean;
  /**
   * Whoever calls this goes into a structure, to change it or to look at it, and comes out when its step is done. Two that can be
   * inside at once, one of them to change it, are an error: nothing keeps them apart. Nothing is checked of what the model itself
   * does, which stands for code that has locks of its own, nor of who looks at it as a reader of RCU.
   */
  goesInto(structure: Value, kind: 'index' | 'list', mode: 'changes' | 'looks', what: string): void;
  /** Reads a pointer without telling anybody, for what C does not do; undefined where nothing can be read. */
  glance(address: Value): Value | undefined;

  capable(capability: number): boolean;
  /** An error of the tree's code, at the running instruction. The path ends unless `goesOn`. */
  report(kind: SimulationErrorKind, message: string, options?: { readonly goesOn?: boolean }): void;
  /** A line of the kernel's log or a tracepoint, shown in the trace. */
  print(text: () => string): void;
  /** printf's format with its arguments, as the kernel prints it. */
  format(format: string, next: NextArgument): string;
  /** Something was taken to be so; listed with the result. */
  assume(kind: 'callee' | 'construct' | 'constant' | 'type', name: string, assumed: string): void;
}

export interface IntrinsicCall {
  /** Evaluated arguments; for a type argument 0. */
  readonly values: readonly Value[];
  /** For a type argument (`kmalloc_obj(struct x)`) that type; for others what the expression points to or is, where known. */
  readonly types: readonly (CType | null)[];
  /** As written in the source, for messages and for member names such as `kfree_rcu(fb, rcu)`. */
  readonly texts: readonly string[];
  /** Bytes of a type by the machine's layout; undefined where it isn't known. */
  sizeOf(type: CType): number | undefined;
  /** Width and sign of an integer type; undefined for what is none. */
  integerOf(type: CType): { readonly bits: number; readonly signed: boolean } | undefined;
  /** How a scalar is kept in memory; undefined for records and arrays. */
  scalarOf(type: CType): { readonly bytes: 1 | 2 | 4 | 8; readonly signed: boolean } | undefined;
  /** Bytes from a record's beginning to its member; undefined where it isn't known. */
  offsetOf(type: CType, member: string): number | undefined;
}

/** The result (nothing for void), or `blocked`. Runs as one step that no other thread sees half done. */
export type Intrinsic = (m: Machine, call: IntrinsicCall) => Value | typeof blocked | undefined;

export type IntrinsicTable = Readonly<Record<string, Intrinsic>>;
