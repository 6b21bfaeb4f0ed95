// Call traces as the kernel prints them, and where in one the story begins.
import type { KernelFrame } from '../model/execution.js';

/** A line of a call trace, before it is known where in the source it is. */
export interface LogFrame extends KernelFrame {
  /** The address is that of the instruction itself (`RIP:`), not the one that a call returns to. */
  readonly exact: boolean;
}

export interface CallTrace {
  readonly title: string;
  readonly frames: readonly LogFrame[];
}

// %pS and %pB: `name+0xoffset/0xsize [module buildid]`. kmemleak of older trees puts the address first.
const symbol = /([A-Za-z_.$][\w.$]*)\+0x([0-9a-f]+)\/0x([0-9a-f]+)(?: \[([^\s\]]+)(?: [0-9a-f]+)?\])?/;
const frame = new RegExp(`^\\s*(?:\\[<[0-9a-fx]+>\\] )?(\\? )?${symbol.source}\\s*$`);
const instruction = new RegExp(`^\\s*RIP: 00(?:10|08):${symbol.source}\\s*$`);
const holding = new RegExp(`^\\s*#\\d+: (?:[0-9a-f]+ )?(\\(.*), at: ${symbol.source}\\s*$`);

/** The frame that a line of a call trace, or a line with the instruction pointer of the kernel, is; undefined for any other line. */
export function frameOf(text: string): LogFrame | undefined {
  const traced = frame.exec(text);
  if (traced) return made(traced.slice(2), { sure: traced[1] === undefined, exact: false });
  const at = instruction.exec(text);
  return at ? made(at.slice(1), { sure: true, exact: true }) : undefined;
}

/** A lock of the list of those that `holder` holds, with the place that took it; undefined for any other line. */
export function heldLock(text: string, holder: string): CallTrace | undefined {
  const found = holding.exec(text);
  const [, lock = ''] = found ?? [];
  return found ? { title: `${holder} holds ${lock}`, frames: [made(found.slice(2), { sure: true, exact: false })] } : undefined;
}

function made([name = '', offset = '', size = '', module]: (string | undefined)[], more: { sure: boolean; exact: boolean }): LogFrame {
  return {
    function: name,
    offset: parseInt(offset, 16),
    size: parseInt(size, 16),
    module: module ?? null,
    inlined: false,
    at: null,
    ...more,
  };
}

/**
 * What stands above the code that is complained of: the printing, the detectors, the entry of an exception, and the allocators. Names as in
 * lib/dump_stack.c, mm/kasan/, lib/ubsan.c, lib/refcount.c, lib/list_debug.c, kernel/panic.c, kernel/locking/lockdep.c, kernel/sched/core.c,
 * mm/kmemleak.c, lib/fault-inject.c, mm/slub.c, arch/x86/kernel/ and arch/x86/entry/.
 */
const machinery: readonly RegExp[] = [
  /^(?:__)?dump_stack(?:_lvl)?$|^show_(?:stack|regs)$|^sched_show_task$|^(?:rcu|nmi)_\w*(?:dump|backtrace)\w*$|^debug_show_\w+$/,
  /^(?:__)?kasan_|^__asan_|^print_report$|^end_report$|^check_slab_allocation$|^poison_slab_object$/,
  /^(?:__)?ubsan_|^handle_overflow$/,
  /^refcount_warn_saturate$|^(?:__)?list_(?:add|del)(?:_entry)?_valid(?:_or_report)?$/,
  /^v?panic$|^__warn(?:_printk)?$|^warn_slowpath_\w+$|^(?:__)?report_bug(?:_entry)?$|^handle_bug$|^check_panic_on_warn$/,
  /^(?:__)?debug_(?:print_object|object_\w+|check_no_\w+)$/,
  /^print_\w+_bug(?:_\w+)?$|^lockdep_\w+$|^check_(?:noncircular|prev_add|prevs_add|deadlock|wait_context|irq_usage)$/,
  /^mark_(?:lock|usage|held_locks)\w*$|^valid_state$|^validate_chain$|^(?:__)?lock_(?:acquire|release|contended|acquired)$/,
  /^(?:__)?might_(?:resched|sleep|fault)$|^__schedule_bug$/,
  /^kmemleak_\w+$|^create_object$|^slab_(?:post_alloc_hook|free\w*)$/,
  /^(?:__)?(?:kmalloc|kmem_cache_alloc|kvmalloc|krealloc|pcpu_alloc)(?:_\w+)?$|^k(?:v)?free$|^kmem_cache_free\w*$/,
  /^(?:__)?should_fail\w*$|^fail_dump$/,
  /^(?:asm_)?(?:exc|sysvec)_\w+$|^__sysvec_\w+$|^(?:error|paranoid)_entry$|^ret_from_\w+$|^irq_exit_rcu$/,
  /^(?:__)?die(?:_body)?$|^do_(?:error_)?trap$|^do_(?:user|kern)_addr_fault$|^oops_(?:begin|end)$|^rewind_stack_\w+$/,
  /^rcu_sched_clock_irq$|^update_process_times$|^tick_\w+$|^(?:__)?hrtimer_\w+$|^watchdog_timer_fn$/,
];

/** What locks and waits by the request of its caller, and so is on top of many different flaws. */
const primitives =
  /^_raw_\w*lock\w*$|^(?:__)?mutex_\w+$|^(?:__)?(?:down|up)_(?:read|write)\w*$|^(?:__)?schedule(?:_\w+)?$|^__rt_mutex_\w+$/;

/** Compilers put `.constprop.0`, `.isra.0`, `.part.0` and `.cold` to names of parts and copies; the function is the name before. */
export function plainName(name: string): string {
  return name.replace(/(?:\.(?:constprop|isra|part|cold|llvm|lto_priv)(?:\.\d+)*)+$/, '');
}

function isMachinery({ function: name }: KernelFrame): boolean {
  const plain = plainName(name);
  return machinery.some((pattern) => pattern.test(plain));
}

/** The frames from the first that is sure and not the detector's own; all of them where there is no such frame. */
export function belowMachinery(frames: readonly LogFrame[]): readonly LogFrame[] {
  const first = frames.findIndex((each) => each.sure && !isMachinery(each));
  return first < 0 ? frames : frames.slice(first);
}

/** Names of the first `most` sure frames that are neither the detector's nor a lock's own: what tells flaws apart while addresses shift. */
export function telling(frames: readonly LogFrame[], most: number): string[] {
  const names = frames.filter((each) => each.sure && !isMachinery(each)).map(({ function: name }) => plainName(name));
  return names.filter((name) => !primitives.test(name)).slice(0, most);
}
