// What a correct run does not break, and what does not come back.
import { nonZero, zero } from '../contract.js';
import { lowerAs, operand } from '../../program/lowering/call.js';
import type { MacroLowering } from '../../program/lowering/api.js';
import { lowerCondition, lowerEffect, number } from '../../program/lowering/expression.js';
import type { PureExpression } from '../../program/graph.js';
import { intType } from '../../program/types.js';
import { value } from '../macro.js';
import { argument, one, outcome, returnsNothing, row } from '../rows.js';
import { macros, type Topic } from '../topic.js';

const bug = 'include/asm-generic/bug.h';
const isTrue = [[argument(0), nonZero]] as const;
const isFalse = [[argument(0), zero]] as const;

const bugOn: MacroLowering = (l, e) => {
  const bug = l.target();
  const after = l.target();
  lowerCondition(l, operand(l, e, 0), bug, after, 'if');
  l.builder.begin(bug.block);
  l.call(null, 'BUG', [], e.span);
  l.builder.end({ kind: 'unreachable', span: e.span });
  l.builder.begin(after.block);
  return number(0, e.span);
};

const noReturn: MacroLowering = (l, e, _want, name) => {
  if (!name.includes('unreachable'))
    l.call(
      null,
      name,
      e.arguments.map((_, at) => value(l, e, at)),
      e.span,
    );
  l.builder.end({ kind: 'unreachable', span: e.span });
  return number(0, e.span);
};

/** `!!(x)` */
const isTruth: MacroLowering = (l, e, want) => {
  if (want.want !== 'value') return lowerAs(l, operand(l, e, 0), want);
  const not = (operand: PureExpression): PureExpression => ({ kind: 'unary', operator: '!', operand, span: e.span });
  return not(not(value(l, e, 0)));
};

/** Its first argument; what is expected of it is worked out as well. */
const expected: MacroLowering = (l, e, want) => {
  lowerEffect(l, operand(l, e, 1));
  return lowerAs(l, operand(l, e, 0), want);
};

export const assertions: Topic = {
  contracts: [
    ...row(
      'WARN_ON WARN_ON_ONCE WARN WARN_ONCE WARN_RATELIMIT VM_WARN_ON_ONCE',
      [outcome('as it should be', zero, [], isFalse), outcome('warned', one, [], isTrue)],
      bug,
      { asserts: true },
    ),
    ...row(
      'BUG_ON VM_BUG_ON VFS_BUG_ON VFS_WARN_ON_ONCE',
      [outcome('as it should be', null, [], isFalse)],
      `${bug}: does not come back otherwise`,
      { asserts: true },
    ),
    ...row('BUG panic do_exit kthread_complete_and_exit', [], bug, { noReturn: true }),
    ...row('likely unlikely', [outcome('true', one, [], isTrue), outcome('false', zero, [], isFalse)], 'include/linux/compiler.h: !!(x)'),
    ...returnsNothing(
      `might_sleep might_sleep_if might_fault cant_sleep
     lockdep_assert lockdep_assert_held lockdep_assert_not_held lockdep_assert_held_write lockdep_assert_held_read lockdep_set_class
     lockdep_assert_once __acquire __release RCU_LOCKDEP_WARN mutex_destroy`,
      'include/linux/lockdep.h, include/linux/kernel.h',
    ),
  ],
  returns: [[intType, 'WARN_ON WARN_ON_ONCE WARN WARN_ONCE']],
  transparent: 'ASSUME',
  macros: macros({
    'likely unlikely': isTruth,
    __builtin_expect: expected,
    BUG_ON: bugOn,
    'BUG panic unreachable __builtin_unreachable __builtin_trap do_exit make_task_dead': noReturn,
  }),
};
