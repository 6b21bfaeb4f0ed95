// What a name means in a file of the program: that file's own declarations first, then those of headers, then others'.
import type { Offset, Span } from '../model/source.js';
import type {
  CType,
  Declaration,
  EnumDefinition,
  FunctionDefinition,
  MacroDefinition,
  RecordDefinition,
  RecordField,
  SourceUnit,
} from '../syntax/ast.js';
import type { Enumerator } from './constants.js';
import type { CleanupDefinition } from './lowering/context.js';
import { splitArguments, withNamedRest } from '../syntax/macro-text.js';

/** One file's declarations by name. Made once for a unit. */
interface UnitNames {
  readonly macros: Map<string, MacroDefinition>;
  /** Of names that the file defines otherwise further on, or takes back, all changes in their order. */
  readonly changes: ReadonlyMap<string, readonly MacroChange[]>;
  readonly enumerators: Map<string, Enumerator>;
  readonly returns: Map<string, CType>;
  readonly globals: Map<string, CType>;
  readonly records: Map<string, RecordDefinition>;
  readonly typedefs: Map<string, CType>;
  readonly enumerations: Map<string, EnumDefinition>;
  readonly frees: Map<string, CleanupDefinition>;
  readonly classes: Map<string, CleanupDefinition>;
  /** The same for units whose declarations, bodies of functions aside, read the same. */
  readonly key: string;
}

/** What a name becomes at a place of its file; null where an `#undef` takes it back. */
export interface MacroChange {
  readonly at: Offset;
  readonly macro: MacroDefinition | null;
}

const made = new WeakMap<SourceUnit, UnitNames>();

export class Names {
  private readonly byFile: ReadonlyMap<string, UnitNames>;
  /** Headers first, then those of elsewhere, then C files. */
  private readonly order: readonly UnitNames[];
  /** Of headers. */
  private readonly shared: UnitNames;
  private readonly all: UnitNames;
  /** Names that mean different things at different places of some file. */
  private readonly changing: ReadonlySet<string>;

  constructor(units: readonly SourceUnit[], outside: readonly SourceUnit[]) {
    const of = (unit: SourceUnit): UnitNames => {
      const known = made.get(unit) ?? namesOf(unit);
      made.set(unit, known);
      return known;
    };
    this.byFile = new Map(units.map((unit) => [unit.file, of(unit)]));
    const headers = [...units.filter((unit) => unit.file.endsWith('.h')), ...outside].map(of);
    this.order = [...headers, ...units.filter((unit) => !unit.file.endsWith('.h')).map(of)];
    this.shared = merged(headers);
    this.all = merged(this.order);
    this.changing = new Set(this.order.flatMap(({ changes }) => [...changes.keys()]));
  }

  get key(): string {
    return this.order.map((each) => each.key).join(' ');
  }

  /**
   * A file sees its own macros and those of headers, never another C file's; without a file, all of them. Of a name that means
   * different things at different places of the file, what is defined within `at` counts, else the last change before it; without
   * `at`, the last definition of all.
   */
  macro(name: string, file: string | undefined, at?: Span): MacroDefinition | undefined {
    const changes = at && this.changes(name, file);
    if (!changes) {
      const own = file === undefined ? undefined : this.own(file, (each) => each.macros.get(name));
      return (
        own ?? (this.isLeftUndefined(name) && this.isDeclared(name, file) ? undefined : this.visible(file, (each) => each.macros.get(name)))
      );
    }
    const within = changes.findLast((each) => each.macro !== null && each.at >= at.start && each.at < at.end);
    const last = within ?? changes.findLast((each) => each.at < at.start);
    return last ? (last.macro ?? undefined) : this.shared.macros.get(name);
  }

  /** The changes of a name that means different things at different places of a file, in their order; undefined for any other. */
  changes(name: string, file: string | undefined): readonly MacroChange[] | undefined {
    const changes = file === undefined ? undefined : this.own(file, (each) => each.changes.get(name));
    // One that is taken back and means nothing then can be used only where it is defined.
    return changes && (hasSeveral(changes) || this.isDeclared(name, file)) ? changes : undefined;
  }

  /** Whether headers that define it as a macro take it back before they end. */
  private isLeftUndefined(name: string): boolean {
    if (!this.changing.has(name)) return false;
    const defining = this.order.filter(({ macros }) => macros.has(name));
    return defining.length > 0 && defining.every(({ changes }) => changes.get(name)?.at(-1)?.macro === null);
  }

  private isDeclared(name: string, file: string | undefined): boolean {
    return (
      this.any(file, (each) => each.returns.get(name) ?? each.globals.get(name)) !== undefined ||
      this.visible(file, (each) => each.enumerators.get(name) ?? each.typedefs.get(name)) !== undefined
    );
  }

  /** Whether it means different things at different places: of the file or, without one, of any. */
  isRedefined(name: string, file: string | undefined): boolean {
    if (!this.changing.has(name)) return false;
    if (file !== undefined) return this.changes(name, file) !== undefined;
    return this.order.some(({ changes }) => hasSeveral(changes.get(name) ?? [])) || this.isTakenBack(name);
  }

