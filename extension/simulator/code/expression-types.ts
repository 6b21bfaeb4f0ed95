// The C types of expressions and places, as the machine lays them out.
import type { FunctionGraph, PlaceExpression, PureExpression } from '../../program/graph.js';
import type { AccessTypes } from '../../program/single-accesses.js';
import type { Program } from '../../program/program.js';
import { intType, longType, pointerTo, unsignedLongType } from '../../program/types.js';
import type { BinaryOperator, CType } from '../../syntax/ast.js';
import { stringUnit } from '../../syntax/literals.js';
import { common, promoted, type IntegerType } from './arithmetic.js';
import type { BitField, Layout } from './layout.js';

/** The function that an expression is in, and which of its locals live in memory. */
export interface FunctionScope {
  readonly graph: FunctionGraph;
  readonly memory: ReadonlySet<number>;
}

/** How a scalar is kept in memory. */
export interface MemoryScalar {
  readonly bytes: 1 | 2 | 4 | 8;
  readonly signed: boolean;
}

/** How a scalar is kept. */
export interface Scalar {
  readonly bytes: 1 | 2 | 4 | 8;
  readonly integer: IntegerType;
  readonly boolean: boolean;
}

const nothing: ReadonlySet<number> = new Set();

export const comparisons: ReadonlySet<BinaryOperator> = new Set(['==', '!=', '<', '>', '<=', '>=']);

export class ExpressionTypes {
  private uncomputed: string | null = null;

  constructor(
    private readonly program: Program,
    private readonly layout: Layout,
  ) {}

  /** What was met since somebody asked that is not computed here, in words; null for nothing. */
  takeUncomputed(): string | null {
    const met = this.uncomputed;
    this.uncomputed = null;
    return met;
  }

  /** Bytes of a type that is kept in memory as a whole; undefined for scalars. */
  aggregateSize(type: CType): number | undefined {
    const resolved = this.layout.resolve(type);
    return resolved.kind === 'record' || resolved.kind === 'array' ? this.layout.sizeOf(resolved) : undefined;
  }

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
  computedType(e: PureExpression, scope: FunctionScope): CType {
    const type = this.decayed(this.typeOf(e, scope));
    const bits = this.bitsOf(e, scope);
    if (bits === null) return type;
    const integer = this.integerOf(type);
    if (bits.width < 32 || (bits.width === 32 && integer.signed)) return intType;
    return bits.width < integer.bits ? { kind: 'integer', bits: bits.width as 64, signed: integer.signed } : type;
  }

  /** Whether a write of the place is more than one access: of a record, an array or a bit-field in memory. */
  takesSeveral(e: PlaceExpression, scope: FunctionScope): boolean {
    if (e.kind === 'variable' && !scope.memory.has(e.variable)) return false;
    return this.bitsOf(e, scope) !== null || this.aggregateSize(this.typeOf(e, scope)) !== undefined;
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

  integerOf(type: CType): IntegerType {
    return this.scalar(type).integer;
  }

  scalar(given: CType): Scalar {
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
}

function fromInteger(type: IntegerType): CType {
  return { kind: 'integer', bits: type.bits as 32 | 64, signed: type.signed };
}
