// Pure expressions and places as the text of JavaScript, with their C types worked out once.
import type { Value } from '../../kernel/intrinsics/machine.js';
import type { FunctionGraph, PlaceExpression, PureExpression } from '../../program/graph.js';
import { printPure, usesTemporary } from '../../program/print.js';
import type { Program } from '../../program/program.js';
import { intType, longType } from '../../program/types.js';
import type { CType } from '../../syntax/ast.js';
import { stringLength, stringUnit } from '../../syntax/literals.js';
import type { SimulatedMachine } from '../machine/simulated-machine.js';
import { common, convert, int, long, promoted, unsignedLong, type IntegerType } from './arithmetic.js';
import { comparisons, type ExpressionTypes, type FunctionScope } from './expression-types.js';
import type { FunctionText } from './function-text.js';
import type { BitField, Layout } from './layout.js';
import { conversionNamed, holdsAll, operatorNamed } from './operators.js';

/**
 * An expression of JavaScript. It may use what a function's text has (function-text.ts), and is worked out where it stands, once for each
 * time that C works it out.
 */
export interface ValueText {
  readonly text: string;
  /** A type that has every value of it; indeterminate ones are in any. */
  readonly in: IntegerType;
}

export interface PlaceText {
  readonly type: CType;
  /** Null for what is no bit-field. */
  readonly bits: BitField | null;
  /** The local's slot, or null for memory. */
  readonly slot: number | null;
  /** The address, for memory: what it is worked out from, and bytes from there. */
  readonly address: { readonly base: string; readonly offset: number };
}

/** Addresses, and what nothing is known of. */
const word = long;

export class Expressions {
  constructor(
    readonly program: Program,
    readonly layout: Layout,
    readonly types: ExpressionTypes,
  ) {}

  text(e: PureExpression, graph: FunctionGraph): string {
    return printPure(e, graph.variables);
  }

  /** As people read it: as the code has it, where parts of it have no name. */
  written(e: PureExpression, graph: FunctionGraph): string {
    if (!usesTemporary(e, graph.variables)) return this.text(e, graph);
    const text = this.program.units.find(({ file }) => file === graph.file)?.text.slice(e.span.start, e.span.end) ?? '';
    return text === '' ? this.text(e, graph) : text.replace(/\s+/g, ' ').trim();
  }

  // ---- places ----------------------------------------------------------------------------------------------------

  place(e: PlaceExpression, scope: FunctionScope, to: FunctionText): PlaceText {
    const type = this.types.typeOf(e, scope);
    const inMemory = (base: string, offset = 0, bits: BitField | null = null): PlaceText => ({
      type,
      bits,
      slot: null,
      address: { base, offset },
    });
    switch (e.kind) {
      case 'variable': {
        const { variable } = e;
        if (scope.graph.variables[variable]?.kind === 'static') return inMemory(to.once((m) => m.staticAddress(scope.graph, variable)));
        if (scope.memory.has(variable)) return inMemory(`s[${variable}]`);
        return { type, bits: null, slot: variable, address: { base: '0', offset: 0 } };
      }
      case 'global':
        return inMemory(this.globalAddress(e.name, scope, to));
      case 'field': {
        const base = this.place(e.base, scope, to);
        const member = this.layout.member(base.type, e.name);
        const { address } = base;
        if (!member) return inMemory(to.through(lyingFirst(e.name), addressText(address)));
        return inMemory(address.base, address.offset + member.offset, member.bits);
      }
      case 'index': {
        const base = this.place(e.base, scope, to);
        const size = this.layout.sizeOf(type);
        const index = this.value(e.index, scope, to);
        return inMemory(`plus(${addressText(base.address)}, times(${index.text}, ${size}))`);
      }
      case 'deref':
        return inMemory(this.value(e.pointer, scope, to).text);
    }
  }

  private globalAddress(name: string, scope: FunctionScope, to: FunctionText): string {
    const { file } = scope.graph;
    const variable = this.program.global(name, file);
    const address = to.once((m) => m.globalAddress(name, file));
    if (variable?.notLowered === null) return address;
    const what = variable ? `the initial value of ${name} taken to be 0` : `${name} taken to be 0`;
    return `(${to.tells((m) => {
      m.core.image.assumeZero(name, file);
      m.core.hangsOn(what);
    })}, ${address})`;
  }