  private isTakenBack(name: string): boolean {
    return this.order.some(({ changes }) => changes.has(name)) && this.isDeclared(name, undefined);
  }

  /** The same for places at which all names mean the same; empty where every name has one meaning in the file. */
  meaningsAt(file: string, at: Span): string {
    const changes = this.byFile.get(file)?.changes ?? [];
    return [...changes].map(([name, all]) => `${name}:${all.filter((each) => each.at < at.end).length}`).join(' ');
  }

  enumerator(name: string, file: string | undefined): Enumerator | undefined {
    return this.visible(file, (each) => each.enumerators.get(name));
  }

  returns(name: string, file: string): CType | undefined {
    return this.any(file, (each) => each.returns.get(name));
  }

  global(name: string, file: string): CType | undefined {
    return this.visible(file, (each) => each.globals.get(name));
  }

  /** Of any file. */
  anyGlobal(name: string): CType | undefined {
    return this.visible(undefined, (each) => each.globals.get(name));
  }

  record(tag: string, file: string | undefined): RecordDefinition | undefined {
    return this.any(file, (each) => each.records.get(tag));
  }

  typedef(name: string, file: string | undefined): CType | undefined {
    return this.any(file, (each) => each.typedefs.get(name));
  }

  enumeration(tag: string, file: string | undefined): EnumDefinition | undefined {
    return this.any(file, (each) => each.enumerations.get(tag));
  }

  /** Of a record that some file defines. */
  fieldsOf(record: CType): readonly RecordField[] | undefined {
    if (record.kind !== 'record') return undefined;
    return (record.record ?? (record.tag === null ? undefined : this.record(record.tag, undefined)))?.fields;
  }

  free(name: string): CleanupDefinition | undefined {
    return this.any(undefined, (each) => each.frees.get(name));
  }

  guardClass(name: string): CleanupDefinition | undefined {
    return this.any(undefined, (each) => each.classes.get(name));
  }

  /** Whether the tree has what a prelude asks for by `HAVE_x` or `HAVE_x__y`; undefined for other names. */
  answers(asked: string): boolean | undefined {
    if (!asked.startsWith('HAVE_')) return undefined;
    const name = asked.slice('HAVE_'.length);
    const [tag = '', field] = name.split('__');
    if (field !== undefined && this.record(tag, undefined)?.fields.some((each) => each.name === field)) return true;
    return [this.returns(name, ''), this.macro(name, undefined), this.record(name, undefined), this.typedef(name, undefined)].some(
      (each) => each !== undefined,
    );
  }

  private visible<T>(file: string | undefined, get: (names: UnitNames) => T | undefined): T | undefined {
    return file === undefined ? get(this.all) : (this.own(file, get) ?? get(this.shared));
  }

  private any<T>(file: string | undefined, get: (names: UnitNames) => T | undefined): T | undefined {
    return file === undefined ? get(this.all) : (this.own(file, get) ?? get(this.all));
  }

  private own<T>(file: string, get: (names: UnitNames) => T | undefined): T | undefined {
    const own = this.byFile.get(file);
    return own && get(own);
  }
}

/** All names of several files; the first that has a name says what it is. */
function merged(list: readonly UnitNames[]): UnitNames {
  const union = <T>(get: (names: UnitNames) => ReadonlyMap<string, T>): Map<string, T> =>
    new Map([...list].reverse().flatMap((names) => [...get(names)]));
  return {
    macros: union((names) => names.macros),
    changes: new Map(),
    enumerators: union((names) => names.enumerators),
    returns: union((names) => names.returns),
    globals: union((names) => names.globals),
    records: union((names) => names.records),
    typedefs: union((names) => names.typedefs),
    enumerations: union((names) => names.enumerations),
    frees: union((names) => names.frees),
    classes: union((names) => names.classes),
    key: '',
  };
}

function namesOf(unit: SourceUnit): UnitNames {
  const names: Omit<UnitNames, 'key'> = {
    macros: new Map(unit.macros.map((macro) => [macro.name, withNamedRest(macro, unit.text)])),
    changes: changesIn(unit),
    enumerators: new Map(),
    returns: new Map(),
    globals: new Map(),
    records: new Map(),
    typedefs: new Map(),
    enumerations: new Map(),
    frees: new Map(),
    classes: new Map(),
  };
  const texts: string[] = unit.macros.map((macro) => `#${macro.name}(${macro.parameters?.join(',') ?? '-'})${macro.body}`);
  for (const declaration of unit.declarations) {
    note(names, declaration);
    const end = declaration.kind === 'function' ? declaration.body.span.start : declaration.span.end;
    texts.push(unit.text.slice(declaration.span.start, end));
  }
  return { ...names, key: hash(`${unit.file}\n${texts.join('\n')}`) };
}

