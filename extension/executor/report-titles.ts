// The first lines of what the kernel complains of, as its sources print them: which kind each is, its title, and where its text ends.
import type { KernelReportKind } from '../model/execution.js';

/**
 * What ends a report:
 * - `cut`: `---[ end trace`, which follows `---[ cut here` and every oops;
 * - `banner`: a second line of `=`, as mm/kasan/report.c prints;
 * - `trace`: the end of the first call trace with tags, which dump_stack() prints last;
 * - `open`: nothing of its own; what follows belongs to it until something else begins;
 * - `panic`: `---[ end Kernel panic`, where the machine does not restart before.
 */
export type ReportEnd = 'cut' | 'banner' | 'trace' | 'open' | 'panic';

export interface ReportTitle {
  /** `fault`: a failure that the kernel was told to have (lib/fault-inject.c); nothing is wrong. */
  readonly kind: KernelReportKind | 'fault';
  /** The part in `( )` is the title. */
  readonly pattern: RegExp;
  readonly end: ReportEnd;
  /** The instruction that it happened at is part of the title, though the kernel prints it further down. */
  readonly at?: true;
  /** In a report that ends with `cut`, a line of greater rank than the title goes on with the same: `refcount_t: …`, then `WARNING: …`. */
  readonly rank: number;
}