  /** Reads a place: a scalar's value, the address of an array, record or function. */
  private load({ slot, address, type, bits }: PlaceText, to: FunctionText): ValueText {
    const resolved = this.layout.resolve(type);
    const at = addressText(address);
    if (slot === null && (resolved.kind === 'record' || resolved.kind === 'array' || resolved.kind === 'function'))
      return { text: at, in: word };
    const { bytes, integer } = this.types.scalar(type);
    if (slot !== null) return { text: `s[${slot}]`, in: integer };
    to.usesMachine = true;
    if (bits !== null) return { text: `a.loadBits(${at}, ${to.constant(bits)}, ${integer.signed})`, in: integer };
    return { text: `a.load(${at}, ${bytes}, ${integer.signed})`, in: integer };
  }

  /**
   * Statements that write a value to a place, converted to its type; an aggregate's value is an address to copy from, or 0 to clear it.
   * `check` stands behind each access.
   */
  store({ slot, address, type, bits }: PlaceText, value: ValueText, to: FunctionText, check = ''): string {
    const size = this.types.aggregateSize(type);
    const at = addressText(address);
    if (size !== undefined) {
      to.usesMachine = true;
      return `v = ${value.text}; if (v === 0) a.fill(${at}, 0, ${size}); else a.copy(${at}, v, ${size});`;
    }
    const { bytes } = this.types.scalar(type);
    const narrowed = this.converted(value, type, to).text;
    if (slot !== null) return check === '' ? `s[${slot}] = ${narrowed};` : `v = ${narrowed}; ${check} s[${slot}] = v;`;
    to.usesMachine = true;
    if (bits !== null) return `v = ${narrowed}; a.storeBits(${at}, ${to.constant(bits)}, v);`;
    return `v = ${narrowed}; ${check} a.store(${at}, ${bytes}, v); ${check}`;
  }

  assign(target: PlaceExpression, value: PureExpression, scope: FunctionScope, to: FunctionText, check = ''): string {
    const place = this.place(target, scope, to);
    const given = this.value(value, scope, to);
    if (this.types.aggregateSize(place.type) === undefined || value.kind !== 'string')
      return this.store(place, given, to, (place.slot === null || to.usesMachine) && !to.assumes ? check : '');
    // A flexible array is as long as what it is given.
    const flexible = this.layout.resolve(place.type);
    const unstated = flexible.kind === 'array' && flexible.length === null;
    const size = unstated ? stringLength(value.text) * (stringUnit(value.text).bits / 8) : (this.types.aggregateSize(place.type) ?? 0);
    to.usesMachine = true;
    return `a.copyString(${addressText(place.address)}, ${given.text}, ${size});`;
  }

  // ---- values ----------------------------------------------------------------------------------------------------

  /** As an argument of a call: a name that nothing defines (a member's, for `kfree_rcu(p, rcu)`) is 0, and no question. */
  argument(e: PureExpression, scope: FunctionScope, to: FunctionText): string {
    const name = this.undefinedName(e, scope);
    return name === null ? this.value(e, scope, to).text : to.asks((m) => m.undefinedName(name, scope.graph.file));
  }

  undefinedName(e: PureExpression, scope: FunctionScope): string | null {
    return e.kind === 'global' && !this.program.global(e.name, scope.graph.file) ? e.name : null;
  }

  /** The type that tells most of an argument: of `sizeof(struct x)` it is `struct x`. */
  aboutArgument(e: PureExpression, scope: FunctionScope): CType | null {
    return e.kind === 'sizeof' && e.of === undefined ? e.type : this.types.typeOf(e, scope);
  }

