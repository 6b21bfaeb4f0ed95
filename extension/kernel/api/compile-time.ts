// What the compiler decides.
import { returnsBoolean, returnsNothing, returnsValue } from '../rows.js';
import { lowerAs, nameOf, operand } from '../../program/lowering/call.js';
import { fileConstant } from '../../program/lowering/array-length.js';
import { isConstant } from '../../program/lowering/constant-folding.js';
import type { MacroLowering } from '../../program/lowering/api.js';
import { lowerValue, number } from '../../program/lowering/expression.js';
import { deref } from '../../program/lowering/place.js';
import { compatibleIn, constantIn, resolveType, typeOf, typeofType } from '../../program/lowering/value-types.js';
import { isCompatible } from '../../program/compatible.js';
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

/** Qualifiers of the types themselves are nothing that it asks for. */
const compatible: MacroLowering = (l, e) => {
  const known = isCompatible(typeofType(l, typeArgument(l, e, 0)), typeofType(l, typeArgument(l, e, 1)), compatibleIn(l));
  if (known === undefined) return { kind: 'unknown', text: `${nameOf(e)}(${text(e, 0)}, ${text(e, 1)})`, span: e.span };
  return number(known ? 1 : 0, e.span);
};

/** What is made of constants and strings alone; gcc knows some more by looking through variables. */
const constant: MacroLowering = (l, e) => {
  const given = l.attempt(() => l.builder.unevaluated(() => value(l, e, 0)));
  const known = given && (given.kind === 'string' || isConstant(given) || fileConstant(l, operand(l, e, 0)) !== undefined);
  return number(known ? 1 : 0, e.span);
};

const chosen: MacroLowering = (l, e, want) => {
  const condition = l.attempt(() => l.builder.unevaluated(() => constantIn(l, value(l, e, 0)))) ?? fileConstant(l, operand(l, e, 0));
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
    'static_assert _Static_assert compiletime_assert IS_MODULE': dropped,
    __builtin_constant_p: constant,
    __builtin_types_compatible_p: compatible,
    __builtin_choose_expr: chosen,
    typecheck: (_l, e) => number(1, e.span),
    'IS_ENABLED IS_BUILTIN IS_REACHABLE': optionSet,
    ARRAY_SIZE: arraySize,
    ACCESS_PRIVATE: (l, e) => ({ kind: 'field', base: deref(value(l, e, 0), e.span), name: text(e, 1), span: e.span }),
  }),
};
