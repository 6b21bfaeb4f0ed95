// Integer constants: object-like macros and enumerators, and a few limits every file knows.
import type { Result } from '../model/result.js';
import type { Span } from '../model/source.js';
import type { Argument, BinaryOperator, CType, EnumDefinition, Expression, MacroDefinition } from '../syntax/ast.js';
import { stringLength, stringUnit } from '../syntax/literals.js';
import { predefined } from '../syntax/predefined.js';
import { chosenFor, isCompatible, type CompatibleIn } from './compatible.js';
import { arithmetic } from './lowering/constant-folding.js';
import { stringOf } from './lowering/string-text.js';
import { expandMacro, hasComma } from '../syntax/macro-text.js';
import {
  arrayOf,
  castFromBinary,
  charType,
  commonType,
  constantType,
  enumType,
  hasOwnAlignment,
  intType,
  isPacked,
  longType,
  named,
  pointerTo,
  promotedType,
  resolvedType,
  sizeOf,
  typeIndexed,
  unsignedLongType,
  written,
  type IntegerType,
} from './types.js';

export interface Enumerator {
  readonly value: Expression | null;
  /** The enumerator before it, whose value it follows where it states none. */
  readonly previous: string | null;
  readonly definition: EnumDefinition;
}

export interface ConstantSources {
  /** Whether the name is a macro that means different things at different places, so that no value is its own. */
  isRedefined(name: string): boolean;
  macro(name: string): MacroDefinition | undefined;
  enumerator(name: string): Enumerator | undefined;
  enumeration(tag: string): EnumDefinition | undefined;
  typedef(name: string): CType | undefined;
  /** The type of a variable of file scope. */
  global(name: string): CType | undefined;
  parseExpression(text: string, span: Span): Result<Expression, string>;
}

/** What a constant expression asks of who knows how types are laid out; undefined for what is not known. */
export interface Measure {
  sizeOf(type: CType): number | undefined;
  alignOf(type: CType): number | undefined;
  offsetOf(type: CType, member: string): number | undefined;
  memberType(type: CType, member: string): CType | undefined;
}

interface Value {
  readonly value: bigint;
  readonly type: IntegerType;
}

/** Constants made of each other, one in the next; a value further down is not known. */
const deepest = 200;

/** Values by name, worked out when asked for. */
export class Constants {
  private readonly known = new Map<string, Value | undefined>();
  private readonly enumerations = new Map<EnumDefinition, IntegerType>();
  /** Enumerations whose constants are being worked out: in them those before have the types of their expressions. */
  private readonly inside = new Set<EnumDefinition>();
  private depth = 0;

  /** Without `measure` values that hang on a record's layout are not known. */
  constructor(
    private readonly sources: ConstantSources,
    private readonly given: ReadonlyMap<string, bigint>,
    private readonly measure: Measure | null = null,
  ) {}

  get(name: string): bigint | undefined {
    return this.lookup(name)?.value;
  }

  /** The value of an integer constant expression. */
  valueOf(e: Expression): bigint | undefined {
    return this.evaluate(e)?.value;
  }

  enumerated({ constants }: EnumDefinition): readonly (bigint | undefined)[] {
    let next: bigint | undefined = 0n;
    return constants.map(({ value }) => {
      const stated: bigint | undefined = value === null ? next : this.valueOf(value);
      next = stated === undefined ? undefined : stated + 1n;
      return stated;
    });
  }

  valueOfText(text: string): bigint | undefined {
    return this.ofText(text)?.value;
  }

  /** The type of the constant. */
  typeOf(name: string): CType | undefined {
    return this.lookup(name)?.type;
  }

  private lookup(name: string): Value | undefined {
    this.lookUpBefore(name);
    if (this.known.has(name) || this.depth >= deepest) return this.known.get(name);
    this.known.set(name, undefined);
    this.depth++;
    const value = this.find(name);
    this.depth--;
    if (this.inside.size === 0 || value?.type === intType) this.known.set(name, value);
    else this.known.delete(name);
    return value;
  }

