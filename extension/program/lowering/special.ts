// Macros of the kernel's own headers that are no calls: what each of them does, in the graph's words.
import type { Argument, CType, Expression } from '../../syntax/ast.js';
import type { CallArgument, PlaceExpression, PureExpression } from '../graph.js';
import type { CallExpression, Want } from './call.js';
import { lowerAcquireError } from './cleanup.js';
import { lowerCondition, lowerValue, number } from './expression.js';
import { deref, lowerPlace } from './place.js';
import type { Lowering } from './lowering.js';
import { resolveType, typeOf, typeofType } from './value-types.js';
import { intType, longType, pointerTo, unknownType, unsignedLongType } from '../types.js';

/** Returns the value; null where branches to the wanted targets are emitted. */
type Special = (l: Lowering, e: CallExpression, want: Want, name: string) => PureExpression | null;

// ---- arguments ---------------------------------------------------------------------------------------------------

function operand(l: Lowering, e: CallExpression, at: number): Expression {
  const argument = e.arguments[at];
  if (argument?.kind === 'value') return argument.expression;
  // A name alone may have been read as a type.
  if (argument?.kind === 'type' && argument.type.kind === 'named')
    return { kind: 'identifier', name: argument.type.name, span: argument.span };
  return l.fail(e.span, `${nameOf(e)} needs an expression as argument ${at + 1}`);
}

function value(l: Lowering, e: CallExpression, at: number): PureExpression {
  return lowerValue(l, operand(l, e, at));
}

function nameOf(e: CallExpression): string {
  return e.callee.kind === 'identifier' ? e.callee.name : 'the macro';
}

function typeArgument(l: Lowering, e: CallExpression, at: number): CType {
  const argument = e.arguments[at];
  if (argument?.kind === 'type') return typeofType(l, argument.type);
  if (argument?.kind === 'value' && argument.expression.kind === 'identifier') return { kind: 'named', name: argument.expression.name };
  if (argument?.kind === 'value' && argument.expression.kind === 'call') return typeofCall(l, argument.expression);
  return unknownType(argument?.text ?? '');
}

/** `typeof(*x)` may be read as a call to `typeof`. */
function typeofCall(l: Lowering, e: CallExpression): CType {
  const argument = e.arguments[0];
  if (!nameOf(e).includes('typeof') || argument?.kind !== 'value') return unknownType(nameOf(e));
  return l.builder.unevaluated(() => typeOf(l, lowerValue(l, argument.expression)));
}

const text = (e: CallExpression, at: number): string => (e.arguments[at]?.text ?? '').trim();

// ---- macros that are their argument ------------------------------------------------------------------------------

const transparent = new Set([
  'likely',
  'unlikely',
  'data_race',
  '__builtin_expect',
  '__force',
  '__must_check_fn',
  'unsafe_memcpy_ok',
  'ASSUME',
]);

/** The argument that the macro hands on as it is, or undefined. */
export function passedThrough(l: Lowering, name: string, e: CallExpression): Expression | undefined {
  return transparent.has(name) ? operand(l, e, 0) : undefined;
}

// ---- container_of and lists --------------------------------------------------------------------------------------

function containerOf(pointer: PureExpression, type: CType, member: string, e: CallExpression): PureExpression {
  return { kind: 'container-of', pointer, type, member, span: e.span };
}

function pointee(l: Lowering, pointer: PureExpression): CType {
  const type = resolveType(l, typeOf(l, pointer));
  return type.kind === 'pointer' ? type.to : unknownType('*');
}

const entry: Special = (l, e) => containerOf(value(l, e, 0), typeArgument(l, e, 1), text(e, 2), e);

/** The end of a list that `head` points to; `next` or `prev`. */
function end(head: PureExpression, name: string, e: CallExpression): PlaceExpression {
  return { kind: 'field', base: deref(head, e.span), name, span: e.span };
}

function endEntry(name: string): Special {
  return (l, e) => containerOf(end(value(l, e, 0), name, e), typeArgument(l, e, 1), text(e, 2), e);
}

