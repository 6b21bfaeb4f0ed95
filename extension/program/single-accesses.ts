// A function in which no instruction makes more than one access that another thread may see: each read of an expression is
// an instruction of its own. `return shared->value` reads a pointer, and then what it points to; another thread may come between.
//
// C leaves open in which order operands are read; here it is from left to right, what is assigned before the pointers to where.
// A record is copied by one instruction, which is for whoever runs it to cut.
import type { Span } from '../model/source.js';
import type { CType } from '../syntax/ast.js';
import { addressTaken, isShared } from './accesses.js';
import {
  isPlace,
  type BasicBlock,
  type BlockId,
  type CallArgument,
  type FunctionGraph,
  type Instruction,
  type PlaceExpression,
  type PureExpression,
  type Terminator,
  type Variable,
  type VariableId,
} from './graph.js';

/** What has to be known of types. */
export interface AccessTypes {
  /** Of an expression over these variables, as it is computed with: of a bit-field that fits an int, int. */
  typeOf(e: PureExpression, variables: readonly Variable[]): CType;
  shapeOf(type: CType): 'scalar' | 'record' | 'array' | 'function';
  /** A name that nothing defines is no memory. */
  isDefined(name: string): boolean;
  /** It takes a record as a copy, as functions do; a macro may be given one by name and take its address. */
  takesCopies(callee: string): boolean;
}

type Assign = Extract<Instruction, { kind: 'assign' }>;

/** The same function; variables keep their numbers, temporaries come after them. */
export function withSingleAccesses(graph: FunctionGraph, types: AccessTypes): FunctionGraph {
  return new Splitter(graph, types).split();
}

/**
 * What writes the other half of an xchg() or cmpxchg(): at once, in the same expression, to where `first` reads. It follows, or
 * is the first thing done where a comparison holds.
 */
export function secondHalf(graph: FunctionGraph, block: BasicBlock, at: number): Assign | undefined {
  const first = block.instructions[at];
  const { terminator } = block;
  const second = block.instructions[at + 1] ?? (terminator.kind === 'branch' ? graph.blocks[terminator.then]?.instructions[0] : undefined);
  if (first?.kind !== 'assign' || second?.kind !== 'assign' || !first.once || !second.once) return undefined;
  return first.span.start === second.span.start && first.span.end === second.span.end && samePlace(first.value, second.target)
    ? second
    : undefined;
}

class Splitter {
  private readonly variables: Variable[];
  private readonly taken: ReadonlySet<VariableId>;
  /** What the block that is gone through becomes. */
  private instructions: Instruction[] = [];
  /** Of the statement that is gone through. */
  private span: Span = { start: 0, end: 0 };
  /** Places of the statement that is gone through, as they are reached now: what leads to one is read once. */
  private places = new Map<PlaceExpression, PlaceExpression>();
  /** Second halves of exchanges, whose operands are read before the first. */
  private readonly halves = new Map<Instruction, Assign>();
  private readonly conditions = new Map<BlockId, PureExpression>();

  constructor(
    private readonly graph: FunctionGraph,
    private readonly types: AccessTypes,
  ) {
    this.variables = [...graph.variables];
    const arrays = graph.variables.filter(({ type }) => types.shapeOf(type) === 'array').map(({ id }) => id);
    this.taken = new Set([...addressTaken(graph), ...arrays]);
  }

  split(): FunctionGraph {
    const blocks = this.graph.blocks.map((block): BasicBlock => {
      this.instructions = [];
      block.instructions.forEach((instruction, at) => this.instruction(instruction, block, at));
      const terminator = this.terminator(block.id, block.terminator);
      return { ...block, instructions: this.instructions, terminator };
    });
    return { ...this.graph, variables: this.variables, blocks };
  }

  private begin(span: Span): void {
    this.span = span;
    this.places = new Map();
  }

  private instruction(i: Instruction, block: BasicBlock, at: number): void {
    this.begin(i.span);
    switch (i.kind) {
      case 'assign': {
        const known = this.halves.get(i);
        if (known) {
          this.instructions.push(known);
          return;
        }
        const half = secondHalf(this.graph, block, at);
        if (half) this.prepareHalf(half, block, at);
        this.instructions.push(this.assign(i));
        return;
      }
      case 'call':
        this.call(i);
        return;
      default:
        this.instructions.push(i);
    }
  }

  private assign(i: Assign): Assign {
    const whole = this.shapeOf(i.target) !== 'scalar';
    const value = whole ? this.source(i.value) : this.value(i.value, !this.isAccess(i.target));
    return { ...i, value, target: this.path(i.target) };
  }

  private prepareHalf(half: Assign, block: BasicBlock, at: number): void {
    const target = this.path(half.target);
    this.halves.set(half, { ...half, target, value: this.value(half.value, false) });
    const { terminator } = block;
    if (at === block.instructions.length - 1 && terminator.kind === 'branch')
      this.conditions.set(block.id, this.value(terminator.condition, false));
  }

  private call(i: Extract<Instruction, { kind: 'call' }>): void {
    const callee = i.callee.kind === 'indirect' ? { ...i.callee, pointer: this.value(i.callee.pointer, false) } : i.callee;
    const { callee: called } = i;
    // Asked only where it matters: the callee has to be found for it.
    const copies = (): boolean => called.kind === 'indirect' || this.types.takesCopies(called.name);
    const given = i.arguments.map((argument): CallArgument =>
      argument.kind === 'value' ? { ...argument, value: this.operand(argument.value, copies) } : argument,
    );
    const { target } = i;
    if (target === null || (!this.isAccess(target) && this.readsTo(target) === 0)) {
      this.instructions.push({ ...i, callee, arguments: given });
      return;
    }
    const answer = this.temporary(this.typeOf(target), i.span);
    this.instructions.push({ ...i, target: answer, callee, arguments: given });
    this.instructions.push({ kind: 'assign', target: this.path(target), value: answer, once: false, span: i.span });
  }