  /** Works out the enumerators that one follows, first to last: an enumeration may be longer than calls can be deep. */
  private lookUpBefore(name: string): void {
    const before: string[] = [];
    const follows = (each: string): string | null => {
      const enumerator = this.known.has(each) || this.sources.macro(each) ? undefined : this.sources.enumerator(each);
      return enumerator?.value === null ? enumerator.previous : null;
    };
    const seen = new Set([name]);
    for (let at = follows(name); at !== null && !seen.has(at); at = follows(at)) {
      seen.add(at);
      before.push(at);
    }
    for (const each of before.reverse()) this.lookup(each);
  }

  private find(name: string): Value | undefined {
    if (this.sources.isRedefined(name)) return undefined;
    const macro = this.sources.macro(name);
    if (macro) return macro.parameters ? undefined : this.ofText(macro.body);
    const enumerator = this.sources.enumerator(name);
    if (enumerator) return this.ofEnumerator(enumerator);
    const given = this.given.get(name) ?? limits.get(name) ?? predefined.get(name);
    if (given === undefined) return undefined;
    return {
      value: given,
      type: constantType(given, { unsigned: name.startsWith('U') && given > 0x7fffffffn, long: false, decimal: false }),
    };
  }

  /** An int where that holds the value, else of the enumeration's type, as gcc has it. */
  private ofEnumerator({ value, previous, definition }: Enumerator): Value | undefined {
    const within = this.inside.has(definition);
    const stated = this.insideOf(definition, () => {
      if (value) return this.evaluate(value);
      const before = previous === null ? plain(-1n) : this.lookup(previous);
      return before && plain(before.value + 1n);
    });
    if (!stated || BigInt.asIntN(32, stated.value) === stated.value) return stated && { value: stated.value, type: intType };
    return within ? stated : converted(stated.value, this.typeOfEnumeration(definition));
  }

  private typeOfEnumeration(definition: EnumDefinition): IntegerType {
    const known = this.enumerations.get(definition);
    if (known) return known;
    const values = this.insideOf(definition, () => this.enumerated(definition));
    const type = enumType(
      values.map((value) => value ?? 0n),
      isPacked(definition.attributes),
    );
    this.enumerations.set(definition, type);
    return type;
  }

  private insideOf<T>(definition: EnumDefinition, action: () => T): T {
    const within = this.inside.has(definition);
    this.inside.add(definition);
    const result = action();
    if (!within) this.inside.delete(definition);
    return result;
  }

  private ofText(body: string): Value | undefined {
    const text = body
      .replace(/\\\r?\n/g, ' ')
      .replace(/\/\*[\s\S]*?\*\//g, ' ')
      .replace(/\/\/.*$/, '')
      .trim();
    const literal = /^\(?\s*(0[xX][\da-fA-F]+|0[0-7]*|[1-9]\d*)([uU]?)([lL]{0,2})([uU]?)\s*\)?$/.exec(text);
    if (literal) {
      const [, digits = '0', first, long, second] = literal;
      const value = /^0[0-7]+$/.test(digits) ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits);
      const isUnsigned = first !== '' || second !== '';
      const suffixes = { unsigned: isUnsigned, long: long !== '', longLong: long?.length === 2, decimal: !digits.startsWith('0') };
      return { value, type: constantType(value, suffixes) };
    }
    if (text === '' || /[{};]/.test(text) || text.startsWith('"') || hasComma(text)) return undefined;
    const parsed = this.sources.parseExpression(text, { start: 0, end: 0 });
    return parsed.ok ? this.evaluate(parsed.value) : undefined;
  }

