// Initialiser lists: the whole becomes zero, then each stated part is assigned.
import type { Span } from '../../model/source.js';
import type { CType, Expression, InitialiserList, RecordField } from '../../syntax/ast.js';
import { stringLength } from '../../syntax/literals.js';
import type { FunctionGraph, PlaceExpression, VariableId } from '../graph.js';
import { excerpt, lowerInto, lowerValue, number } from './expression.js';
import { walkInitialiser, type Shapes, type Step } from './initialiser-walk.js';
import { Lowering } from './lowering.js';
import { visibleMacro } from './macro-use.js';
import { withSpelledEntries, type EntryNames } from './spelled-entries.js';
import { stringOf } from './string-text.js';
import { constantIn, expressionType, fieldsOf, resolveType, typeOf } from './value-types.js';
import { arrayOf, printType, unknownType } from '../types.js';

/** What completing a type asks of what is declared around it. */
export interface Declared {
  /** The literal that a string is, by itself or by a macro; undefined for what is none. */
  string(e: Expression): string | undefined;
  /** The value of an index that a list states. */
  constant(e: Expression): bigint | undefined;
  /** With typedefs looked through. */
  resolve(type: CType): CType;
  /** Of a record that is known. */
  fields(type: CType): readonly RecordField[] | undefined;
  /** For entries that macros spell out. */
  readonly names: EntryNames;
}

/** The type of a variable whose initialiser tells the length of the array that it is (C11 6.7.9); other types as they are. */
export function completedType(type: CType, initialiser: Expression | null, declared: Declared): CType {
  const array = type.kind === 'named' && initialiser ? declared.resolve(type) : type;
  if (array.kind !== 'array' || array.length !== null || !initialiser) return type;
  const { span } = initialiser;
  const entries = initialiser.kind === 'initialiser-list' ? withSpelledEntries(initialiser.entries, declared.names) : [];
  const [only, ...others] = entries;
  const braced = only && others.length === 0 && only.designators.length === 0 ? declared.string(only.value) : undefined;
  const text = declared.string(initialiser) ?? (declared.resolve(array.of).kind === 'integer' ? braced : undefined);
  if (text !== undefined) return arrayOf(array.of, stringLength(text), span);
  if (initialiser.kind !== 'initialiser-list') return type;
  if (entries.some(({ spelled }) => spelled))
    return unknownType(`${printType(array.of)}[...], whose length is that of macros that are not known`);
  let length = 0;
  const untold = walkInitialiser(array, { ...initialiser, entries }, shapesOf(declared), ([step]) => {
    if (step?.kind === 'element') length = Math.max(length, step.last + 1);
  });
  return untold === null ? arrayOf(array.of, length, span) : type;
}

function shapesOf(declared: Declared): Shapes {
  return { ...declared, isWhole: (value, type) => isWhole(value, type, declared) };
}

/** The flexible array at the end of a record with the length that the initialiser gives it; undefined where there is none. */
export function flexibleMember(
  type: CType,
  initialiser: Expression | null,
  declared: Declared,
): { readonly name: string; readonly type: CType } | undefined {
  const fields = declared.fields(type);
  const last = fields?.at(-1);
  const name = last?.name ?? null;
  if (!last || name === null || initialiser?.kind !== 'initialiser-list') return undefined;
  const array = declared.resolve(last.type);
  if (array.kind !== 'array' || array.length !== null) return undefined;
  const found = initialiser.entries.find(
    ({ designators }, at) => designators[0] === name || (designators.length === 0 && at === (fields?.length ?? 0) - 1),
  );
  return found && { name, type: completedType(array, found.value, declared) };
}

/** Whether a value is all of an array or record, as far as file scope tells it by its look. */
function isWhole(value: Expression, type: CType, declared: Declared): boolean {
  const resolved = declared.resolve(type);
  if (resolved.kind === 'array') return declared.string(value) !== undefined && declared.resolve(resolved.of).kind === 'integer';
  return ['compound-literal', 'call', 'statement-expression'].includes(value.kind);
}

/** What completing a type asks, answered within a function. */
export function declaredIn(l: Lowering): Declared {
  return {
    string: (e) => stringOf(e, (name) => l.context.macro(name)),
    constant: (e) =>
      constantIn(
        l,
        l.builder.unevaluated(() => lowerValue(l, e)),
      ),
    resolve: (type) => resolveType(l, type),
    fields: (type) => fieldsOf(l, type),
    names: entryNames(l),
  };
}

/**
 * The function that gives a static local its initial value. It has the variables of the function that it is in, so that an
 * initialiser can name other static ones.
 */
export function staticInitialiser(l: Lowering, variable: VariableId, initialiser: Expression, span: Span): FunctionGraph {
  const own = new Lowering(l.context, l.name, { kind: 'void' }, l.effort);
  own.lasting = true;
  own.builder.variables.push(...l.builder.variables);
  for (const [name, value] of l.enumerators) own.enumerators.set(name, value);
  for (const scope of l.scopes) own.scopes.push({ ...scope, items: [] });
  const target = { kind: 'variable', variable, span } as const;
  lowerInto(own, initialiser, target, span);
  own.builder.end({ kind: 'return', value: null, span });
  const written = own.builder.finish(span);
  return {
    name: l.name,
    file: l.context.file,
    span,
    nameSpan: span,
    returns: { kind: 'void' },
    storage: { static: true, extern: false, inline: false },
    variables: own.builder.variables,
    parameterCount: 0,
    variadic: false,
    ...written,
  };
}

/** Assigns 0 to the whole of `target`, then what the list states. */
export function lowerInitialiser(l: Lowering, target: PlaceExpression, type: CType, list: InitialiserList): void {
  l.assign(target, number(0, list.span), list.span);
  lowerParts(l, target, type, list);
}

