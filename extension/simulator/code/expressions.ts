// Pure expressions and places as closures, with their C types worked out once.
import type { Value } from '../../kernel/intrinsics/machine.js';
import type { FunctionGraph, PlaceExpression, PureExpression } from '../../program/graph.js';
import type { AccessTypes } from '../../program/single-accesses.js';
import { printPure, usesTemporary } from '../../program/print.js';
import type { Program } from '../../program/program.js';
import { intType, longType, pointerTo, unsignedLongType } from '../../program/types.js';
import type { BinaryOperator, CType } from '../../syntax/ast.js';
import { stringLength, stringUnit } from '../../syntax/literals.js';
import { common, compute, convert, int, isIndeterminate, promoted, truth, unsignedLong, type IntegerType } from './arithmetic.js';
import type { BitField, Layout } from './layout.js';
import type { SimulatedMachine } from '../machine/simulated-machine.js';

/** Values of scalars, addresses of the blocks of others; by variable. */
export interface Locals {
  readonly slots: Value[];
}

export type Evaluate = (m: SimulatedMachine, f: Locals) => Value;

/** The function that an expression is in, and which of its locals live in memory. */
export interface FunctionScope {
  readonly graph: FunctionGraph;
  readonly memory: ReadonlySet<number>;
}

export interface PlaceCode {
  readonly type: CType;
  /** Null for what is no bit-field. */
  readonly bits: BitField | null;
  /** The local's slot, or null for memory. */
  readonly slot: number | null;
  /** The address, for memory. */
  readonly address: Evaluate;
}

/** How a scalar is kept in memory. */
export interface MemoryScalar {
  readonly bytes: 1 | 2 | 4 | 8;
  readonly signed: boolean;
}

/** How a scalar is kept. */
interface Scalar {
  readonly bytes: 1 | 2 | 4 | 8;
  readonly integer: IntegerType;
  readonly boolean: boolean;
}

const nothing: ReadonlySet<number> = new Set();

const comparisons: ReadonlySet<BinaryOperator> = new Set(['==', '!=', '<', '>', '<=', '>=']);

export class Expressions {
  private uncomputed: string | null = null;

  constructor(
    readonly program: Program,
    readonly layout: Layout,
  ) {}

  /** What was met since somebody asked that is not computed here, in words; null for nothing. */
  takeUncomputed(): string | null {
    const met = this.uncomputed;
    this.uncomputed = null;
    return met;
  }

  text(e: PureExpression, graph: FunctionGraph): string {
    return printPure(e, graph.variables);
  }

  /** As people read it: as the code has it, where parts of it have no name. */
  written(e: PureExpression, graph: FunctionGraph): string {
    if (!usesTemporary(e, graph.variables)) return this.text(e, graph);
    const text = this.program.units.find(({ file }) => file === graph.file)?.text.slice(e.span.start, e.span.end) ?? '';
    return text === '' ? this.text(e, graph) : text.replace(/\s+/g, ' ').trim();
  }

  /** Bytes of a type that is kept in memory as a whole; undefined for scalars. */
  aggregateSize(type: CType): number | undefined {
    const resolved = this.layout.resolve(type);
    return resolved.kind === 'record' || resolved.kind === 'array' ? this.layout.sizeOf(resolved) : undefined;
  }

  // ---- types -----------------------------------------------------------------------------------------------------

  /** What cutting a function's statements into single accesses needs to know. */
  accessTypes(graph: FunctionGraph): AccessTypes {
    return {
      typeOf: (e, variables) => {
        const scope = { graph: { ...graph, variables }, memory: nothing };
        return this.bitsOf(e, scope) === null ? this.typeOf(e, scope) : this.computedType(e, scope);
      },
      shapeOf: (type) => {
        const { kind } = this.layout.resolve(type);
        return kind === 'record' || kind === 'array' || kind === 'function' ? kind : 'scalar';
      },
      isDefined: (name) => this.program.global(name, graph.file) !== undefined,
      takesCopies: (callee) => this.program.resolve(callee, graph.file) !== undefined,
    };
  }