function endEntryOrNull(name: string): Special {
  return (l, e, want) => {
    const head = value(l, e, 0);
    const type = typeArgument(l, e, 1);
    const first = l.saved(end(head, name, e), pointerTo({ kind: 'record', union: false, tag: 'list_head', record: null }), e.span);
    const result = (want.want === 'value' ? want.into : undefined) ?? l.temporary(pointerTo(type), e.span);
    const same: PureExpression = { kind: 'binary', operator: '!=', left: first, right: head, span: e.span };
    choose(
      l,
      same,
      result,
      () => containerOf(first, type, text(e, 2), e),
      () => number(0, e.span, 'NULL'),
      e,
    );
    return result;
  };
}

function siblingEntry(name: string): Special {
  return (l, e) => {
    const at = value(l, e, 0);
    const link: PlaceExpression = { kind: 'field', base: deref(at, e.span), name: text(e, 1), span: e.span };
    const next: PlaceExpression = { kind: 'field', base: link, name, span: e.span };
    return containerOf(next, pointee(l, at), text(e, 1), e);
  };
}

/** NULL stays NULL. */
const entrySafe: Special = (l, e, want) => {
  const pointer = value(l, e, 0);
  const type = typeArgument(l, e, 1);
  const result = (want.want === 'value' ? want.into : undefined) ?? l.temporary(pointerTo(type), e.span);
  choose(
    l,
    pointer,
    result,
    () => containerOf(pointer, type, text(e, 2), e),
    () => number(0, e.span, 'NULL'),
    e,
  );
  return result;
};

function choose(
  l: Lowering,
  condition: PureExpression,
  result: PlaceExpression,
  then: () => PureExpression,
  otherwise: () => PureExpression,
  e: CallExpression,
): void {
  const yes = l.target();
  const no = l.target();
  const after = l.builder.block();
  l.branch(condition, yes, no, 'conditional', e.span);
  for (const [side, of] of [
    [yes, then],
    [no, otherwise],
  ] as const) {
    l.builder.begin(side.block);
    l.assign(result, of(), e.span);
    l.builder.goto(after, e.span);
  }
  l.builder.begin(after);
}

// ---- memory ------------------------------------------------------------------------------------------------------

const readOnce: Special = (l, e) => {
  const place = lowerPlace(l, operand(l, e, 0));
  return l.saved(place, typeOf(l, place), e.span, true);
};

const writeOnce: Special = (l, e) => {
  const place = lowerPlace(l, operand(l, e, 0));
  const stored = value(l, e, 1);
  l.assign(place, stored, e.span, true);
  return stored;
};

const loadAcquire: Special = (l, e) => {
  const place = deref(value(l, e, 0), e.span);
  return l.saved(place, typeOf(l, place), e.span, true);
};

const storeRelease: Special = (l, e) => {
  const place = deref(value(l, e, 0), e.span);
  const stored = value(l, e, 1);
  l.assign(place, stored, e.span, true);
  return stored;
};

const exchange: Special = (l, e) => {
  const place = deref(value(l, e, 0), e.span);
  const stored = value(l, e, 1);
  const old = l.saved(place, typeOf(l, place), e.span, true);
  l.assign(place, stored, e.span, true);
  return old;
};

const compareExchange: Special = (l, e) => {
  const place = deref(value(l, e, 0), e.span);
  const expected = value(l, e, 1);
  const stored = value(l, e, 2);
  const old = l.saved(place, typeOf(l, place), e.span, true);
  const yes = l.target();
  const after = l.target();
  l.branch({ kind: 'binary', operator: '==', left: old, right: expected, span: e.span }, yes, after, 'conditional', e.span);
  l.builder.begin(yes.block);
  l.assign(place, stored, e.span, true);
  l.builder.goto(after.block, e.span);
  l.builder.begin(after.block);
  return old;
};

const swap: Special = (l, e) => {
  const a = lowerPlace(l, operand(l, e, 0));
  const b = lowerPlace(l, operand(l, e, 1));
  const old = l.saved(a, typeOf(l, a), e.span);
  l.assign(a, b, e.span);
  l.assign(b, old, e.span);
  return number(0, e.span);
};