  private evaluate(e: Expression): Value | undefined {
    switch (e.kind) {
      case 'number':
        return { value: e.value, type: constantType(e.value, written(e)) };
      case 'character':
        return { value: e.value, type: e.type };
      case 'identifier':
        return e.name === 'true' ? plain(1n) : e.name === 'false' || e.name === 'NULL' ? plain(0n) : this.lookup(e.name);
      case 'unary': {
        if (e.operator === '&') {
          const address = this.address(e.operand);
          return address === undefined ? undefined : { value: address, type: unsignedLongType };
        }
        const operand = e.operator === '*' ? undefined : this.evaluate(e.operand);
        if (!operand) return undefined;
        if (e.operator === '!') return plain(operand.value === 0n ? 1n : 0n);
        const value = e.operator === '~' ? ~operand.value : e.operator === '-' ? -operand.value : operand.value;
        return converted(value, promotedType(operand.type));
      }
      case 'binary': {
        const cast = castFromBinary(e, (name) => this.typeNamed({ kind: 'identifier', name, span: e.span }) !== undefined);
        if (cast) return this.evaluate(cast);
        const left = this.evaluate(e.left);
        const right = left && this.evaluate(e.right);
        if (!right) return undefined;
        const shift = e.operator === '<<' || e.operator === '>>';
        const type = shift ? promotedType(left.type) : commonType(left.type, right.type);
        const by = shift ? right.value : converted(right.value, type).value;
        const value = arithmetic(e.operator, converted(left.value, type).value, by);
        if (value === undefined) return undefined;
        return isComparison(e.operator) ? plain(value) : converted(value, type);
      }
      case 'logical': {
        const left = this.evaluate(e.left);
        if (!left) return undefined;
        if ((left.value !== 0n) === (e.operator === '||')) return plain(e.operator === '||' ? 1n : 0n);
        const right = this.evaluate(e.right);
        return right && plain(right.value !== 0n ? 1n : 0n);
      }
      case 'conditional': {
        const condition = this.evaluate(e.condition);
        if (!condition) return undefined;
        const isThen = condition.value !== 0n;
        const chosen = isThen ? (e.then ? this.evaluate(e.then) : condition) : this.evaluate(e.else);
        if (!chosen) return undefined;
        const other = isThen ? this.integerTypeOf(e.else) : e.then ? this.integerTypeOf(e.then) : condition.type;
        return other && converted(chosen.value, commonType(chosen.type, other));
      }
      case 'cast':
        return this.cast(e.type, this.evaluate(e.operand));
      case 'sizeof': {
        const named = 'span' in e.operand ? this.typeNamed(e.operand) : e.operand;
        if (!named && e.alignment && hasOwnAlignment(e.operand)) return undefined;
        const type = named ?? ('span' in e.operand ? this.typeOfExpression(e.operand) : undefined);
        const size = type && (e.alignment ? this.measure?.alignOf(type) : this.sizeOf(type));
        return size === undefined ? undefined : { value: BigInt(size), type: unsignedLongType };
      }
      case 'offsetof': {
        const offset = this.measure?.offsetOf(e.type, e.member);
        return offset === undefined ? undefined : { value: BigInt(offset), type: unsignedLongType };
      }
      case 'comma':
        return this.evaluate(e.right);
      case 'generic': {
        const chosen = this.chosenBy(e);
        return chosen && this.evaluate(chosen);
      }
      case 'call':
        return this.call(e);
      default:
        return undefined;
    }
  }

  private sizeOf(type: CType): number | undefined {
    return this.measure ? this.measure.sizeOf(type) : sizeOf(type, (name) => this.sources.typedef(name));
  }

  private cast(type: CType, operand: Value | undefined, depth = 0): Value | undefined {
    if (!operand || depth > 20) return undefined;
    switch (type.kind) {
      case 'integer':
        return converted(operand.value, type);
      case 'boolean':
        return { value: operand.value === 0n ? 0n : 1n, type: charType };
      case 'named':
      case 'aligned':
      case 'typeof': {
        const meant = this.resolved(type);
        return meant.kind === type.kind ? undefined : this.cast(meant, operand, depth + 1);
      }
      case 'pointer':
        return converted(operand.value, longType);
      case 'enum':
        return asType(operand, this.integerOfEnum(type));
      default:
        return operand;
    }
  }