  typeOf(e: PureExpression, scope: FunctionScope): CType {
    switch (e.kind) {
      case 'variable':
        return scope.graph.variables[e.variable]?.type ?? longType;
      case 'global':
        return this.program.global(e.name, scope.graph.file)?.type ?? longType;
      case 'field':
        return this.layout.member(this.typeOf(e.base, scope), e.name)?.type ?? longType;
      case 'index': {
        const base = this.typeOf(e.base, scope);
        if (e.base.kind === 'deref') return base;
        const array = this.layout.resolve(base);
        return array.kind === 'array' ? array.of : base;
      }
      case 'deref': {
        const pointer = this.layout.resolve(this.typeOf(e.pointer, scope));
        return pointer.kind === 'pointer' ? pointer.to : pointer.kind === 'array' ? pointer.of : longType;
      }
      case 'constant':
        return e.type ?? intType;
      case 'string':
        return pointerTo(stringUnit(e.text));
      case 'function':
        return pointerTo({ kind: 'function', returns: { kind: 'void' }, parameters: [], variadic: false });
      case 'address':
        return pointerTo(this.typeOf(e.place, scope));
      case 'unary':
        return e.operator === '!' ? intType : fromInteger(promoted(this.integerOf(this.computedType(e.operand, scope))));
      case 'binary':
        return this.binaryType(e, scope);
      case 'cast':
        return e.type;
      case 'sizeof':
        return unsignedLongType;
      case 'container-of':
        return pointerTo(e.type);
      case 'unknown':
        return longType;
    }
  }

  private binaryType(e: Extract<PureExpression, { kind: 'binary' }>, scope: FunctionScope): CType {
    if (comparisons.has(e.operator)) return intType;
    const left = this.computedType(e.left, scope);
    const right = this.computedType(e.right, scope);
    if (left.kind === 'pointer' && right.kind === 'pointer') return longType;
    if (left.kind === 'pointer') return left;
    if (right.kind === 'pointer') return right;
    if (e.operator === '<<' || e.operator === '>>') return fromInteger(promoted(this.integerOf(left)));
    return fromInteger(common(this.integerOf(left), this.integerOf(right)));
  }

  /** The type of a value: an array's is a pointer to its elements. */
  private decayed(type: CType): CType {
    const resolved = this.layout.resolve(type);
    if (resolved.kind === 'array') return pointerTo(resolved.of);
    return resolved.kind === 'function' ? pointerTo(resolved) : resolved;
  }

  /**
   * The type that an operand is computed with: an array's is a pointer, that of a bit-field which fits an int is int (C11
   * 6.3.1.1), that of a wider one has the field's bits, as gcc has it.
   */
  private computedType(e: PureExpression, scope: FunctionScope): CType {
    const type = this.decayed(this.typeOf(e, scope));
    const bits = this.bitsOf(e, scope);
    if (bits === null) return type;
    const integer = this.integerOf(type);
    if (bits.width < 32 || (bits.width === 32 && integer.signed)) return intType;
    return bits.width < integer.bits ? { kind: 'integer', bits: bits.width as 64, signed: integer.signed } : type;
  }

  /** Null for what is no bit-field. */
  private bitsOf(e: PureExpression, scope: FunctionScope): BitField | null {
    return e.kind === 'field' ? (this.layout.member(this.typeOf(e.base, scope), e.name)?.bits ?? null) : null;
  }

  /** The integers that a switch compares its value and cases as. */
  switchedAs(e: PureExpression, scope: FunctionScope): IntegerType {
    return promoted(this.integerOf(this.computedType(e, scope)));
  }

  /** Width and sign of an integer type; undefined for what is none. */
  integerType(type: CType): IntegerType | undefined {
    const { kind } = this.layout.resolve(type);
    return kind === 'integer' || kind === 'boolean' || kind === 'enum' ? this.integerOf(type) : undefined;
  }

  /** How a scalar of that type is kept in memory; undefined for records and arrays. */
  scalarOf(type: CType): MemoryScalar | undefined {
    if (this.aggregateSize(type) !== undefined) return undefined;
    const { bytes, integer } = this.scalar(type);
    return { bytes, signed: integer.signed };
  }

  private integerOf(type: CType): IntegerType {
    return this.scalar(type).integer;
  }

  private scalar(given: CType): Scalar {
    const type = this.layout.resolve(given);
    if (type.kind === 'float') this.uncomputed = 'floating point';
    else if (type.kind === 'vector') this.uncomputed = 'vectors';
    else if (type.kind === 'integer' && type.bits === 128) this.uncomputed = '128-bit integers';
    switch (type.kind) {
      case 'boolean':
        return { bytes: 1, integer: { bits: 8, signed: false }, boolean: true };
      case 'integer':
        return {
          bytes: type.bits === 128 ? 8 : ((type.bits / 8) as 1 | 2 | 4 | 8),
          integer: { bits: Math.min(64, type.bits), signed: type.signed },
          boolean: false,
        };
      case 'enum': {
        const integer = this.layout.integerOfEnum(type);
        return { bytes: (integer.bits / 8) as 1 | 2 | 4 | 8, integer, boolean: false };
      }
      // Pointers are signed 64-bit numbers, so that an ERR_PTR is the error number.
      default:
        return { bytes: 8, integer: { bits: 64, signed: true }, boolean: false };
    }
  }

