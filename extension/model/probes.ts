// What a traced run in a real kernel shows of a subsystem: which calls, and which numbers at each.

/** What can be read of an argument or a result: a number of that C type, or an address, of a structure or of anything. */
export const probedTypes = ['int', 'unsigned int', 'long', 'unsigned long', 'pointer'] as const;

export interface ProbedValue {
  /** As it is shown: `fb`. */
  readonly name: string;
  /** One of `probedTypes`, or `struct NAME` for the address of one. */
  readonly type: string;
  /** Members of that structure that are read through the address: `count`, `refs.counter`. Shown by name, `_` for a dot. */
  readonly fields: readonly string[];
}

export interface ProbedArgument extends ProbedValue {
  /** 1-based, up to the sixth: those that are passed in registers. */
  readonly index: number;
}

export interface ProbedFunction {
  readonly name: string;
  /** Read as the function begins. */
  readonly arguments: readonly ProbedArgument[];
  /** Read as it returns; null where its return is not shown. */
  readonly result: ProbedValue | null;
}

/** A tree may lack any of it. */
export interface Probes {
  /** Files of the subsystem's folder that declare the structures. */
  readonly headers: readonly string[];
  readonly functions: readonly ProbedFunction[];
  /** The kernel's trace events: a system, `fuse`, or one event of it, `fuse/fuse_request_send`. */
  readonly tracepoints: readonly string[];
}

/** The name under which a member is shown: a probe's names have no dots. */
export function shownName(field: string): string {
  return field.replaceAll('.', '_');
}