  private terminator(block: BlockId, t: Terminator): Terminator {
    this.begin(t.span);
    switch (t.kind) {
      case 'branch':
        return { ...t, condition: this.conditions.get(block) ?? this.value(t.condition, true) };
      case 'switch':
        return { ...t, value: this.value(t.value, true) };
      case 'return': {
        if (t.value === null) return t;
        return { ...t, value: this.shapeOf(t.value) === 'record' ? this.operand(t.value, () => true) : this.value(t.value, true) };
      }
      default:
        return t;
    }
  }

  // ---- expressions -----------------------------------------------------------------------------------------------

  /** As it is handed over: read, also a record where that is copied. */
  private operand(e: PureExpression, copies: () => boolean): PureExpression {
    if (!isPlace(e) || this.shapeOf(e) !== 'record') return this.value(e, false);
    return this.isAccess(e) && copies() ? this.hoisted(this.path(e)) : this.path(e);
  }

  /** What a record or an array is assigned from. */
  private source(e: PureExpression): PureExpression {
    return isPlace(e) ? this.path(e) : this.value(e, false);
  }

  /** The same value; what is read to have it was read before, but for the last read where `last` lets it stay. */
  private value(e: PureExpression, last: boolean): PureExpression {
    const reads = this.reads(e);
    if (reads === 0 || (last && reads === 1)) return e;
    switch (e.kind) {
      case 'variable':
      case 'global':
      case 'field':
      case 'index':
      case 'deref': {
        const place = this.path(e);
        return last || !this.isRead(e) ? place : this.hoisted(place);
      }
      case 'address':
        return { ...e, place: this.path(e.place) };
      case 'unary':
      case 'cast':
        return { ...e, operand: this.value(e.operand, last) };
      case 'container-of':
        return { ...e, pointer: this.value(e.pointer, last) };
      case 'binary': {
        const left = this.value(e.left, last && this.reads(e.right) === 0);
        return { ...e, left, right: this.value(e.right, last) };
      }
      default:
        return e;
    }
  }

  /** The same place; what is read to get there was read before. */
  private path(place: PlaceExpression): PlaceExpression {
    if (this.readsTo(place) === 0) return place;
    const known = this.places.get(place);
    if (known) return known;
    const made = this.newPath(place);
    this.places.set(place, made);
    return made;
  }

  private newPath(place: PlaceExpression): PlaceExpression {
    switch (place.kind) {
      case 'field':
        return { ...place, base: this.path(place.base) };
      case 'index':
        return { ...place, base: this.path(place.base), index: this.value(place.index, false) };
      case 'deref':
        return { ...place, pointer: this.value(place.pointer, false) };
      default:
        return place;
    }
  }

  private hoisted(place: PlaceExpression): PlaceExpression {
    const target = this.temporary(this.typeOf(place), place.span);
    this.instructions.push({ kind: 'assign', target, value: place, once: false, part: place.span, span: this.span });
    return target;
  }

  private temporary(type: CType, span: Span): Extract<PlaceExpression, { kind: 'variable' }> {
    const id = this.variables.length;
    const number = this.variables.filter(({ kind }) => kind === 'temporary').length + 1;
    this.variables.push({ id, name: `%${number}`, kind: 'temporary', type, span });
    return { kind: 'variable', variable: id, span };
  }

  // ---- what is read ----------------------------------------------------------------------------------------------

  /** Reads of memory that others may have, to evaluate an expression. */
  private reads(e: PureExpression): number {
    switch (e.kind) {
      case 'variable':
      case 'global':
      case 'field':
      case 'index':
      case 'deref':
        return this.readsTo(e) + (this.isRead(e) ? 1 : 0);
      case 'address':
        return this.readsTo(e.place);
      case 'unary':
      case 'cast':
        return this.reads(e.operand);
      case 'container-of':
        return this.reads(e.pointer);
      case 'binary':
        return this.reads(e.left) + this.reads(e.right);
      default:
        return 0;
    }
  }

  /** The same, to get to a place. */
  private readsTo(place: PlaceExpression): number {
    if (place.kind === 'field') return this.readsTo(place.base);
    if (place.kind === 'index') return this.readsTo(place.base) + this.reads(place.index);
    return place.kind === 'deref' ? this.reads(place.pointer) : 0;
  }

  /** The value of an array or a function is its address. */
  private isRead(place: PlaceExpression): boolean {
    return this.isAccess(place) && this.shapeOf(place) === 'scalar';
  }

  private isAccess(place: PlaceExpression): boolean {
    return isShared(place, this.graph, this.taken) && (place.kind !== 'global' || this.types.isDefined(place.name));
  }

  private typeOf(e: PureExpression): CType {
    return this.types.typeOf(e, this.variables);
  }

  private shapeOf(e: PureExpression): ReturnType<AccessTypes['shapeOf']> {
    return isPlace(e) ? this.types.shapeOf(this.typeOf(e)) : 'scalar';
  }
}

/** Written alike; without calls and assignments between, that is one place. */
function samePlace(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  return Object.keys(left).every((key) => key === 'span' || samePlace(left[key], right[key]));
}