  // ---- places ----------------------------------------------------------------------------------------------------

  place(e: PlaceExpression, scope: FunctionScope): PlaceCode {
    const type = this.typeOf(e, scope);
    const inMemory = (address: Evaluate, bits: BitField | null = null): PlaceCode => ({ type, bits, slot: null, address });
    switch (e.kind) {
      case 'variable': {
        const { variable } = e;
        if (scope.graph.variables[variable]?.kind === 'static') return inMemory((m) => m.staticAddress(scope.graph, variable));
        if (scope.memory.has(variable)) return inMemory((_m, f) => addressIn(f, variable));
        return { type, bits: null, slot: variable, address: () => 0 };
      }
      case 'global': {
        const { name } = e;
        const { file } = scope.graph;
        const variable = this.program.global(name, file);
        let address: number | undefined;
        if (variable?.notLowered !== null) {
          const what = variable ? `the initial value of ${name} taken to be 0` : `${name} taken to be 0`;
          return inMemory((m) => {
            m.core.image.assumeZero(name, file);
            m.core.hangsOn(what);
            return (address ??= m.globalAddress(name, file));
          });
        }
        return inMemory((m) => (address ??= m.globalAddress(name, file)));
      }
      case 'field': {
        const base = this.place(e.base, scope);
        const member = this.layout.member(base.type, e.name);
        const offset = member?.offset ?? 0;
        const baseAddress = base.address;
        if (!member) {
          const name = e.name;
          return inMemory((m, f) => {
            m.core.assumeUnknown(
              'type',
              `.${name}`,
              'lies at the beginning of its record',
              `.${name} taken to lie at the beginning of its record`,
            );
            return baseAddress(m, f);
          });
        }
        return inMemory(offset === 0 ? baseAddress : (m, f) => add(baseAddress(m, f), offset), member.bits);
      }
      case 'index': {
        const base = this.place(e.base, scope);
        const size = this.layout.sizeOf(type);
        const index = this.value(e.index, scope);
        const { address } = base;
        return inMemory((m, f) => add(address(m, f), times(index(m, f), size)));
      }
      case 'deref': {
        const pointer = this.value(e.pointer, scope);
        return inMemory(pointer);
      }
    }
  }

  /** Whether a write of the place is more than one access: of a record, an array or a bit-field in memory. */
  takesSeveral(e: PlaceExpression, scope: FunctionScope): boolean {
    const { slot, bits, type } = this.place(e, scope);
    return slot === null && (bits !== null || this.aggregateSize(type) !== undefined);
  }

  /** Reads a place: a scalar's value, the address of an array, record or function. */
  load(place: PlaceCode): Evaluate {
    const { slot, address, type } = place;
    if (slot !== null) return (_m, f) => f.slots[slot] ?? NaN;
    const resolved = this.layout.resolve(type);
    if (resolved.kind === 'record' || resolved.kind === 'array' || resolved.kind === 'function') return address;
    const { bytes, integer } = this.scalar(type);
    const { signed } = integer;
    const field = place.bits;
    if (field !== null) return (m, f) => m.loadBits(address(m, f), field, signed);
    return (m, f) => m.load(address(m, f), bytes, signed);
  }

  /** Writes a value to a place, converted to its type; an aggregate's value is an address to copy from, or 0 to clear it. */
  store(place: PlaceCode): (m: SimulatedMachine, f: Locals, value: Value) => void {
    const { slot, address, type } = place;
    const size = this.aggregateSize(type);
    if (size !== undefined)
      return (m, f, value) => {
        if (value === 0) m.fill(address(m, f), 0, size);
        else m.copy(address(m, f), value, size);
      };
    const { bytes, integer, boolean } = this.scalar(type);
    const narrow = boolean
      ? (value: Value): Value => (isIndeterminate(value) ? value : truth(value) ? 1 : 0)
      : (value: Value): Value => convert(value, integer);
    const field = place.bits;
    if (field !== null) return (m, f, value) => m.storeBits(address(m, f), field, narrow(value));
    if (slot !== null)
      return (_m, f, value) => {
        f.slots[slot] = narrow(value);
      };
    return (m, f, value) => m.store(address(m, f), bytes, narrow(value));
  }

