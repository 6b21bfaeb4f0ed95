// What later code of a function can still read: live variables at each block, and field names read from each block on.
import type { BasicBlock, FunctionGraph, Instruction, PlaceExpression, PureExpression, Terminator, VariableId } from '../program/graph.js';

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
        for (const cursor of instruction.cursors) this.target(cursor);
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

/** Variables whose address is taken anywhere: they stay live, since they may be read through a pointer. */
function addressTaken(graph: FunctionGraph): ReadonlySet<VariableId> {
  const taken = new Set<VariableId>();
  const place = (at: PlaceExpression): void => {
    if (at.kind === 'variable') taken.add(at.variable);
    else if (at.kind === 'field') place(at.base);
    else if (at.kind === 'index') {
      place(at.base);
      expression(at.index);
    } else if (at.kind === 'deref') expression(at.pointer);
  };
  const expression = (at: PureExpression): void => {
    switch (at.kind) {
      case 'address':
        place(at.place);
        break;
      case 'field':
        expression(at.base);
        break;
      case 'index': {
        // an array used as a value is the address of its first element
        expression(at.base);
        expression(at.index);
        break;
      }
      case 'deref':
      case 'container-of':
        expression(at.pointer);
        break;
      case 'unary':
      case 'cast':
        expression(at.operand);
        break;
      case 'binary':
        expression(at.left);
        expression(at.right);
        break;
      case 'variable':
        if (graph.variables[at.variable]?.type.kind === 'array') taken.add(at.variable);
        break;
      default:
        break;
    }
  };
  for (const block of graph.blocks) {
    for (const instruction of block.instructions) {
      if (instruction.kind === 'assign') {
        expression(instruction.value);
        if (instruction.target.kind !== 'variable') expression(instruction.target);
      } else if (instruction.kind === 'call' || instruction.kind === 'iterate') {
        for (const argument of instruction.arguments) if (argument.kind === 'value') expression(argument.value);
      }
    }
    const { terminator } = block;
    if (terminator.kind === 'return' && terminator.value !== null) expression(terminator.value);
  }
  return taken;
}

export function liveness(graph: FunctionGraph): Liveness {
  const uses = graph.blocks.map(usesOf);
  const always = addressTaken(graph);
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
