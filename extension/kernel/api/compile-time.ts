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

/** Qualifiers are not kept in types; those of the types themselves are nothing that it asks for. */
const compatible: MacroLowering = (l, e) => number(isCompatible(l, typeArgument(l, e, 0), typeArgument(l, e, 1)) ? 1 : 0, e.span);

function isCompatible(l: Lowering, one: CType, other: CType): boolean {
  const [a, b] = [one, other].map((type) => resolvedType(typeofType(l, type), (name) => l.context.typedef(name)));
  if (a?.kind !== b?.kind) return false;
  if (a?.kind === 'pointer' && b?.kind === 'pointer') return isCompatible(l, a.to, b.to);
  if (a?.kind === 'array' && b?.kind === 'array') {
    const [first, second] = [a, b].map(({ length }) => (length === null ? null : constantOf(lowerValue(l, length))));
    return isCompatible(l, a.of, b.of) && (first === null || second === null || first === second);
  }
  if (a?.kind === 'function' && b?.kind === 'function')
    return (
      isCompatible(l, a.returns, b.returns) &&
      a.parameters.length === b.parameters.length &&
      a.parameters.every((each, at) => isCompatible(l, each, b.parameters[at] ?? each))
    );
  // Without a tag each definition is a type of its own.
  if (a?.kind === 'record' && b?.kind === 'record' && a.tag === null) return a.record === b.record;
  if (a?.kind === 'enum' && b?.kind === 'enum' && a.tag === null) return a.enumeration === b.enumeration;
  return a !== undefined && b !== undefined && printType(a) === printType(b);
}

/** What is made of constants and strings alone; gcc knows some more by looking through variables. */
const constant: MacroLowering = (l, e) => {
  const given = l.attempt(() => l.builder.unevaluated(() => value(l, e, 0)));
  return number(given && (given.kind === 'string' || constantOf(given) !== undefined) ? 1 : 0, e.span);
};

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