/** In order: the first that matches a line is taken. */
const reportTitles: readonly ReportTitle[] = [
  { kind: 'fault', pattern: /^FAULT_INJECTION: (forcing a failure)/, end: 'trace', rank: 0 },
  { kind: 'kasan', pattern: /^BUG: (KASAN: .*)/, end: 'banner', rank: 0 },
  { kind: 'ubsan', pattern: /^(UBSAN: .*)/, end: 'cut', rank: 0 },
  { kind: 'refcount', pattern: /^(refcount_t: .*?)\.?$/, end: 'cut', rank: 0 },
  { kind: 'list', pattern: /^((?:slab )?(?:list_(?:add|del)|hlist_\w+) (?:double add|corruption).*)/, end: 'cut', rank: 0 },
  { kind: 'debug-objects', pattern: /^(ODEBUG: (?!Out of memory|selftest|\d+ of).*)/, end: 'cut', rank: 0 },

  // kernel/sched/core.c and kernel/rcu/tree_plugin.h.
  { kind: 'atomic-sleep', pattern: /^BUG: (sleeping function called from invalid context.*)/, end: 'trace', rank: 1 },
  { kind: 'atomic-sleep', pattern: /^BUG: (scheduling (?:while atomic|in a non-blocking section).*)/, end: 'trace', rank: 1 },
  { kind: 'atomic-sleep', pattern: /^BUG: (assuming (?:atomic|non migratable) context.*)/, end: 'trace', rank: 1 },
  { kind: 'atomic-sleep', pattern: /^(Voluntary context switch within RCU read-side critical section!)/, end: 'cut', rank: 0 },

  // kernel/locking/lockdep.c and rtmutex; the banner is printed before, the call trace last.
  {
    kind: 'lockdep',
    pattern:
      /^WARNING: (possible (?:circular locking|recursive locking|irq lock inversion).*|inconsistent lock state|chain_key collision|.*-safe -> .*-unsafe lock order detected|Nested lock was not taken|bad (?:unlock balance|contention) detected!|held lock freed!|suspicious RCU usage.*|.* still has locks held!|lock held when returning to user space!)$/,
    end: 'trace',
    rank: 1,
  },
  { kind: 'lockdep', pattern: /^(?:\[ )?BUG: (Invalid wait context)/, end: 'trace', rank: 1 },
  { kind: 'lockdep', pattern: /^(DEBUG_LOCKS_WARN_ON\(.*\))/, end: 'cut', rank: 1 },

  { kind: 'hung-task', pattern: /^INFO: (task .* blocked (?:in I\/O wait )?for more than .*)/, end: 'open', rank: 1 },
  { kind: 'soft-lockup', pattern: /^(?:watchdog: )?BUG: (soft lockup.*)/, end: 'trace', rank: 1 },
  { kind: 'soft-lockup', pattern: /^(?:watchdog: .*)?(Watchdog detected hard LOCKUP.*)/i, end: 'trace', rank: 1 },
  { kind: 'soft-lockup', pattern: /^BUG: (workqueue lockup.*)/, end: 'open', rank: 1 },
  { kind: 'rcu-stall', pattern: /^(?:rcu: )?INFO: (\w+ (?:self-detected stall|detected (?:expedited )?stalls?).*)/, end: 'open', rank: 1 },

  // arch/x86/mm/fault.c, arch/x86/kernel/traps.c and dumpstack.c.
  { kind: 'oops', pattern: /^BUG: (kernel NULL pointer dereference)/, end: 'cut', at: true, rank: 1 },
  { kind: 'oops', pattern: /^BUG: (unable to handle .*)/, end: 'cut', at: true, rank: 1 },
  { kind: 'oops', pattern: /^BUG: (.*stack guard page was hit)/, end: 'cut', at: true, rank: 1 },
  { kind: 'oops', pattern: /^(?:traps: )?PANIC: (double fault)/, end: 'cut', at: true, rank: 1 },
  { kind: 'bug', pattern: /^(kernel BUG at .*)/, end: 'cut', rank: 1 },
  { kind: 'oops', pattern: /^(?:Oops: )?(general protection fault)/, end: 'cut', at: true, rank: 2 },
  { kind: 'oops', pattern: /^(Oops): (?:Oops: )?[0-9a-f]{4} \[#\d+\]/, end: 'cut', at: true, rank: 3 },
  { kind: 'oops', pattern: /^(?:Oops: )?([a-z][\w -]*): [0-9a-f]{4} \[#\d+\]/, end: 'cut', at: true, rank: 3 },

  { kind: 'warning', pattern: /^(WARNING: (?:CPU: \d+ PID: \d+ )?(?:at )?(?:\S+:\d+ )?(?:at )?\S+\+0x.*)/, end: 'cut', rank: 4 },
  { kind: 'bug', pattern: /^BUG:? (?!MAX_)(\S.*)/, end: 'trace', rank: 4 },
  { kind: 'panic', pattern: /^(Kernel panic - not syncing: .*)/, end: 'panic', rank: 5 },
];

/** Reasons to panic because of what was reported before: kernel/panic.c, arch/x86/kernel/dumpstack.c, kernel/exit.c and the watchdogs. */
const consequentPanic =
  /^Kernel panic - not syncing: (?:.*panic_on_\w+ set|.*warned too often|Fatal exception|kasan\.fault=|Attempted to kill (?:init|the idle task)!|Aiee, killing interrupt|Oopsed too often|hung_task:|softlockup:|[Hh]ard LOCKUP|RCU Stall|UBSAN:|can't return from __builtin_unreachable)/;

/** Whether a panic is the end of what was reported before it. Init that ends by itself is no consequence of a warning, only of a crash. */
export function followsFrom(panic: string, before: ReportTitle['kind'] | undefined): boolean {
  if (!consequentPanic.test(panic) || before === 'fault' || before === 'panic') return false;
  return !/Attempted to kill|Aiee|Oopsed/.test(panic) || before === 'oops' || before === 'bug';
}

/** The title that a line begins or refines a report with; undefined for any other line. */
export function titleOf(text: string): ReportTitle | undefined {
  return reportTitles.find(({ pattern }) => pattern.test(text));
}

/**
 * The title as it is shown: without `BUG: `, addresses, processors and tasks, in the form of 7.x where releases differ
 * (`WARNING: CPU: 0 PID: 1 at FILE:LINE` was made `WARNING: FILE:LINE at` there).
 */
export function shownTitle(title: ReportTitle, text: string): string {
  const said = title.pattern.exec(text)?.[1] ?? text;
  return said
    .replace(/^WARNING: CPU: \d+ PID: \d+ at (\S+:\d+) (?=\S)/, 'WARNING: $1 at ')
    .replace(/^WARNING: CPU: \d+ PID: \d+ at /, 'WARNING: at ')
    .replace(/, CPU#\d+: .*$/, '')
    .replace(/ - CPU#\d+/, '')
    .replace(/\b(?:0x)?[0-9a-f]{16}\b/g, '…')
    .replace(/ \[([\w.-]+) [0-9a-f]{8,}\]/g, ' [$1]')
    .replace(/(?: for)? address: ….*$/, '')
    .trimEnd();
}

/** What stays of a title while lines, addresses, sizes, times and tasks change. */
export function lastingTitle(title: string): string {
  return title
    .replace(/^[A-Z]+: /, '')
    .replace(/(?:\.(?:constprop|isra|part|cold)(?:\.\d+)*)+(?=\+)/g, '')
    .replace(/\+0x[0-9a-f]+\/0x[0-9a-f]+/g, '')
    .replace(/\[(?:[^\]\s]+:)?\d+\]/g, '')
    .replace(/^task .*? blocked/, 'task blocked')
    .replace(/while atomic: .*/, 'while atomic')
    .replace(/:\d+(?::\d+)?(?=\D|$)/g, '')
    .replace(/\b(?:0x[0-9a-f]+|\d+(?=s?\b))/g, 'N')
    .replace(/[!\s]+$/, '');
}