// ---- min and max -------------------------------------------------------------------------------------------------

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
function extreme(operator: '<' | '>', typed: boolean): Special {
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

function clamp(typed: boolean): Special {
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

// ---- waiting -----------------------------------------------------------------------------------------------------

/**
 * `wait_event_*(wq, condition, ...)`: the condition is evaluated until it holds; in between the macro's name is called
 * with the other arguments. What an interruptible wait returns other than 0 ends the loop, as does 0 from one with a
 * timeout.
 */
const waitEvent: Special = (l, e, want, name) => {
  const span = e.span;
  const given = e.arguments.flatMap((_, at): CallArgument[] => (at === 1 ? [] : [{ kind: 'value', value: value(l, e, at) }]));
  const timeout = name.includes('timeout');
  const fails = timeout || /interruptible|killable|state|freezable/.test(name);
  const result = l.temporary(timeout ? longType : intType, span);
  const head = l.target();
  const wait = l.target();
  const holds = l.target();
  const after = l.target();
  if (timeout) {
    const limit = given[1];
    l.assign(result, limit?.kind === 'value' ? limit.value : number(1, span), span);
  }
  l.builder.goto(head.block, span);
  l.builder.begin(head.block);
  lowerCondition(l, operand(l, e, 1), holds, wait, 'loop');
  l.builder.begin(wait.block);
  const target = fails ? result : null;
  l.builder.emit({ kind: 'call', target, callee: { kind: 'direct', name }, arguments: given, implicit: l.implicit, span });
  if (timeout) l.branch({ kind: 'binary', operator: '>', left: result, right: number(0, span), span }, head, after, 'loop', span);
  else if (fails) l.branch(result, after, head, 'loop', span);
  else l.builder.goto(head.block, span);
  l.builder.begin(holds.block);
  if (!timeout && want.want !== 'effect') l.assign(result, number(0, span), span);
  l.builder.goto(after.block, span);
  l.builder.begin(after.block);
  return want.want === 'effect' ? number(0, span) : result;
};

// ---- assertions and ends -----------------------------------------------------------------------------------------

const bugOn: Special = (l, e) => {
  const bug = l.target();
  const after = l.target();
  lowerCondition(l, operand(l, e, 0), bug, after, 'if');
  l.builder.begin(bug.block);
  l.call(null, 'BUG', [], e.span);
  l.builder.end({ kind: 'unreachable', span: e.span });
  l.builder.begin(after.block);
  return number(0, e.span);
};

const noReturn: Special = (l, e, _want, name) => {
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

const dropped: Special = (_l, e) => number(0, e.span);

const optionSet: Special = (l, e) => number(l.context.option(text(e, 0)) ? 1 : 0, e.span, text(e, 0));

const arraySize: Special = (l, e) => {
  const of = operand(l, e, 0);
  const array = l.builder.unevaluated(() => resolveType(l, typeOf(l, lowerValue(l, of))));
  const stated = array.kind === 'array' ? array.length : null;
  const length = stated ? l.builder.unevaluated(() => lowerValue(l, stated)) : undefined;
  if (length?.kind === 'constant') return { ...length, span: e.span };
  return { kind: 'unknown', text: `ARRAY_SIZE(${text(e, 0)})`, span: e.span };
};

// ---- ownership ---------------------------------------------------------------------------------------------------

function takeWith(nothing: (e: CallExpression) => PureExpression): Special {
  return (l, e) => {
    const place = lowerPlace(l, operand(l, e, 0));
    const taken = l.saved(place, typeOf(l, place), e.span);
    l.assign(place, nothing(e), e.span);
    return taken;
  };
}

const noFreePtr = takeWith((e) => number(0, e.span, 'NULL'));

/** The call stays, since it says that someone else owns the pointer now. */
const retainAndNull: Special = (l, e) => {
  const place = lowerPlace(l, operand(l, e, 0));
  l.call(null, 'retain_and_null_ptr', [place], e.span);
  l.assign(place, number(0, e.span, 'NULL'), e.span);
  return number(0, e.span);
};

// ---- locals that a macro declares --------------------------------------------------------------------------------

const record = (tag: string): CType => ({ kind: 'record', union: false, tag, record: null });

/** Macros of the kernel's headers that declare a local: which argument names it and its type. */
const declarers: Readonly<Record<string, readonly [at: number, type: CType]>> = {
  LIST_HEAD: [0, record('list_head')],
  HLIST_HEAD: [0, record('hlist_head')],
  LLIST_HEAD: [0, record('llist_head')],
  DEFINE_WAIT: [0, record('wait_queue_entry')],
  DEFINE_WAIT_FUNC: [0, record('wait_queue_entry')],
  DECLARE_WAITQUEUE: [0, record('wait_queue_entry')],
  DEFINE_WAIT_BIT: [0, record('wait_bit_queue_entry')],
  DECLARE_WAIT_QUEUE_HEAD: [0, record('wait_queue_head')],
  DECLARE_WAIT_QUEUE_HEAD_ONSTACK: [0, record('wait_queue_head')],
  DECLARE_COMPLETION: [0, record('completion')],
  DECLARE_COMPLETION_ONSTACK: [0, record('completion')],
  DECLARE_BITMAP: [0, { kind: 'array', of: unsignedLongType, length: null }],
  DEFINE_SPINLOCK: [0, { kind: 'named', name: 'spinlock_t' }],
  DEFINE_MUTEX: [0, record('mutex')],
  DEFINE_RATELIMIT_STATE: [0, record('ratelimit_state')],
  DEFINE_READAHEAD: [0, record('readahead_control')],
  DEFINE_IDR: [0, record('idr')],
  DEFINE_IDA: [0, record('ida')],
  DEFINE_XARRAY: [0, record('xarray')],
  XA_STATE: [0, record('xa_state')],
  XA_STATE_ORDER: [0, record('xa_state')],
  MA_STATE: [0, record('ma_state')],
  DEFINE_SHOW_ATTRIBUTE: [0, unknownType('')],
  DEFINE_DELAYED_CALL: [0, record('delayed_call')],
  DEFINE_WAKE_Q: [0, record('wake_q_head')],
  DEFINE_FOLIO_VMA_WALK: [0, record('page_vma_mapped_walk')],
  BVEC_ITER: [0, record('bvec_iter')],
  DECLARE_KFIFO: [0, unknownType('kfifo')],
};

/** The type of the variable that a macro of the kernel's headers declares (`LIST_HEAD(name)`); undefined for other macros. */
export function typeDeclaredBy(macro: string): CType | undefined {
  return declarers[macro]?.[1];
}

/** The local comes into being and is handed to the macro by address, as to a function that sets it up. */
const declarer: Special = (l, e, _want, name) => {
  const known = declarers[name];
  const at = known?.[0] ?? 0;
  const local = operand(l, e, at);
  if (local.kind !== 'identifier') return l.fail(e.span, `${name} declares no name that can be read`);
  const variable = l.declare(local.name, known?.[1] ?? unknownType(name), e.span);
  const list = e.arguments.map((argument: Argument, index): CallArgument => {
    if (index === at) return { kind: 'value', value: { kind: 'address', place: variable, span: e.span } };
    if (argument.kind === 'type') return { kind: 'type', type: argument.type, text: argument.text };
    return { kind: 'value', value: value(l, e, index) };
  });
  l.builder.emit({ kind: 'call', target: null, callee: { kind: 'direct', name }, arguments: list, implicit: l.implicit, span: e.span });
  return number(0, e.span);
};

// ---- the table ---------------------------------------------------------------------------------------------------

const specials = new Map<string, Special>([
  ...[
    'container_of',
    'container_of_const',
    'list_entry',
    'hlist_entry',
    'rb_entry',
    'llist_entry',
    'list_entry_rcu',
    'rcu_container_of',
  ].map((name): [string, Special] => [name, entry]),
  ['container_of_safe', entrySafe],
  ['hlist_entry_safe', entrySafe],
  ['rb_entry_safe', entrySafe],
  ['list_first_entry', endEntry('next')],
  ['list_last_entry', endEntry('prev')],
  ['list_first_entry_or_null', endEntryOrNull('next')],
  ['list_last_entry_or_null', endEntryOrNull('prev')],
  ['list_next_entry', siblingEntry('next')],
  ['list_prev_entry', siblingEntry('prev')],
  ['READ_ONCE', readOnce],
  ['READ_ONCE_NOCHECK', readOnce],
  ['__READ_ONCE', readOnce],
  ['ACCESS_ONCE', readOnce],
  ['WRITE_ONCE', writeOnce],
  ['__WRITE_ONCE', writeOnce],
  ['smp_load_acquire', loadAcquire],
  ['smp_store_release', storeRelease],
  ['smp_store_mb', writeOnce],
  ['xchg', exchange],
  ['xchg_relaxed', exchange],
  ['xchg_acquire', exchange],
  ['xchg_release', exchange],
  ['cmpxchg', compareExchange],
  ['cmpxchg_relaxed', compareExchange],
  ['cmpxchg_acquire', compareExchange],
  ['cmpxchg_release', compareExchange],
  ['swap', swap],
  ...['min', 'min3', 'umin'].map((name): [string, Special] => [name, extreme('<', false)]),
  ...['max', 'max3', 'umax'].map((name): [string, Special] => [name, extreme('>', false)]),
  ['min_t', extreme('<', true)],
  ['max_t', extreme('>', true)],
  ['clamp', clamp(false)],
  ['clamp_t', clamp(true)],
  ['BUG_ON', bugOn],
  ['BUG', noReturn],
  ['panic', noReturn],
  ['unreachable', noReturn],
  ['__builtin_unreachable', noReturn],
  ['__builtin_trap', noReturn],
  ['do_exit', noReturn],
  ['make_task_dead', noReturn],
  ['BUILD_BUG_ON', dropped],
  ['BUILD_BUG_ON_MSG', dropped],
  ['BUILD_BUG_ON_ZERO', dropped],
  ['BUILD_BUG_ON_NOT_POWER_OF_2', dropped],
  ['BUILD_BUG', dropped],
  ['BUILD_BUG_ON_INVALID', dropped],
  ['static_assert', dropped],
  ['_Static_assert', dropped],
  ['compiletime_assert', dropped],
  ['__builtin_constant_p', dropped],
  ['typecheck', (_l, e) => number(1, e.span)],
  ['IS_ENABLED', optionSet],
  ['IS_BUILTIN', optionSet],
  ['IS_REACHABLE', optionSet],
  ['IS_MODULE', dropped],
  ['ARRAY_SIZE', arraySize],
  ['no_free_ptr', noFreePtr],
  ['retain_and_null_ptr', retainAndNull],
  ['take_fd', takeWith((e) => ({ kind: 'unary', operator: '-', operand: number(9, e.span, 'EBADF'), span: e.span }))],
  ['ACQUIRE_ERR', (l, e) => lowerAcquireError(l, e)],
  ['ACCESS_PRIVATE', (l, e) => ({ kind: 'field', base: deref(value(l, e, 0), e.span), name: text(e, 1), span: e.span })],
]);

const waits = /^(wait_event|wait_var_event|wait_woken_event)(_\w+)?$/;

/** What a macro with a meaning of its own comes to, or undefined where the name is none of them. */
export function lowerSpecial(l: Lowering, name: string, e: CallExpression, want: Want): PureExpression | null | undefined {
  const special = specials.get(name);
  if (special) return special(l, e, want, name);
  if (waits.test(name) && e.arguments.length >= 2) return waitEvent(l, e, want, name);
  if (
    want.want === 'effect' &&
    (name in declarers || /^(DEFINE|DECLARE)_[A-Z0-9_]+$/.test(name)) &&
    !l.context.macro(name) &&
    e.arguments.length > 0
  )
    return declarer(l, e, want, name);
  return undefined;
}