  private integerOfEnum({ tag, enumeration }: Extract<CType, { kind: 'enum' }>): IntegerType | undefined {
    const definition = enumeration ?? (tag === null ? undefined : this.sources.enumeration(tag));
    return definition && this.typeOfEnumeration(definition);
  }

  /** The address of a place, where that is a number: `&((struct x *)0)->member`. */
  private address(e: Expression): bigint | undefined {
    if (e.kind === 'unary' && e.operator === '*') return this.evaluate(e.operand)?.value;
    if (e.kind === 'field') {
      const base = e.arrow ? this.evaluate(e.base)?.value : this.address(e.base);
      const type = base === undefined ? undefined : this.recordOf(e);
      const offset = type && this.measure?.offsetOf(type, e.name);
      return base === undefined || offset === undefined ? undefined : base + BigInt(offset);
    }
    if (e.kind === 'index') {
      const array = this.typeOfExpression(e.base);
      const of = array && this.elementOf(array);
      const size = of && this.sizeOf(of);
      const index = this.evaluate(e.index)?.value;
      const base = array?.kind === 'array' ? this.address(e.base) : this.evaluate(e.base)?.value;
      return base === undefined || index === undefined || size === undefined ? undefined : base + index * BigInt(size);
    }
    return undefined;
  }

  /** The type of an operand of `sizeof` or `typeof`, as far as file scope tells it. */
  typeOfExpression(e: Expression): CType | undefined {
    switch (e.kind) {
      case 'string':
        return this.typeOfString(e);
      case 'identifier':
        if (this.sources.typedef(e.name)) return this.sources.global(e.name) ?? { kind: 'named', name: e.name };
        return this.sources.global(e.name) ?? this.typeOfString(e) ?? this.evaluate(e)?.type;
      case 'call': {
        const macro =
          e.callee.kind === 'identifier' && !this.sources.isRedefined(e.callee.name) ? this.sources.macro(e.callee.name) : undefined;
        const text = macro?.parameters ? expandedBy(macro, e) : undefined;
        const meant = text === undefined ? undefined : this.sources.parseExpression(text, e.span);
        return meant?.ok && meant.value.kind === 'string' ? this.typeOfString(meant.value) : this.evaluate(e)?.type;
      }
      case 'cast':
      case 'compound-literal':
        return e.type;
      case 'field': {
        const record = this.recordOf(e);
        return record && this.measure?.memberType(record, e.name);
      }
      case 'index':
        return this.elementOf(this.typeOfExpression(e.base));
      case 'unary':
        if (e.operator === '*') return this.elementOf(this.typeOfExpression(e.operand));
        if (e.operator === '&') {
          const to = this.typeOfExpression(e.operand);
          return to && pointerTo(to);
        }
        return this.integerTypeOf(e);
      case 'binary':
      case 'logical':
      case 'conditional':
        return this.integerTypeOf(e);
      case 'generic': {
        const chosen = this.chosenBy(e);
        return chosen && this.typeOfExpression(chosen);
      }
      default:
        return this.evaluate(e)?.type;
    }
  }

  /** That of a string, or of a macro that is one: an array. */
  private typeOfString(e: Expression): CType | undefined {
    const text = stringOf(e, (name) => (this.sources.isRedefined(name) ? undefined : this.sources.macro(name)));
    return text === undefined ? undefined : arrayOf(stringUnit(text), stringLength(text), e.span);
  }