/** The changes of names that are defined in more than one way, or taken back. */
function changesIn({ macros, takenBack, text }: SourceUnit): ReadonlyMap<string, readonly MacroChange[]> {
  const all = new Map<string, MacroChange[]>();
  const note = (name: string, change: MacroChange): void => void all.set(name, [...(all.get(name) ?? []), change]);
  for (const macro of macros) note(macro.name, { at: macro.span.start, macro: withNamedRest(macro, text) });
  // What a header defines may be taken back too.
  for (const { name, at } of takenBack) note(name, { at, macro: null });
  const changing = [...all].filter(([, each]) => hasSeveral(each) || each.some(({ macro }) => macro === null));
  return new Map(changing.map(([name, each]) => [name, each.sort((a, b) => a.at - b.at)]));
}

/** Whether a name is defined in more than one way. */
function hasSeveral(changes: readonly MacroChange[]): boolean {
  const meanings = changes.flatMap(({ macro }) => (macro === null ? [] : [`${macro.parameters?.join() ?? '-'} ${macro.body}`]));
  return new Set(meanings).size > 1;
}

function note(names: Omit<UnitNames, 'key'>, declaration: Declaration): void {
  switch (declaration.kind) {
    case 'function':
    case 'prototype':
      noteType(names, declaration.returns);
      if (!names.returns.has(declaration.name) || declaration.kind === 'function') names.returns.set(declaration.name, declaration.returns);
      if (declaration.kind === 'function') noteParameters(names, declaration);
      break;
    case 'variable':
      noteType(names, declaration.type);
      names.globals.set(declaration.name, declaration.type);
      break;
    case 'record':
      noteRecord(names, declaration.definition);
      break;
    case 'enum':
      noteEnum(names, declaration.definition);
      break;
    case 'typedef':
      noteType(names, declaration.type);
      names.typedefs.set(declaration.name, declaration.type);
      break;
    case 'macro-use':
      noteMacroUse(names, declaration);
      break;
    case 'unknown':
      break;
  }
}

function noteParameters(names: Omit<UnitNames, 'key'>, definition: FunctionDefinition): void {
  for (const parameter of definition.parameters) noteType(names, parameter.type);
}

/** Records and enumerations may be defined wherever a type stands. */
function noteType(names: Omit<UnitNames, 'key'>, type: CType): void {
  if (type.kind === 'record' && type.record) noteRecord(names, type.record);
  else if (type.kind === 'enum' && type.enumeration) noteEnum(names, type.enumeration);
  else if (type.kind === 'pointer') noteType(names, type.to);
  else if (type.kind === 'array') noteType(names, type.of);
}

function noteRecord(names: Omit<UnitNames, 'key'>, record: RecordDefinition): void {
  if (record.tag !== null) names.records.set(record.tag, record);
  for (const field of record.fields) noteType(names, field.type);
}

function noteEnum(names: Omit<UnitNames, 'key'>, definition: EnumDefinition): void {
  if (definition.tag !== null) names.enumerations.set(definition.tag, definition);
  let previous: string | null = null;
  for (const { name, value } of definition.constants) {
    names.enumerators.set(name, { value, previous, definition });
    previous = name;
  }
}

function noteMacroUse(names: Omit<UnitNames, 'key'>, use: Extract<Declaration, { kind: 'macro-use' }>): void {
  const parts = (): string[] => splitArguments(use.text);
  switch (use.name) {
    case 'DEFINE_FREE': {
      const [name = '', type = '', ...body] = parts();
      names.frees.set(name, { kind: 'free', type, body: body.join(', ') });
      break;
    }
    case 'DEFINE_CLASS': {
      const [name = '', type = '', exit = '', initial = '', ...parameters] = parts();
      names.classes.set(name, { kind: 'class', type, exit, initial, parameters });
      break;
    }
    case 'DEFINE_GUARD': {
      const [name = '', type = '', lock = '', unlock = ''] = parts();
      names.classes.set(name, { kind: 'guard', type, lock, unlock });
      break;
    }
    case 'DEFINE_LOCK_GUARD_0': {
      const [name = '', lock = '', unlock = ''] = parts();
      names.classes.set(name, { kind: 'lock-guard', type: null, lock, unlock });
      break;
    }
    case 'DEFINE_LOCK_GUARD_1': {
      const [name = '', type = '', lock = '', unlock = ''] = parts();
      names.classes.set(name, { kind: 'lock-guard', type, lock, unlock });
      break;
    }
  }
}

/** A short key of a text; two texts share one with a chance of about 2^-53. */
function hash(text: string): string {
  let h1 = 0xdeadbeef;
  let h2 = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    h1 = Math.imul(h1 ^ unit, 2654435761);
    h2 = Math.imul(h2 ^ unit, 1597334677);
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2246822507) ^ Math.imul(h2 ^ (h2 >>> 13), 3266489909);
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2246822507) ^ Math.imul(h1 ^ (h1 >>> 13), 3266489909);
  return `${(h2 >>> 0).toString(36)}.${(h1 >>> 0).toString(36)}`;
}
