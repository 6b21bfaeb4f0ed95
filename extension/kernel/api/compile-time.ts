// What the compiler decides.
import { returnsBoolean, returnsNothing, returnsValue } from '../rows.js';
import { lowerAs, operand } from '../../program/lowering/call.js';
import { constantOf } from '../../program/lowering/constant-folding.js';
import type { MacroLowering } from '../../program/lowering/api.js';
import { lowerValue, number } from '../../program/lowering/expression.js';
import { deref } from '../../program/lowering/place.js';
import type { Lowering } from '../../program/lowering/lowering.js';
import { resolveType, typeOf, typeofType } from '../../program/lowering/value-types.js';
import { printType, resolvedType } from '../../program/types.js';
import type { CType } from '../../syntax/ast.js';
import { value, text, typeArgument } from '../macro.js';
import { macros, type Topic } from '../topic.js';

const dropped: MacroLowering = (_l, e) => number(0, e.span);

const optionSet: MacroLowering = (l, e) => number(l.context.option(text(e, 0)) ? 1 : 0, e.span, text(e, 0));

const arraySize: MacroLowering = (l, e) => {
  const of = operand(l, e, 0);
  const array = l.builder.unevaluated(() => resolveType(l, typeOf(l, lowerValue(l, of))));
  const stated = array.kind === 'array' ? array.length : null;
  const length = stated ? l.builder.unevaluated(() => lowerValue(l, stated)) : undefined;
  if (length?.kind === 'constant') return { ...length, span: e.span };
  return { kind: 'unknown', text: `ARRAY_SIZE(${text(e, 0)})`, span: e.span };
};

/** Qualifiers are not kept in types, and are nothing that it asks for. */
const compatible: MacroLowering = (l, e) => {
  const [one, other] = [0, 1].map((at) => written(l, typeArgument(l, e, at)));
  return number(one === other ? 1 : 0, e.span);
};

/** A type with all that its names stand for; a record is but itself. */
function written(l: Lowering, type: CType): string {
  const meant = resolvedType(typeofType(l, type), (name) => l.context.typedef(name));
  switch (meant.kind) {
    case 'pointer':
      return `${written(l, meant.to)} *`;
    case 'array':
      return `${written(l, meant.of)} [${printType(meant).replace(/^.*\[/, '')}`;
    case 'function':
      return `${written(l, meant.returns)} (${meant.parameters.map((each) => written(l, each)).join(', ')})`;
    default:
      return printType(meant);
  }
}

const chosen: MacroLowering = (l, e, want) => {
  const condition = l.builder.unevaluated(() => constantOf(value(l, e, 0)));
  if (condition === undefined) return l.fail(e.span, `${text(e, 0)}, which __builtin_choose_expr chooses by, is not constant`);
  return lowerAs(l, operand(l, e, condition === 0n ? 2 : 1), want);
};

export const compileTime: Topic = {
  contracts: [
    ...returnsBoolean('IS_ENABLED IS_BUILTIN IS_MODULE IS_REACHABLE', 'include/linux/kconfig.h'),
    ...returnsValue(
      'ARRAY_SIZE sizeof_field offsetof offsetofend typeof __builtin_constant_p',
      'include/linux/array_size.h, include/linux/stddef.h',
    ),
    ...returnsNothing('BUILD_BUG_ON BUILD_BUG_ON_MSG BUILD_BUG BUILD_BUG_ON_ZERO static_assert', 'include/linux/build_bug.h'),
  ],
  transparent: '__force __must_check_fn',
  macros: macros({
    'BUILD_BUG_ON BUILD_BUG_ON_MSG BUILD_BUG_ON_ZERO BUILD_BUG_ON_NOT_POWER_OF_2 BUILD_BUG BUILD_BUG_ON_INVALID': dropped,
    'static_assert _Static_assert compiletime_assert __builtin_constant_p IS_MODULE': dropped,
    __builtin_types_compatible_p: compatible,
    __builtin_choose_expr: chosen,
    typecheck: (_l, e) => number(1, e.span),
    'IS_ENABLED IS_BUILTIN IS_REACHABLE': optionSet,
    ARRAY_SIZE: arraySize,
    ACCESS_PRIVATE: (l, e) => ({ kind: 'field', base: deref(value(l, e, 0), e.span), name: text(e, 1), span: e.span }),
  }),
};
