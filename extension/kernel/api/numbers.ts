// Bits, numbers and times.
import { any } from '../contract.js';
import type { PlaceExpression, PureExpression } from '../../program/graph.js';
import type { MacroLowering } from '../../program/lowering/api.js';
import { nameOf, type CallExpression } from '../../program/lowering/call.js';
import type { Lowering } from '../../program/lowering/lowering.js';
import { typeOf } from '../../program/lowering/value-types.js';
import { named, booleanType, unsignedLongType } from '../../program/types.js';
import { value, typeArgument } from '../macro.js';
import { fills, returnsBoolean, returnsNothing, returnsValue } from '../rows.js';
import { macros, type Topic } from '../topic.js';

/** Where `other` stands in that relation to what `result` holds, `result` becomes `other`. */
function pick(l: Lowering, result: PlaceExpression, other: PureExpression, operator: '<' | '>', e: CallExpression): void {
  const yes = l.target();
  const after = l.target();
  l.branch({ kind: 'binary', operator, left: other, right: result, span: e.span }, yes, after, 'conditional', e.span);
  l.builder.begin(yes.block);
  l.assign(result, other, e.span);
  l.builder.goto(after.block, e.span);
  l.builder.begin(after.block);
}

/** `typed`: the first argument is the type that the others are converted to. */
function extreme(operator: '<' | '>', typed: boolean): MacroLowering {
  return (l, e) => {
    const type = typed ? typeArgument(l, e, 0) : null;
    const values = e.arguments.slice(typed ? 1 : 0).map((_, at): PureExpression => {
      const one = value(l, e, at + (typed ? 1 : 0));
      return type ? { kind: 'cast', type, operand: one, span: e.span } : one;
    });
    const first = values[0] ?? l.fail(e.span, `${nameOf(e)} has no argument`);
    const telling = values.find((each) => each.kind !== 'constant') ?? first;
    const result = l.saved(first, type ?? typeOf(l, telling), e.span);
    for (const other of values.slice(1)) pick(l, result, other, operator, e);
    return result;
  };
}

function clamp(typed: boolean): MacroLowering {
  return (l, e) => {
    const from = typed ? 1 : 0;
    const of = value(l, e, from);
    const low = value(l, e, from + 1);
    const high = value(l, e, from + 2);
    const result = l.saved(of, typed ? typeArgument(l, e, 0) : typeOf(l, of), e.span);
    pick(l, result, low, '>', e);
    pick(l, result, high, '<', e);
    return result;
  };
}

export const numbers: Topic = {
  contracts: [
    ...returnsBoolean(
      'test_bit test_bit_acquire test_and_set_bit test_and_clear_bit test_and_change_bit test_and_set_bit_lock',
      'include/linux/bitops.h',
      { dereferences: [1] },
    ),
    ...returnsBoolean('__test_and_set_bit __test_and_clear_bit', 'include/linux/bitops.h', { dereferences: [1], clobbers: 'arguments' }),
    ...returnsNothing(
      'set_bit clear_bit change_bit clear_bit_unlock __set_bit __clear_bit assign_bit clear_and_wake_up_bit',
      'include/linux/bitops.h',
    ),
    ...fills('set_mask_bits', any, 'include/linux/bitops.h: the old value', { dereferences: [0] }),
    ...returnsValue(
      `min max min_t max_t min3 max3 umin umax min_not_zero clamp clamp_t clamp_val abs DIV_ROUND_UP DIV_ROUND_UP_ULL
     DIV_ROUND_CLOSEST ALIGN ALIGN_DOWN PAGE_ALIGN round_up round_down roundup rounddown roundup_pow_of_two
     rounddown_pow_of_two ilog2 fls ffs hweight32 hweight64 BIT BIT_ULL GENMASK div_u64 do_div mul_u64_u32_shr
     array_index_nospec upper_32_bits lower_32_bits find_first_bit find_next_bit find_first_zero_bit
     cpu_to_le32 le32_to_cpu cpu_to_le64 le64_to_cpu cpu_to_le16 le16_to_cpu
     MAJOR MINOR MKDEV new_encode_dev new_decode_dev old_encode_dev huge_encode_dev
     _IOC_DIR _IOC_SIZE _IOC_TYPE _IOC_NR _IO _IOR _IOW _IOWR smp_processor_id raw_smp_processor_id num_possible_cpus
     num_online_cpus task_cpu nr_cpu_ids cpumask_first cpumask_next numa_node_id
     mangle_poll demangle_poll poll_requested_events`,
      'include/linux/minmax.h, include/linux/math.h and their like',
    ),
    ...returnsBoolean('IS_ALIGNED is_power_of_2 check_add_overflow check_mul_overflow check_sub_overflow', 'include/linux/overflow.h'),
    ...returnsValue(
      `ktime_get ktime_get_ns ktime_get_real ktime_get_real_seconds get_jiffies_64 msecs_to_jiffies secs_to_jiffies
     jiffies_to_msecs timespec64_to_jiffies ktime_to_ns ktime_sub ktime_add timespec64_compare
     timestamp_truncate`,
      'include/linux/jiffies.h, include/linux/ktime.h',
    ),
    ...returnsBoolean(
      'time_after time_before time_after_eq time_before_eq time_after64 time_before64 time_is_before_jiffies time_is_after_jiffies timespec64_equal timespec64_valid',
      'include/linux/jiffies.h, include/linux/time64.h',
    ),
    ...returnsNothing('jiffies_to_timespec64 ktime_get_real_ts64 ktime_get_coarse_real_ts64', 'include/linux/timekeeping.h', {
      dereferences: [0],
      clobbers: 'arguments',
    }),
    ...returnsBoolean('dir_emit dir_emit_dot dir_emit_dots', 'include/linux/fs.h', { clobbers: 'all' }),
  ],
  returns: [
    [
      booleanType,
      'test_bit test_and_set_bit test_and_clear_bit time_before64 time_after64 time_before time_after timespec64_equal dir_emit',
    ],
    [unsignedLongType, 'msecs_to_jiffies'],
    [named('u64'), 'get_jiffies_64 __builtin_bswap64'],
    [named('u32'), '__builtin_bswap32'],
    [named('u16'), '__builtin_bswap16'],
  ],
  macros: macros({
    'min min3 umin': extreme('<', false),
    'max max3 umax': extreme('>', false),
    min_t: extreme('<', true),
    max_t: extreme('>', true),
    clamp: clamp(false),
    clamp_t: clamp(true),
  }),
};
