// Which part of an object each value of an initialiser list is for (C11 6.7.9, and gcc's ranges of elements).
import type { CType, Designator, Expression, InitialiserList, RecordField } from '../../syntax/ast.js';

/** What walking a list asks of the types that it meets. */
export interface Shapes {
  /** With typedefs looked through. */
  resolve(type: CType): CType;
  /** Of a record that is known. */
  fields(type: CType): readonly RecordField[] | undefined;
  /** The value of a length or an index. */
  constant(e: Expression): bigint | undefined;
  /** Whether a value without braces is all of an array or record, and not its first scalar. */
  isWhole(value: Expression, type: CType): boolean;
}

/** One step from an object into a part of it. A member without a name has null; `ofUnion` where others share its place. */
export type Step =
  | { readonly kind: 'member'; readonly name: string | null; readonly at: number; readonly ofUnion: boolean; readonly type: CType }
  /** The elements from `at` to `last`. */
  | { readonly kind: 'element'; readonly at: number; readonly last: number; readonly type: CType };

/** Types within each other: more than C's least limit (5.2.4.1), and an end for one that is said to be in itself. */
const deepest = 100;

export interface Untold {
  readonly value: Expression;
  readonly reason: string;
}

/** An array or record whose parts take values one after the other. */
interface Level {
  readonly path: readonly Step[];
  readonly type: CType;
  readonly fields: readonly RecordField[] | undefined;
  readonly parts: number;
  next: number;
  /** Where the part at hand is several: the last of them. */
  last: number | null;
}

/**
 * Tells of each entry of a list for an object of a type the part that its value is for, in order; a value too many, of which gcc
 * warns, is left out. Answers the value of which that can't be told, with why, or null.
 */
export function walkInitialiser(
  type: CType,
  { entries }: InitialiserList,
  shapes: Shapes,
  visit: (path: readonly Step[], part: CType, value: Expression) => void,
): Untold | null {
  const outermost = levelOf([], type, shapes);
  if (outermost === null) {
    const [first] = entries;
    if (first) visit([], type, first.value);
    return null;
  }
  let stack = [outermost];
  for (const { designators, value } of entries) {
    if (designators.length > 0) {
      outermost.last = null;
      const found = designatedLevels(outermost, designators, shapes);
      if (found === null) return { value, reason: 'a designator names no part of what is initialised' };
      stack = found;
    } else leaveFull(stack);
    let top = stack.at(-1) ?? outermost;
    if (top.next >= top.parts) continue;
    let step = stepAt(top);
    // Braces that are left out: the value is for the first scalar inside.
    while (value.kind !== 'initialiser-list' && step && !shapes.isWhole(value, step.type)) {
      const inner: Level | null = levelOf([...top.path, step], step.type, shapes);
      if (inner === null) break;
      if (inner.parts === 0) return { value, reason: 'an initialiser has a value for what holds none' };
      if (inner.path.length > deepest) return { value, reason: 'the types that are initialised are nested too deeply' };
      stack.push(inner);
      top = inner;
      step = stepAt(top);
    }
    if (!step) return { value, reason: 'an initialiser has a value for what holds none' };
    visit([...top.path, step], step.type, value);
    advance(top);
  }
  return null;
}

/** The fields of a record that take values: bit-fields without a name take none. */
function initialised(type: CType, shapes: Shapes): readonly RecordField[] | undefined {
  return shapes.fields(type)?.filter((field) => field.name !== null || shapes.fields(field.type) !== undefined);
}

/** Null for what has no parts. */
function levelOf(path: readonly Step[], given: CType, shapes: Shapes): Level | null {
  const type = shapes.resolve(given);
  const level = { path, type, next: 0, last: null };
  if (type.kind === 'array') {
    const length = type.length === null ? undefined : shapes.constant(type.length);
    return { ...level, fields: undefined, parts: length === undefined ? Infinity : Number(length) };
  }
  const fields = initialised(type, shapes);
  const isOpen = type.kind === 'record' || type.kind === 'named' || type.kind === 'unknown';
  if (!isOpen) return null;
  // Of a record of which nothing is known each entry is a member, inside one the whole is what a value is for.
  if (!fields) return path.length === 0 ? { ...level, fields: undefined, parts: Infinity } : null;
  return { ...level, fields, parts: type.kind === 'record' && type.union ? Math.min(1, fields.length) : fields.length };
}