function lowerParts(l: Lowering, target: PlaceExpression, type: CType, list: InitialiserList): void {
  const entries = spelledOut(l, list.entries);
  const [only, ...others] = entries;
  if (only && others.length === 0 && only.designators.length === 0) {
    // `{ 0 }` says no more than `{}`.
    if (only.value.kind === 'number' && only.value.value === 0n) return;
    // Braces around a string are none.
    if (stringOf(only.value, (name) => l.context.macro(name)) !== undefined && isWholeHere(l, only.value, type))
      return lowerInto(l, only.value, target, only.value.span);
  }
  const parts = new Parts(l, target);
  const shapes: Shapes = { ...declaredIn(l), isWhole: (value, part) => isWholeHere(l, value, part) };
  const untold = walkInitialiser(type, { ...list, entries }, shapes, (path, part, value) => parts.give(path, part, value));
  if (untold) l.fail(untold.value.span, untold.reason);
}

/** What names mean within a function, for what macros spell out. */
export function entryNames(l: Lowering): EntryNames {
  return {
    macro: (name) => visibleMacro(l, name),
    isValue: (name) => l.lookup(name) !== undefined || l.context.constant(name) !== undefined,
    parse: (text, span) => {
      l.expand('an initialiser', text, span);
      return l.context.parseExpression(text, span);
    },
  };
}

/** The entries with those that macros stand for in their places. */
function spelledOut(l: Lowering, entries: InitialiserList['entries']): InitialiserList['entries'] {
  const made = withSpelledEntries(entries, entryNames(l));
  const unread = made.find(({ spelled }) => spelled)?.value;
  if (unread?.kind === 'unknown')
    l.fail(unread.span, `entries of an initialiser are macros whose definitions are not at hand: ${excerpt(unread.text)}`);
  return made;
}

/** Whether a value without braces is all of an array or record. */
function isWholeHere(l: Lowering, value: Expression, part: CType): boolean {
  const resolved = resolveType(l, part);
  if (resolved.kind === 'array') {
    return stringOf(value, (name) => l.context.macro(name)) !== undefined && resolveType(l, resolved.of).kind !== 'array';
  }
  return ['record', 'unknown'].includes(resolveType(l, expressionType(l, value)).kind);
}

/** What a list has given to the parts of an object so far. */
class Parts {
  private readonly given: string[] = [];
  /** The member that a union has now, by the union's path. */
  private readonly members = new Map<string, number>();

  constructor(
    private readonly l: Lowering,
    private readonly target: PlaceExpression,
  ) {}

  /** Gives a part its value; what the same bytes were given before is gone (C11 6.7.9p19). */
  give(path: readonly Step[], type: CType, value: Expression): void {
    const { span } = value;
    this.chooseMembers(path, span);
    const key = keyOf(path);
    const place = this.placeOf(path, span);
    if (value.kind === 'initialiser-list') {
      if (this.given.some((each) => each.startsWith(key))) this.clear(path, place, type, span);
      lowerParts(this.l, place, type, value);
    } else lowerInto(this.l, value, place, span);
    this.given.push(key);
    this.repeat(path, place, span);
  }

  /** `[low ... high]`: the value is worked out once, and copied. */
  private repeat(path: readonly Step[], first: PlaceExpression, span: Span): void {
    const at = path.findLastIndex((step) => step.kind === 'element' && step.last > step.at);
    const range = path[at];
    if (range?.kind !== 'element') return;
    if (range.last - range.at > mostRepeated) this.l.fail(span, `a range of more than ${mostRepeated} elements is initialised`);
    const around = path.findIndex((step) => step.kind === 'element' && step.last > step.at);
    if (around !== at) this.l.fail(span, 'a range of elements within a range is initialised');
    for (let index = range.at + 1; index <= range.last; index++)
      this.l.assign(this.placeOf([...path.slice(0, at), { ...range, at: index }, ...path.slice(at + 1)], span), first, span);
  }

  /** A union that had another member loses it. */
  private chooseMembers(path: readonly Step[], span: Span): void {
    for (const [at, step] of path.entries()) {
      if (step.kind !== 'member' || !step.ofUnion) continue;
      const before = path.slice(0, at);
      const key = keyOf(before);
      const had = this.members.get(key);
      this.members.set(key, step.at);
      if (had === undefined || had === step.at) continue;
      this.clear(before, this.placeOf(before, span), before.at(-1)?.type ?? typeOf(this.l, this.target), span);
    }
  }

  /** Sets a part to 0; one without a name member by member. */
  private clear(path: readonly Step[], place: PlaceExpression, type: CType, span: Span): void {
    const last = path.at(-1);
    if (last?.kind === 'member' && last.name === null) clearMembers(this.l, place, type, span);
    else this.l.assign(place, number(0, span), span);
  }

  private placeOf(path: readonly Step[], span: Span): PlaceExpression {
    let place = this.target;
    for (const step of path) {
      if (step.kind === 'element') place = { kind: 'index', base: place, index: number(step.at, span), span };
      else if (step.name !== null) place = { kind: 'field', base: place, name: step.name, span };
    }
    return place;
  }
}

/** Elements that a range may give one value to. */
const mostRepeated = 4096;

function keyOf(path: readonly Step[]): string {
  return path.map(({ at }) => `${at}.`).join('');
}

function clearMembers(l: Lowering, place: PlaceExpression, type: CType, span: Span): void {
  for (const field of fieldsOf(l, type) ?? []) {
    if (field.name !== null) l.assign({ kind: 'field', base: place, name: field.name, span }, number(0, span), span);
    else clearMembers(l, place, field.type, span);
  }
}