  /** The type that an expression of integers is computed in (C11 6.3.1), whether or not its value is known. */
  private integerTypeOf(e: Expression): IntegerType | undefined {
    switch (e.kind) {
      case 'logical':
        return intType;
      case 'unary': {
        if (e.operator === '!') return intType;
        if (e.operator === '&' || e.operator === '*') return this.integerOf(this.typeOfExpression(e));
        const operand = this.integerTypeOf(e.operand);
        return operand && promotedType(operand);
      }
      case 'binary': {
        if (isComparison(e.operator)) return intType;
        const left = this.integerTypeOf(e.left);
        const right = left && this.integerTypeOf(e.right);
        if (!right) return undefined;
        return e.operator === '<<' || e.operator === '>>' ? promotedType(left) : commonType(left, right);
      }
      case 'conditional': {
        const then = this.integerTypeOf(e.then ?? e.condition);
        const otherwise = then && this.integerTypeOf(e.else);
        return otherwise && commonType(then, otherwise);
      }
      default:
        return this.integerOf(this.typeOfExpression(e));
    }
  }

  private integerOf(type: CType | undefined): IntegerType | undefined {
    const meant = type && this.resolved(type);
    if (meant?.kind === 'integer') return meant;
    if (meant?.kind === 'boolean') return charType;
    return meant?.kind === 'enum' ? this.integerOfEnum(meant) : undefined;
  }

  /** The value that `_Generic` chooses (C11 6.5.1.1). */
  private chosenBy({ of, choices }: Extract<Expression, { kind: 'generic' }>): Expression | undefined {
    const type = this.typeOfExpression(of);
    if (!type) return undefined;
    const resolved = this.resolved(type);
    const value = resolved.kind === 'array' ? pointerTo(resolved.of) : resolved;
    return chosenFor(value, choices, this.around)?.value;
  }

  private readonly around: CompatibleIn = {
    resolve: (type) => this.resolved(type),
    integerOf: (type) => (type.kind === 'enum' ? this.integerOfEnum(type) : undefined),
    constant: (e) => this.valueOf(e),
  };

  private resolved(type: CType): CType {
    const meant = resolvedType(type, (name) => this.sources.typedef(name));
    if (meant.kind !== 'typeof') return meant;
    const of = 'span' in meant.of ? this.typeOfExpression(meant.of) : meant.of;
    return of ? this.resolved(of) : meant;
  }

  /** The type that a name, or a name with lengths behind it, is, where the name is a typedef's: `sizeof(x[3])` reads as of a variable. */
  private typeNamed(e: Expression): CType | undefined {
    return typeIndexed(e, (name) => !this.sources.global(name) && this.sources.typedef(name) !== undefined);
  }

  private recordOf(e: Extract<Expression, { kind: 'field' }>): CType | undefined {
    const base = this.typeOfExpression(e.base);
    return e.arrow ? this.elementOf(base) : base;
  }

  private elementOf(type: CType | undefined, depth = 0): CType | undefined {
    if (type?.kind === 'named' && depth < 20) return this.elementOf(this.sources.typedef(type.name), depth + 1);
    return type?.kind === 'pointer' ? type.to : type?.kind === 'array' ? type.of : undefined;
  }