  assign(target: PlaceExpression, value: PureExpression, scope: FunctionScope): (m: SimulatedMachine, f: Locals) => void {
    const place = this.place(target, scope);
    const store = this.store(place);
    const given = this.value(value, scope);
    if (this.aggregateSize(place.type) !== undefined && value.kind === 'string') {
      // A flexible array is as long as what it is given.
      const flexible = this.layout.resolve(place.type);
      const unstated = flexible.kind === 'array' && flexible.length === null;
      const size = unstated ? stringLength(value.text) * (stringUnit(value.text).bits / 8) : (this.aggregateSize(place.type) ?? 0);
      return (m, f) => m.copyString(place.address(m, f), given(m, f), size);
    }
    return (m, f) => store(m, f, given(m, f));
  }

  // ---- values ----------------------------------------------------------------------------------------------------

  /** As an argument of a call: a name that nothing defines (a member's, for `kfree_rcu(p, rcu)`) is 0, and no question. */
  argument(e: PureExpression, scope: FunctionScope): Evaluate {
    const name = this.undefinedName(e, scope);
    return name === null ? this.value(e, scope) : (m) => m.undefinedName(name, scope.graph.file);
  }

  undefinedName(e: PureExpression, scope: FunctionScope): string | null {
    return e.kind === 'global' && !this.program.global(e.name, scope.graph.file) ? e.name : null;
  }

  /** The type that tells most of an argument: of `sizeof(struct x)` it is `struct x`. */
  aboutArgument(e: PureExpression, scope: FunctionScope): CType | null {
    return e.kind === 'sizeof' && e.of === undefined ? e.type : this.typeOf(e, scope);
  }

  /** How an argument without a parameter is passed in memory: promoted (C11 6.5.2.2), a record as a copy. */
  passed(
    e: PureExpression,
    scope: FunctionScope,
  ): { readonly bytes: number; readonly store: (m: SimulatedMachine, address: number, value: Value) => void } {
    const type = this.layout.resolve(this.computedType(e, scope));
    if (type.kind === 'record') {
      const bytes = this.layout.sizeOf(type);
      return { bytes, store: (m, address, value) => m.copy(address, value, bytes) };
    }
    const integer = promoted(this.integerOf(type.kind === 'array' || type.kind === 'function' ? longType : type));
    const bytes = integer.bits > 32 ? 8 : 4;
    return { bytes, store: (m, address, value) => m.store(address, bytes, convert(value, integer)) };
  }

  /** As what a function returns: converted to its type. */
  returned(e: PureExpression, type: CType, scope: FunctionScope): Evaluate {
    const value = this.value(e, scope);
    if (this.aggregateSize(type) !== undefined || this.layout.resolve(type).kind === 'void') return value;
    return this.converted(value, type);
  }

  private converted(value: Evaluate, type: CType): Evaluate {
    const { integer, boolean } = this.scalar(type);
    if (boolean)
      return (m, f) => {
        const now = value(m, f);
        return isIndeterminate(now) ? now : truth(now) ? 1 : 0;
      };
    return (m, f) => convert(value(m, f), integer);
  }