  /** How an argument without a parameter is passed in memory: promoted (C11 6.5.2.2), a record as a copy. */
  passed(
    e: PureExpression,
    scope: FunctionScope,
  ): { readonly bytes: number; readonly store: (m: SimulatedMachine, address: number, value: Value) => void } {
    const type = this.layout.resolve(this.types.computedType(e, scope));
    if (type.kind === 'record') {
      const bytes = this.layout.sizeOf(type);
      return { bytes, store: (m, address, value) => m.copy(address, value, bytes) };
    }
    const integer = promoted(this.types.integerOf(type.kind === 'array' || type.kind === 'function' ? longType : type));
    const bytes = integer.bits > 32 ? 8 : 4;
    return { bytes, store: (m, address, value) => m.store(address, bytes, convert(value, integer)) };
  }

  /** As what a function returns: converted to its type. */
  returned(e: PureExpression, type: CType, scope: FunctionScope, to: FunctionText): string {
    const value = this.value(e, scope, to);
    if (this.types.aggregateSize(type) !== undefined || this.layout.resolve(type).kind === 'void') return value.text;
    return this.converted(value, type, to).text;
  }

  private converted(value: ValueText, type: CType, to: FunctionText): ValueText {
    const { integer, boolean } = this.types.scalar(type);
    return boolean ? { text: `toBool(${value.text})`, in: integer } : this.in(value, integer, to);
  }

  /** The value as one of an integer type. */
  in(value: ValueText, type: IntegerType, to: FunctionText): ValueText {
    if (holdsAll(value.in, type)) return { text: value.text, in: value.in };
    const name = conversionNamed(type);
    return { text: name === null ? `convert(${value.text}, ${to.constant(type)})` : `${name}(${value.text})`, in: type };
  }

  value(e: PureExpression, scope: FunctionScope, to: FunctionText): ValueText {
    switch (e.kind) {
      case 'variable':
      case 'global':
      case 'field':
      case 'index':
      case 'deref':
        return this.load(this.place(e, scope, to), to);
      case 'constant': {
        const type = this.types.integerOf(e.type ?? intType);
        return { text: literal(convert(e.value, type)), in: type };
      }
      case 'string': {
        const { text } = e;
        return { text: to.once((m) => m.stringAddress(text)), in: word };
      }
      case 'function': {
        const { name } = e;
        return { text: to.once((m) => m.functionAddress(name, scope.graph.file)), in: word };
      }
      case 'address':
        return { text: addressText(this.place(e.place, scope, to).address), in: word };
      case 'unary':
        return this.unary(e, scope, to);
      case 'binary':
        return this.binary(e, scope, to);
      case 'cast': {
        const value = this.value(e.operand, scope, to);
        const type = this.layout.resolve(e.type);
        return type.kind === 'void' || type.kind === 'record' || type.kind === 'array' || type.kind === 'function'
          ? value
          : this.converted(value, type, to);
      }
      case 'sizeof': {
        const size = this.sizeof(e);
        if (size !== null) return { text: String(size), in: word };
        return { text: `(${to.tells((m) => m.core.assumeUnknown('type', e.text, 'is 8', `'${e.text}' taken to be 8`))}, 8)`, in: word };
      }
      case 'container-of': {
        const pointer = this.value(e.pointer, scope, to);
        const offset = this.layout.offsetOf(e.type, e.member);
        if (offset === undefined) return { text: to.through(lyingFirst(e.member), pointer.text), in: word };
        return { text: addressText({ base: pointer.text, offset: -offset }), in: word };
      }
      case 'unknown': {
        const { text } = e;
        return {
          text: to.asks((m) => {
            m.meetUnreadPart(scope.graph, e.span, text);
            m.core.assumeUnknown('construct', text, 'is 0', `'${text}' taken to be 0`);
            return 0;
          }),
          in: word,
        };
      }
    }
  }

  private sizeof(e: Extract<PureExpression, { kind: 'sizeof' }>): number | null {
    if (e.of === 'offset') return e.type ? (this.layout.offsetOf(e.type, e.member ?? '') ?? null) : null;
    if (e.of === 'alignment') return e.type ? this.layout.alignOf(e.type) : null;
    if (e.value !== null) return Number(e.value);
    const type = e.type && this.layout.resolve(e.type);
    // An array whose length nothing tells: its initialiser was not understood.
    return type && !(type.kind === 'array' && type.length === null) ? this.layout.sizeOf(type) : null;
  }

