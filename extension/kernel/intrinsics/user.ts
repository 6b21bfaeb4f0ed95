// User memory, privileges, and what the model in C asks of the explorer.
import { argumentsFrom } from './variable-arguments.js';
import type { IntrinsicTable, Machine, Value } from './machine.js';
import { stringLength } from './text.js';
import { count, each, errno, given, int, isIndeterminate, joined, plus, type IntrinsicBody } from './values.js';

/** Below it there is no user memory (vm.mmap_min_addr), and an error number is no address. */
const lowestUser = 4096;

/** Whether a copy from or to user memory fails: as any may, and as one at such an address must. */
export function userFault(m: Machine, name: string, address: Value): boolean {
  return isIndeterminate(address) || address < lowestUser || m.fails(name);
}

/** Answers how many bytes were not copied. Nothing is copied of a copy that fails, but the destination of a read is zeroed. */
const copiesFrom: IntrinsicBody = (m, call) => {
  const [to, from, bytes] = [given(call, 0), given(call, 1), count(call, 2)];
  m.sleeps('copy_from_user()');
  if (bytes === 0) return 0;
  if (userFault(m, 'copy_from_user', from)) {
    m.fill(to, 0, bytes);
    return bytes;
  }
  m.copy(to, from, bytes);
  return 0;
};

const copiesTo: IntrinsicBody = (m, call) => {
  const [to, from, bytes] = [given(call, 0), given(call, 1), count(call, 2)];
  m.sleeps('copy_to_user()');
  if (bytes === 0) return 0;
  if (userFault(m, 'copy_to_user', to)) return bytes;
  m.copy(to, from, bytes);
  return 0;
};

const clears: IntrinsicBody = (m, call) => {
  const [to, bytes] = [given(call, 0), count(call, 1)];
  m.sleeps('clear_user()');
  if (bytes === 0) return 0;
  if (userFault(m, 'clear_user', to)) return bytes;
  m.fill(to, 0, bytes);
  return 0;
};

/** `copy_struct_from_user(to, size, from, given)`: what the user has more has to be 0, what it has less is 0. */
const copiesStructure: IntrinsicBody = (m, call) => {
  const [to, size, from, has] = [given(call, 0), count(call, 1), given(call, 2), count(call, 3)];
  m.sleeps('copy_struct_from_user()');
  if (has > 0 && userFault(m, 'copy_from_user', from)) return -errno.EFAULT;
  for (let at = size; at < has; at++) if (m.load(plus(from, at), 1, false) !== 0) return -errno.E2BIG;
  const copied = Math.min(size, has);
  if (size > copied) m.fill(plus(to, copied), 0, size - copied);
  if (copied > 0) m.copy(to, from, copied);
  return 0;
};

/** `put_user(value, pointer)`, as wide as what the pointer points to. */
const puts: IntrinsicBody = (m, call) => {
  const type = call.types[1];
  const size = type ? call.sizeOf(type) : undefined;
  m.sleeps('put_user()');
  if (userFault(m, 'put_user', given(call, 1))) return -errno.EFAULT;
  if (size !== 1 && size !== 2 && size !== 4 && size !== 8) m.assume('type', call.texts[1] ?? '', 'points to 8 bytes');
  m.store(given(call, 1), size === 1 || size === 2 || size === 4 ? size : 8, given(call, 0));
  return 0;
};

/** Bytes before the zero, at most `limit`; the bytes and the zero are copied. */
const copiesString: IntrinsicBody = (m, call) => {
  const [to, from, limit] = [given(call, 0), given(call, 1), count(call, 2)];
  m.sleeps('strncpy_from_user()');
  if (limit === 0) return 0;
  if (userFault(m, 'strncpy_from_user', from)) return -errno.EFAULT;
  const length = stringLength(m, from, limit);
  m.copy(to, from, Math.min(length + 1, limit));
  return length;
};

const userMemory: IntrinsicTable = joined(
  each('copy_from_user __copy_from_user', () => copiesFrom),
  each('copy_to_user __copy_to_user', () => copiesTo),
  each('clear_user __clear_user', () => clears),
  each('put_user __put_user', () => puts),
  {
    copy_struct_from_user: copiesStructure,
    strncpy_from_user: copiesString,
    /** With the zero; 0 where it can't be read. */
    strnlen_user: (m, call) => (userFault(m, 'strnlen_user', given(call, 0)) ? 0 : stringLength(m, given(call, 0), count(call, 1)) + 1),
    access_ok: () => 1,
  },
  each('in_compat_syscall in_x32_syscall', () => () => 0),
  each('u64_to_user_ptr compat_ptr untagged_addr', () => (_m, call) => plus(given(call, 0), 0)),
);

/** Capabilities of include/uapi/linux/capability.h that a name stands for. */
const sysAdmin = 21;
const either: Readonly<Record<string, number>> = {
  perfmon_capable: 38,
  bpf_capable: 39,
  checkpoint_restore_ns_capable: 40,
};

/** User namespaces are not told apart: a thread has its privileges in all. */
const privileges: IntrinsicTable = joined(
  each('capable capable_noaudit', () => (m, call) => (m.capable(int(call, 0)) ? 1 : 0)),
  each(
    'ns_capable ns_capable_noaudit ns_capable_setid has_capability has_capability_noaudit',
    () => (m, call) => (m.capable(int(call, 1)) ? 1 : 0),
  ),
  each('file_ns_capable has_ns_capability has_ns_capability_noaudit', () => (m, call) => (m.capable(int(call, 2)) ? 1 : 0)),
  ...Object.entries(either).map(([name, capability]) => ({
    [name]: (m: Machine): Value => (m.capable(capability) || m.capable(sysAdmin) ? 1 : 0),
  })),
);

const choices: IntrinsicTable = joined({
  /** `bool __sim_fails(const char *name)`: a fallible call of the model. */
  __sim_fails: (m, call) => (m.fails(m.text(given(call, 0))) ? 1 : 0),
  /** `int __sim_choose(const char *name, int count)`: a free input, 0 to count - 1. */
  __sim_choose: (m, call) => m.choose(m.text(given(call, 0)), Math.max(1, int(call, 1))),
  /** `bool __sim_capable(int capability)` */
  __sim_capable: (m, call) => (m.capable(int(call, 0)) ? 1 : 0),
  /** `int __sim_thread(void)` */
  __sim_thread: (m) => m.thread,
  /** `void __sim_print(const char *format, ...)` */
  __sim_print: (m, call) => m.print(() => m.format(m.text(given(call, 0)), argumentsFrom(m, call, 1, false))),
  /** `void __sim_sleeps(const char *what)`: the caller may sleep here. */
  __sim_sleeps: (m, call) => m.sleeps(m.text(given(call, 0))),
  /** `void __sim_assume(const char *name, const char *assumed)`: listed with the result. */
  __sim_assume: (m, call) => m.assume('callee', m.text(given(call, 0)), m.text(given(call, 1))),
  /** `void __sim_bug(const char *message)`: an error of the tree's code that the model has seen; the path ends. */
  __sim_bug: (m, call) => m.report('bug', m.text(given(call, 0))),
  /** `void __sim_warn(const char *message)`: as `__sim_bug`, but the path goes on. */
  __sim_warn: (m, call) => m.report('warning', m.text(given(call, 0)), { goesOn: true }),
});

/** User memory, capabilities and the explorer. */
export const users = joined(userMemory, privileges, choices);
