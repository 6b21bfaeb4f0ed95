// What later code of a function can still read: live variables at each block, and field names read from each block on.
import { addressTaken } from './accesses.js';
import type { BasicBlock, FunctionGraph, Instruction, PlaceExpression, PureExpression, Terminator, VariableId } from './graph.js';

export interface Liveness {
  /** Variables whose value on entry to the block may be read. */
  readonly live: readonly ReadonlySet<VariableId>[];
  /** Names of fields and globals that the block or one after it reads. */
  readonly names: readonly ReadonlySet<string>[];
}

/** Blocks that may follow. */
export function successors(terminator: Terminator): readonly number[] {
  switch (terminator.kind) {
    case 'goto':
      return [terminator.to];
    case 'branch':
      return [terminator.then, terminator.else];
    case 'switch':
      return [...terminator.cases.map((one) => one.to), terminator.default];
    case 'return':
    case 'unreachable':
      return [];
  }
}

class Uses {
  readonly read = new Set<VariableId>();
  readonly written = new Set<VariableId>();
  readonly names = new Set<string>();

  private variable(id: VariableId): void {
    if (!this.written.has(id)) this.read.add(id);
  }

  expression(expression: PureExpression): void {
    switch (expression.kind) {
      case 'variable':
        this.variable(expression.variable);
        break;
      case 'global':
        this.names.add(expression.name);
        break;
      case 'field':
        this.names.add(expression.name);
        this.expression(expression.base);
        break;
      case 'index':
        this.expression(expression.base);
        this.expression(expression.index);
        break;
      case 'deref':
      case 'container-of':
        this.expression(expression.pointer);
        break;
      case 'address':
        this.expression(expression.place);
        break;
      case 'unary':
      case 'cast':
        this.expression(expression.operand);
        break;
      case 'binary':
        this.expression(expression.left);
        this.expression(expression.right);
        break;
      case 'constant':
      case 'string':
      case 'function':
      case 'sizeof':
      case 'unknown':
        break;
    }
  }

  target(place: PlaceExpression): void {
    if (place.kind === 'variable') this.written.add(place.variable);
    else if (place.kind === 'field') this.expression(place.base);
    else if (place.kind !== 'global') this.expression(place);
  }

  instruction(instruction: Instruction): void {
    switch (instruction.kind) {
      case 'assign':
        this.expression(instruction.value);
        this.target(instruction.target);
        break;
      case 'call':
        if (instruction.callee.kind === 'indirect') this.expression(instruction.callee.pointer);
        for (const argument of instruction.arguments) if (argument.kind === 'value') this.expression(argument.value);
        if (instruction.target !== null) this.target(instruction.target);
        break;
      case 'iterate':
        for (const argument of instruction.arguments) if (argument.kind === 'value') this.expression(argument.value);
        this.target(instruction.target);
        // Where the loop ends they keep what they have.
        for (const cursor of instruction.cursors) if (cursor.kind !== 'variable') this.target(cursor);
        break;
      case 'declare':
      case 'end':
      case 'opaque':
        break;
    }
  }

  terminator(terminator: Terminator): void {
    if (terminator.kind === 'branch') this.expression(terminator.condition);
    else if (terminator.kind === 'switch') this.expression(terminator.value);
    else if (terminator.kind === 'return' && terminator.value !== null) this.expression(terminator.value);
  }
}

function usesOf(block: BasicBlock): Uses {
  const uses = new Uses();
  for (const instruction of block.instructions) uses.instruction(instruction);
  uses.terminator(block.terminator);
  return uses;
}

/** Variables that stay live, since they may be read through a pointer: an array used as a value is the address of its first element. */
function readThroughPointers(graph: FunctionGraph): ReadonlySet<VariableId> {
  const arrays = graph.variables.filter(({ type }) => type.kind === 'array').map(({ id }) => id);
  return new Set([...addressTaken(graph), ...arrays]);
}

export function liveness(graph: FunctionGraph): Liveness {
  const uses = graph.blocks.map(usesOf);
  const always = readThroughPointers(graph);
  const live = graph.blocks.map(() => new Set<VariableId>(always));
  const names = uses.map((use) => new Set(use.names));
  for (let changed = true; changed;) {
    changed = false;
    for (let id = graph.blocks.length - 1; id >= 0; id--) {
      const block = graph.blocks[id];
      const use = uses[id];
      const here = live[id];
      const namesHere = names[id];
      if (block === undefined || use === undefined || here === undefined || namesHere === undefined) continue;
      const before = here.size + namesHere.size;
      for (const variable of use.read) here.add(variable);
      for (const next of successors(block.terminator)) {
        for (const variable of live[next] ?? []) if (!use.written.has(variable)) here.add(variable);
        for (const name of names[next] ?? []) namesHere.add(name);
      }
      if (here.size + namesHere.size !== before) changed = true;
    }
  }
  return { live, names };
}

/** Variables whose value may be read from each instruction of a block on, and at the end from its terminator on; by block. */
export function liveBeforeEach(graph: FunctionGraph): readonly (readonly ReadonlySet<VariableId>[])[] {
  const { live: entries } = liveness(graph);
  return graph.blocks.map((block) => {
    const end = new Uses();
    end.terminator(block.terminator);
    let live = new Set([...end.read, ...successors(block.terminator).flatMap((next) => [...(entries[next] ?? [])])]);
    const before: ReadonlySet<VariableId>[] = [live];
    for (const instruction of [...block.instructions].reverse()) {
      const uses = new Uses();
      uses.instruction(instruction);
      live = new Set([...[...live].filter((variable) => !uses.written.has(variable)), ...uses.read]);
      before.push(live);
    }
    return before.reverse();
  });
}

/** What is read to get to where a call's result goes, after the call. */
export function readForResult(target: PlaceExpression): ReadonlySet<VariableId> {
  const uses = new Uses();
  uses.target(target);
  return uses.read;
}