  private unary(e: Extract<PureExpression, { kind: 'unary' }>, scope: FunctionScope, to: FunctionText): ValueText {
    const operand = this.value(e.operand, scope, to);
    if (e.operator === '!') return { text: `not(${operand.text})`, in: int };
    const type = promoted(this.types.integerOf(this.types.computedType(e.operand, scope)));
    const given = this.in(operand, type, to);
    if (e.operator === '+') return given;
    // ~x is -1 - x in two's complement, whatever the width.
    const from = e.operator === '-' ? 0 : convert(-1, type);
    return this.computed('-', { text: literal(from), in: type }, given, type, to);
  }

  private binary(e: Extract<PureExpression, { kind: 'binary' }>, scope: FunctionScope, to: FunctionText): ValueText {
    const { operator } = e;
    const leftType = this.types.computedType(e.left, scope);
    const rightType = this.types.computedType(e.right, scope);
    const left = this.value(e.left, scope, to);
    const right = this.value(e.right, scope, to);
    if (leftType.kind === 'pointer' || rightType.kind === 'pointer') {
      if (comparisons.has(operator)) {
        // Error pointers are the highest addresses.
        const [a, b] = [this.in(left, unsignedLong, to), this.in(right, unsignedLong, to)];
        const equality = operator === '==' || operator === '!=';
        // Two numbers are equal as signed ones where they are equal as unsigned ones.
        return equality && holdsAll(left.in, long) && holdsAll(right.in, long)
          ? this.computed(operator, left, right, long, to)
          : this.computed(operator, a, b, unsignedLong, to);
      }
      if (leftType.kind === 'pointer' && rightType.kind === 'pointer') {
        const size = Math.max(1, this.layout.sizeOf(leftType.to));
        const difference = this.computed('-', left, right, long, to);
        return size === 1 ? difference : this.computed('/', difference, { text: String(size), in: long }, long, to);
      }
      const [pointer, count, pointed] =
        leftType.kind === 'pointer' ? [left, right, leftType.to] : [right, left, rightType.kind === 'pointer' ? rightType.to : longType];
      const size = Math.max(1, this.layout.sizeOf(pointed)) * (operator === '-' ? -1 : 1);
      return { text: `plus(${pointer.text}, times(${count.text}, ${size}))`, in: word };
    }
    const from = this.types.integerOf(leftType);
    const shift = operator === '<<' || operator === '>>';
    const type = shift ? promoted(from) : common(from, this.types.integerOf(rightType));
    const rightInteger = shift ? promoted(this.types.integerOf(rightType)) : type;
    const [a, b] = [this.in(left, type, to), this.in(right, rightInteger, to)];
    if (operator !== '/' && operator !== '%') return this.computed(operator, a, b, type, to);
    const text = this.written(e, scope.graph);
    const divided = `compute(${JSON.stringify(operator)}, ${a.text}, ${b.text}, ${to.constant(type)})`;
    const by0 = to.asks((m) => {
      m.report('bug', `division by zero in '${text}'`);
      return NaN;
    });
    return { text: `(${divided} ?? ${by0})`, in: type };
  }

  /** An operator on operands that are in its type; none that divides by what may be 0. */
  private computed(operator: Operator, left: ValueText, right: ValueText, type: IntegerType, to: FunctionText): ValueText {
    const name = operatorNamed(operator, type);
    const result = comparisons.has(operator) ? int : type;
    const text =
      name === null
        ? `(compute(${JSON.stringify(operator)}, ${left.text}, ${right.text}, ${to.constant(result)}) ?? NaN)`
        : `${name}(${left.text}, ${right.text})`;
    return { text, in: result };
  }
}

type Operator = Extract<PureExpression, { kind: 'binary' }>['operator'];

/** The text of a number. */
export function literal(value: Value): string {
  return typeof value === 'bigint' ? `${value}n` : String(value);
}

export function addressText({ base, offset }: PlaceText['address']): string {
  return offset === 0 ? base : `plus(${base}, ${offset})`;
}

function lyingFirst(member: string): (m: SimulatedMachine) => void {
  const what = `.${member} taken to lie at the beginning of its record`;
  return (m) => m.core.assumeUnknown('type', `.${member}`, 'lies at the beginning of its record', what);
}