  private call(e: Extract<Expression, { kind: 'call' }>): Value | undefined {
    if (e.callee.kind !== 'identifier') return undefined;
    const { name } = e.callee;
    const [only, ...others] = e.arguments;
    // `(name)(x)` reads as a call.
    if (only?.kind === 'value' && others.length === 0 && this.typeNamed(e.callee))
      return this.cast(named(name), this.evaluate(only.expression));
    if (this.sources.isRedefined(name)) return undefined;
    const macro = this.sources.macro(name);
    if (macro?.parameters) return this.expanded(macro, e);
    const given = e.arguments.map((argument) => (argument.kind === 'value' ? this.evaluate(argument.expression) : undefined));
    const [first, second, third] = given.map((each) => each?.value);
    switch (name) {
      case '__builtin_constant_p':
        // What hangs on how types are laid out is constant too, for who knows it.
        return first === undefined && !this.measure ? undefined : plain(first === undefined ? 0n : 1n);
      case '__builtin_types_compatible_p': {
        const [one, two] = e.arguments.map((argument) => this.typeGiven(argument));
        const compatible = one && two && isCompatible(one, two, this.around);
        return compatible === undefined ? undefined : plain(compatible ? 1n : 0n);
      }
      case '__builtin_choose_expr':
        return first === undefined ? undefined : given[first !== 0n ? 1 : 2];
      case '__builtin_expect':
        return first === undefined || (second ?? third) === undefined ? undefined : { value: first, type: longType };
    }
    if (first === undefined) return undefined;
    switch (name) {
      case 'BIT':
      case 'BIT_ULL':
      case '_BITUL':
      case '_BITULL':
        return isBit(first) ? { value: 1n << first, type: unsignedLongType } : undefined;
      case 'GENMASK':
      case 'GENMASK_ULL':
        if (second === undefined || !isBit(first) || !isBit(second) || first < second) return undefined;
        return { value: ((1n << (first - second + 1n)) - 1n) << second, type: unsignedLongType };
      default:
        return undefined;
    }
  }

  private typeGiven(argument: Argument): CType | undefined {
    if (argument.kind === 'type') return argument.type;
    return argument.kind === 'value' ? this.typeNamed(argument.expression) : undefined;
  }

  private expanded(macro: MacroDefinition, e: Extract<Expression, { kind: 'call' }>): Value | undefined {
    const text = expandedBy(macro, e);
    if (text === undefined || text === '' || this.depth >= deepest) return undefined;
    this.depth++;
    const value = this.ofText(text);
    this.depth--;
    return value;
  }
}

function expandedBy(macro: MacroDefinition, e: Extract<Expression, { kind: 'call' }>): string | undefined {
  return expandMacro(
    macro,
    e.arguments.map((argument) => argument.text),
  );
}

function isComparison(operator: BinaryOperator): boolean {
  return ['==', '!=', '<', '>', '<=', '>='].includes(operator);
}

/** Whether a long has that bit. */
function isBit(nr: bigint): boolean {
  return nr >= 0n && nr < 64n;
}

function asType({ value }: Value, type: IntegerType | undefined): Value | undefined {
  return type && converted(value, type);
}

/** With the first type that holds it. */
function plain(value: bigint): Value {
  return { value, type: constantType(value, { unsigned: false, long: false, decimal: false }) };
}

function converted(value: bigint, type: IntegerType): Value {
  return { value: type.signed ? BigInt.asIntN(type.bits, value) : BigInt.asUintN(type.bits, value), type };
}

/** Limits of include/linux/limits.h and include/uapi/linux/limits.h on a 64-bit kernel. */
const limits: ReadonlyMap<string, bigint> = new Map([
  ['INT_MAX', 2n ** 31n - 1n],
  ['INT_MIN', -(2n ** 31n)],
  ['UINT_MAX', 2n ** 32n - 1n],
  ['LONG_MAX', 2n ** 63n - 1n],
  ['LONG_MIN', -(2n ** 63n)],
  ['ULONG_MAX', 2n ** 64n - 1n],
  ['LLONG_MAX', 2n ** 63n - 1n],
  ['LLONG_MIN', -(2n ** 63n)],
  ['ULLONG_MAX', 2n ** 64n - 1n],
  ['U8_MAX', 255n],
  ['U16_MAX', 65535n],
  ['S32_MAX', 2n ** 31n - 1n],
  ['U32_MAX', 2n ** 32n - 1n],
  ['S64_MAX', 2n ** 63n - 1n],
  ['U64_MAX', 2n ** 64n - 1n],
  ['SIZE_MAX', 2n ** 64n - 1n],
  ['SSIZE_MAX', 2n ** 63n - 1n],
  ['PATH_MAX', 4096n],
  ['NAME_MAX', 255n],
  ['MAX_ERRNO', 4095n],
  ['CAP_SYS_ADMIN', 21n],
]);
