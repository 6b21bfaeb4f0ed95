// Integer constants: object-like macros and enumerators, and a few limits every file knows.
import type { Result } from '../model/result.js';
import type { Span } from '../model/source.js';
import type { CType, Expression, MacroDefinition } from '../syntax/ast.js';
import { arithmetic } from './lowering/constant-folding.js';
import { constantType, sizeOf } from './types.js';

export interface Enumerator {
  readonly value: Expression | null;
  /** The enumerator before it, whose value it follows where it states none. */
  readonly previous: string | null;
}

export interface ConstantSources {
  macro(name: string): MacroDefinition | undefined;
  enumerator(name: string): Enumerator | undefined;
  typedef(name: string): CType | undefined;
  parseExpression(text: string, span: Span): Result<Expression, string>;
}

interface Value {
  readonly value: bigint;
  readonly unsigned: boolean;
  readonly long: boolean;
}

/** Constants made of each other, one in the next; a value further down is not known. */
const deepest = 200;

/** Values by name, worked out when asked for. */
export class Constants {
  private readonly known = new Map<string, Value | undefined>();
  private depth = 0;

  constructor(
    private readonly sources: ConstantSources,
    private readonly given: ReadonlyMap<string, bigint>,
  ) {}

  get(name: string): bigint | undefined {
    return this.lookup(name)?.value;
  }

  /** The value of an integer constant expression. */
  valueOf(e: Expression): bigint | undefined {
    return this.evaluate(e)?.value;
  }

  /** The type of the constant. */
  typeOf(name: string): CType | undefined {
    const known = this.lookup(name);
    return known && constantType(known.value, { ...known, decimal: false });
  }