/** The part that is next. A member of a record that isn't known goes by its position, `#0`. */
function stepAt({ type, fields, next, last }: Level): Step | undefined {
  if (type.kind === 'array') return { kind: 'element', at: next, last: last ?? next, type: type.of };
  const ofUnion = type.kind === 'record' && type.union;
  if (!fields) return { kind: 'member', name: `#${next}`, at: next, ofUnion, type: { kind: 'unknown', text: '' } };
  const field = fields[next];
  return field && { kind: 'member', name: field.name, at: next, ofUnion, type: field.type };
}

function advance(level: Level): void {
  level.next = level.type.kind === 'record' && level.type.union ? level.parts : (level.last ?? level.next) + 1;
  level.last = null;
}

/** Goes on behind parts that are full, outermost aside. */
function leaveFull(stack: Level[]): void {
  for (let top = stack.at(-1); top && stack.length > 1 && top.next >= top.parts; top = stack.at(-1)) {
    stack.pop();
    const around = stack.at(-1);
    if (around) advance(around);
  }
}

/** The levels down to the part that designators name, whose number the last has as `next`; null where there is none. */
function designatedLevels(outermost: Level, designators: readonly Designator[], shapes: Shapes): Level[] | null {
  const stack = [outermost];
  let level: Level = outermost;
  for (const [at, designator] of designators.entries()) {
    if (at > 0) {
      const inner = entered(level, shapes);
      if (!inner) return null;
      stack.push(inner);
      level = inner;
    }
    if (typeof designator === 'string') {
      const found = memberLevels(level, designator, shapes);
      if (!found) return null;
      stack.push(...found);
      level = found.at(-1) ?? level;
    } else if (!setElement(level, designator, shapes)) return null;
  }
  // One that was designated has place, as a union's second member has.
  return stack.map((each) => (each.next < each.parts ? each : { ...each, parts: each.next + 1 }));
}

function entered(level: Level, shapes: Shapes): Level | null {
  const step = stepAt(level);
  if (!step) return null;
  const inner = levelOf([...level.path, step], step.type, shapes);
  return inner ?? { path: [...level.path, step], type: step.type, fields: undefined, parts: Infinity, next: 0, last: null };
}

function setElement(level: Level, designator: Exclude<Designator, string>, shapes: Shapes): boolean {
  if (level.type.kind !== 'array') return false;
  const [low, high] = designator.kind === 'range' ? [designator.low, designator.high] : [designator, null];
  const first = shapes.constant(low);
  const last = high === null ? first : shapes.constant(high);
  if (first === undefined || last === undefined || last < first) return false;
  level.next = Number(first);
  level.last = high === null ? null : Number(last);
  return true;
}

/** Makes a member the next one, and gives the levels of members without a name that it is in; undefined where there is none. */
function memberLevels(level: Level, name: string, shapes: Shapes): Level[] | undefined {
  const { fields } = level;
  if (level.path.length > deepest) return undefined;
  if (!fields) {
    // Nothing is known of the record: the member is what it is called.
    return [
      {
        ...level,
        fields: [{ name, type: { kind: 'unknown', text: '' }, bitWidth: null, attributes: [], span: { start: 0, end: 0 } }],
        parts: 1,
      },
    ];
  }
  const own = fields.findIndex((field) => field.name === name);
  if (own >= 0) {
    level.next = own;
    return [];
  }
  for (const [at, field] of fields.entries()) {
    if (field.name !== null) continue;
    level.next = at;
    const inner = entered(level, shapes);
    const found = inner && memberLevels(inner, name, shapes);
    if (inner && found) return [inner, ...found];
  }
  return undefined;
}