  value(e: PureExpression, scope: FunctionScope): Evaluate {
    switch (e.kind) {
      case 'variable':
      case 'global':
      case 'field':
      case 'index':
      case 'deref':
        return this.load(this.place(e, scope));
      case 'constant': {
        const value = convert(e.value, this.integerOf(e.type ?? intType));
        return () => value;
      }
      case 'string': {
        const { text } = e;
        let address: number | undefined;
        return (m) => (address ??= m.stringAddress(text));
      }
      case 'function': {
        const { name } = e;
        let address: number | undefined;
        return (m) => (address ??= m.functionAddress(name, scope.graph.file));
      }
      case 'address':
        return this.place(e.place, scope).address;
      case 'unary':
        return this.unary(e, scope);
      case 'binary':
        return this.binary(e, scope);
      case 'cast': {
        const value = this.value(e.operand, scope);
        const to = this.layout.resolve(e.type);
        return to.kind === 'void' || to.kind === 'record' || to.kind === 'array' || to.kind === 'function'
          ? value
          : this.converted(value, to);
      }
      case 'sizeof': {
        const size = this.sizeof(e);
        return (m) => {
          if (size === null) m.core.assumeUnknown('type', e.text, 'is 8', `'${e.text}' taken to be 8`);
          return size ?? 8;
        };
      }
      case 'container-of': {
        const pointer = this.value(e.pointer, scope);
        const offset = this.layout.offsetOf(e.type, e.member);
        return (m, f) => {
          if (offset === undefined)
            m.core.assumeUnknown(
              'type',
              `.${e.member}`,
              'lies at the beginning of its record',
              `.${e.member} taken to lie at the beginning of its record`,
            );
          return add(pointer(m, f), -(offset ?? 0));
        };
      }
      case 'unknown': {
        const { text } = e;
        return (m) => {
          m.meetUnreadPart(scope.graph, e.span, text);
          m.core.assumeUnknown('construct', text, 'is 0', `'${text}' taken to be 0`);
          return 0;
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

  private unary(e: Extract<PureExpression, { kind: 'unary' }>, scope: FunctionScope): Evaluate {
    const operand = this.value(e.operand, scope);
    if (e.operator === '!')
      return (m, f) => {
        const value = operand(m, f);
        return isIndeterminate(value) ? value : truth(value) ? 0 : 1;
      };
    const type = promoted(this.integerOf(this.computedType(e.operand, scope)));
    if (e.operator === '+') return (m, f) => convert(operand(m, f), type);
    if (e.operator === '-') return (m, f) => compute('-', 0, convert(operand(m, f), type), type) ?? NaN;
    // ~x is -1 - x in two's complement, whatever the width.
    return (m, f) => compute('-', type.signed ? -1 : convert(-1, type), convert(operand(m, f), type), type) ?? NaN;
  }

  private binary(e: Extract<PureExpression, { kind: 'binary' }>, scope: FunctionScope): Evaluate {
    const { operator } = e;
    const leftType = this.computedType(e.left, scope);
    const rightType = this.computedType(e.right, scope);
    const left = this.value(e.left, scope);
    const right = this.value(e.right, scope);
    if (leftType.kind === 'pointer' || rightType.kind === 'pointer') {
      if (comparisons.has(operator)) {
        // Error pointers are the highest addresses.
        return (m, f) => compute(operator, convert(left(m, f), unsignedLong), convert(right(m, f), unsignedLong), int) ?? NaN;
      }
      if (leftType.kind === 'pointer' && rightType.kind === 'pointer') {
        const size = Math.max(1, this.layout.sizeOf(leftType.to));
        return (m, f) => {
          const difference = compute('-', left(m, f), right(m, f), { bits: 64, signed: true }) ?? NaN;
          return compute('/', difference, size, { bits: 64, signed: true }) ?? NaN;
        };
      }
      const [pointer, count, to] =
        leftType.kind === 'pointer' ? [left, right, leftType.to] : [right, left, rightType.kind === 'pointer' ? rightType.to : longType];
      const size = Math.max(1, this.layout.sizeOf(to)) * (operator === '-' ? -1 : 1);
      return (m, f) => add(pointer(m, f), times(count(m, f), size));
    }
    const from = this.integerOf(leftType);
    const shift = operator === '<<' || operator === '>>';
    const type = shift ? promoted(from) : common(from, this.integerOf(rightType));
    const rightInteger = shift ? promoted(this.integerOf(rightType)) : type;
    const result = comparisons.has(operator) ? int : type;
    const text = this.written(e, scope.graph);
    return (m, f) => {
      const value = compute(operator, convert(left(m, f), type), convert(right(m, f), rightInteger), result);
      if (value !== null) return value;
      m.report('bug', `division by zero in '${text}'`);
      return NaN;
    };
  }
}

function fromInteger(type: IntegerType): CType {
  return { kind: 'integer', bits: type.bits as 32 | 64, signed: type.signed };
}

function add(address: Value, bytes: Value): Value {
  if (typeof address === 'number' && typeof bytes === 'number') return address + bytes;
  return convert(BigInt(address) + BigInt(bytes), { bits: 64, signed: true });
}

function times(count: Value, size: number): Value {
  return typeof count === 'number' ? count * size : convert(count * BigInt(size), { bits: 64, signed: true });
}

/** The address of a local that lives in memory. */
export function addressIn(locals: Locals, variable: number): Value {
  const address = locals.slots[variable];
  if (address === undefined) throw new Error(`local ${variable} is in no memory`);
  return address;
}