  private lookup(name: string): Value | undefined {
    this.lookUpBefore(name);
    if (this.known.has(name) || this.depth >= deepest) return this.known.get(name);
    this.known.set(name, undefined);
    this.depth++;
    const value = this.find(name);
    this.depth--;
    this.known.set(name, value);
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
    const macro = this.sources.macro(name);
    if (macro) return macro.parameters ? undefined : this.ofText(macro.body);
    const enumerator = this.sources.enumerator(name);
    if (enumerator) {
      if (enumerator.value) return this.evaluate(enumerator.value);
      if (enumerator.previous === null) return plain(0n);
      const previous = this.lookup(enumerator.previous);
      return previous && plain(previous.value + 1n);
    }
    const given = this.given.get(name) ?? limits.get(name);
    return given === undefined
      ? undefined
      : { ...plain(given), unsigned: name.startsWith('U') && given > 0x7fffffffn, long: given > 0xffffffffn || given < -0x80000000n };
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
      return { value, unsigned: first !== '' || second !== '', long: long !== '' || isLongDecimal(digits, value) };
    }
    if (text === '' || /["{};]/.test(text)) return undefined;
    const parsed = this.sources.parseExpression(text, { start: 0, end: 0 });
    return parsed.ok ? this.evaluate(parsed.value) : undefined;
  }

  private evaluate(e: Expression): Value | undefined {
    switch (e.kind) {
      case 'number':
        return { value: e.value, unsigned: e.unsigned, long: e.long || (!e.unsigned && isLongDecimal(e.text, e.value)) };
      case 'character':
        return plain(e.value);
      case 'identifier':
        return e.name === 'true' ? plain(1n) : e.name === 'false' || e.name === 'NULL' ? plain(0n) : this.lookup(e.name);
      case 'unary': {
        const operand = e.operator === '*' || e.operator === '&' ? undefined : this.evaluate(e.operand);
        if (!operand) return undefined;
        if (e.operator === '!') return plain(operand.value === 0n ? 1n : 0n);
        if (e.operator === '~') return wrap({ ...operand, value: ~operand.value });
        return e.operator === '-' ? wrap({ ...operand, value: -operand.value }) : operand;
      }
      case 'binary': {
        const left = this.evaluate(e.left);
        const right = left && this.evaluate(e.right);
        const value = right && arithmetic(e.operator, left.value, right.value);
        if (value === undefined || !left || !right) return undefined;
        if (['==', '!=', '<', '>', '<=', '>='].includes(e.operator)) return plain(value);
        const shift = e.operator === '<<' || e.operator === '>>';
        return wrap({ value, unsigned: left.unsigned || (!shift && right.unsigned), long: left.long || (!shift && right.long) });
      }
      case 'logical': {
        const left = this.evaluate(e.left);
        const right = this.evaluate(e.right);
        if (!left || !right) return undefined;
        const holds = e.operator === '&&' ? left.value !== 0n && right.value !== 0n : left.value !== 0n || right.value !== 0n;
        return plain(holds ? 1n : 0n);
      }
      case 'conditional': {
        const condition = this.evaluate(e.condition);
        if (!condition) return undefined;
        if (condition.value !== 0n) return e.then ? this.evaluate(e.then) : condition;
        return this.evaluate(e.else);
      }
      case 'cast':
        return this.cast(e.type, this.evaluate(e.operand));
      case 'sizeof': {
        const size = 'span' in e.operand || e.alignment ? undefined : sizeOf(e.operand, (name) => this.sources.typedef(name));
        return size === undefined ? undefined : { value: BigInt(size), unsigned: true, long: true };
      }
      case 'call':
        return this.call(e);
      default:
        return undefined;
    }
  }

  private cast(type: CType, operand: Value | undefined, depth = 0): Value | undefined {
    if (!operand || depth > 10) return undefined;
    if (type.kind === 'integer') {
      const value = type.signed ? BigInt.asIntN(type.bits, operand.value) : BigInt.asUintN(type.bits, operand.value);
      return { value, unsigned: !type.signed && type.bits >= 32, long: type.bits > 32 };
    }
    if (type.kind === 'named') {
      const meant = this.sources.typedef(type.name);
      if (meant) return this.cast(meant, operand, depth + 1);
      const size = sizeOf(type, () => undefined);
      const unsigned = /^_{0,2}(u\d|uint|size_t|dev_t|gfp_t|umode_t|ino_t|pgoff_t|sector_t)/.test(type.name);
      return size === undefined
        ? operand
        : { value: unsigned ? BigInt.asUintN(size * 8, operand.value) : operand.value, unsigned, long: size > 4 };
    }
    return type.kind === 'pointer' ? { ...operand, long: true } : operand;
  }

  private call(e: Extract<Expression, { kind: 'call' }>): Value | undefined {
    const given = e.arguments.map((argument) => (argument.kind === 'value' ? this.evaluate(argument.expression)?.value : undefined));
    const [first, second] = given;
    if (e.callee.kind !== 'identifier' || first === undefined) return undefined;
    switch (e.callee.name) {
      case 'BIT':
      case 'BIT_ULL':
      case '_BITUL':
      case '_BITULL':
        return isBit(first) ? { value: 1n << first, unsigned: true, long: true } : undefined;
      case 'GENMASK':
      case 'GENMASK_ULL':
        if (second === undefined || !isBit(first) || !isBit(second) || first < second) return undefined;
        return { value: ((1n << (first - second + 1n)) - 1n) << second, unsigned: true, long: true };
      default:
        return undefined;
    }
  }
}

/** Whether a long has that bit. */
function isBit(nr: bigint): boolean {
  return nr >= 0n && nr < 64n;
}

/** A decimal constant that no int holds is a long. */
function isLongDecimal(text: string, value: bigint): boolean {
  return !text.startsWith('0') && value > 0x7fffffffn;
}

function plain(value: bigint): Value {
  return { value, unsigned: false, long: value > 0x7fffffffn || value < -0x80000000n };
}

function wrap(v: Value): Value {
  const bits = v.long ? 64 : 32;
  if (v.unsigned) return { ...v, value: BigInt.asUintN(bits, v.value) };
  return { ...v, value: BigInt.asIntN(64, v.value), long: v.long || v.value > 0xffffffffn || v.value < -0x80000000n };
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
