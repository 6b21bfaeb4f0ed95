// Arguments beyond a function's parameters.
import type { MacroLowering } from '../../program/lowering/api.js';
import { number } from '../../program/lowering/expression.js';
import { text, typeArgument, value } from '../macro.js';
import { fills, returnsNothing, returnsValue } from '../rows.js';
import { macros, type Topic } from '../topic.js';

/** `va_arg(list, type)`: a call that answers what its second argument names the type of. */
const next: MacroLowering = (l, e, want, name) => {
  const type = typeArgument(l, e, 1);
  const target = (want.want === 'value' ? want.into : undefined) ?? l.temporary(type, e.span);
  l.learnType(target, () => type);
  l.builder.emit({
    kind: 'call',
    target,
    callee: { kind: 'direct', name },
    arguments: [
      { kind: 'value', value: value(l, e, 0) },
      { kind: 'type', type, text: text(e, 1) },
    ],
    implicit: l.implicit,
    span: e.span,
  });
  return want.want === 'effect' ? number(0, e.span) : target;
};

const source = 'include/linux/stdarg.h';

export const argumentLists: Topic = {
  contracts: [
    ...fills('va_start va_copy __builtin_va_start __builtin_va_copy', null, source),
    ...returnsNothing('va_end __builtin_va_end', source),
    ...returnsValue('va_arg __builtin_va_arg', source),
  ],
  macros: macros({ 'va_arg __builtin_va_arg': next }),
};
