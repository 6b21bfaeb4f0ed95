// Assertions, the kernel's log and tracepoints.
import { argumentsFrom } from './variable-arguments.js';
import type { Intrinsic, IntrinsicCall, IntrinsicTable, Machine } from './machine.js';
import { each, given, isIndeterminate, isTrue, joined, nothing, written, type IntrinsicBody } from './values.js';

/** KERN_SOH: what follows it in a format is the log level (include/linux/kern_levels.h). */
const startOfHeader = '\u0001';

/** What printf would make of the arguments from `at` on, without a log level and the end of the line. */
function formatted(m: Machine, call: IntrinsicCall, at: number, listed: boolean): string {
  const text = m.format(m.text(given(call, at)), argumentsFrom(m, call, at + 1, listed)).trimEnd();
  return text.startsWith(startOfHeader) ? text.slice(2) : text;
}

/** Reports `message` where the condition is true, and answers that. */
function warnWhere(m: Machine, call: IntrinsicCall, message: () => string): number {
  const condition = given(call, 0);
  if (isIndeterminate(condition)) m.report('uninitialised', `${written(call, 0)} has no value yet`);
  if (!isTrue(condition)) return 0;
  m.report('warning', message(), { goesOn: true });
  return 1;
}

const warnsOn = (name: string): IntrinsicBody => {
  return (m, call) => warnWhere(m, call, () => `${name}(${written(call, 0)})`);
};

/** With a message, `WARN(condition, format, ...)`: the format as it is, so that a warning reads the same wherever it comes up. */
const warns = (name: string, at: number): IntrinsicBody => {
  return (m, call) => warnWhere(m, call, () => `${name}(${written(call, 0)}): ${m.text(given(call, at)).trimEnd()}`);
};

const bugsOn = (name: string): IntrinsicBody => {
  return (m, call) => {
    if (isTrue(given(call, 0))) m.report('bug', `${name}(${written(call, 0)})`);
  };
};

/** Nothing after it runs. */
const ends = (name: string): IntrinsicBody => {
  return (m, call) => m.report('bug', name === 'panic' ? `panic: ${m.text(given(call, 0)).trimEnd()}` : `${name}()`);
};

const assertions: IntrinsicTable = joined(
  each(
    `WARN_ON WARN_ON_ONCE WARN_ON_SMP VM_WARN_ON VM_WARN_ON_ONCE VFS_WARN_ON VFS_WARN_ON_ONCE WARN_ON_FUNCTION_MISMATCH
     DEBUG_LOCKS_WARN_ON`,
    warnsOn,
  ),
  each('VFS_WARN_ON_INODE VM_WARN_ON_FOLIO VM_WARN_ON_ONCE_FOLIO VM_WARN_ON_ONCE_PAGE', warnsOn),
  each('WARN WARN_ONCE VM_WARN VM_WARN_ONCE WARN_TAINT', (name) => warns(name, name === 'WARN_TAINT' ? 2 : 1)),
  // The rate is no concern of a single path.
  each('WARN_RATELIMIT', (name) => warns(name, 1)),
  each('BUG_ON VM_BUG_ON VM_BUG_ON_PAGE VM_BUG_ON_FOLIO VFS_BUG_ON VFS_BUG_ON_INODE', bugsOn),
  each('BUG panic do_exit make_task_dead kthread_complete_and_exit', ends),
);

const prints = (at: number): IntrinsicBody => {
  return (m, call) => m.print(() => formatted(m, call, at, false));
};

/** What takes arguments off a list does so whether anybody reads the log or not. */
const printsListed: IntrinsicBody = (m, call) => {
  const text = formatted(m, call, 0, true);
  m.print(() => text);
};

const levels = ['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug', 'devel', 'cont'];

const logging: IntrinsicTable = joined(
  each('printk printk_once printk_ratelimited printk_deferred _printk', () => prints(0)),
  ...levels.map((level) => each(`pr_${level} pr_${level}_once pr_${level}_ratelimited`, () => prints(0))),
  ...['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'dbg'].map((level) =>
    each(`dev_${level} dev_${level}_once dev_${level}_ratelimited`, () => prints(1)),
  ),
  { dump_stack: (m) => m.print(() => 'dump_stack()'), trace_printk: prints(0) },
  each('vprintk', () => printsListed),
  each('print_hex_dump print_hex_dump_debug print_hex_dump_bytes', () => nothing),
  each('__ratelimit', () => () => 1),
);

/** Assertions and the log. */
export const reports = joined(assertions, logging);

/** A tracepoint of that name: its arguments as they are. */
export function tracepoint(name: string): Intrinsic {
  return (m, call) => {
    m.print(() => `${name}(${call.texts.map((text, at) => `${text.trim()}=${shown(call, at)}`).join(', ')})`);
    return undefined;
  };
}

function shown(call: IntrinsicCall, at: number): string {
  const value = given(call, at);
  if (isIndeterminate(value)) return '?';
  return value >= 4096 && call.types[at]?.kind === 'pointer' ? `0x${value.toString(16)}` : value.toString();
}
