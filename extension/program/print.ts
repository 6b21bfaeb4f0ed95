// A graph as text that a person can read and a test can compare.
import type { CallArgument, FunctionGraph, Instruction, PureExpression, Terminator, Variable } from './graph.js';
import { printType } from './types.js';

const levels: Readonly<Record<string, number>> = {
  '*': 10,
  '/': 10,
  '%': 10,
  '+': 9,
  '-': 9,
  '<<': 8,
  '>>': 8,
  '<': 7,
  '>': 7,
  '<=': 7,
  '>=': 7,
  '==': 6,
  '!=': 6,
  '&': 5,
  '^': 4,
  '|': 3,
};

/** Whether a value is used that the code has no name for, as that of a call within an expression. */
export function usesTemporary(e: PureExpression, variables: readonly Variable[]): boolean {
  switch (e.kind) {
    case 'variable':
      return variables[e.variable]?.kind === 'temporary';
    case 'field':
      return usesTemporary(e.base, variables);
    case 'index':
      return usesTemporary(e.base, variables) || usesTemporary(e.index, variables);
    case 'deref':
    case 'container-of':
      return usesTemporary(e.pointer, variables);
    case 'address':
      return usesTemporary(e.place, variables);
    case 'unary':
    case 'cast':
      return usesTemporary(e.operand, variables);
    case 'binary':
      return usesTemporary(e.left, variables) || usesTemporary(e.right, variables);
    default:
      return false;
  }
}

/** A pure expression as C writes it, constants by their names. */
export function printPure(e: PureExpression, variables: readonly Variable[], level = 0): string {
  const print = (inner: PureExpression, within = 0): string => printPure(inner, variables, within);
  const wrapped = (text: string, own: number): string => (own < level ? `(${text})` : text);
  switch (e.kind) {
    case 'variable':
      return variables[e.variable]?.name ?? `?${e.variable}`;
    case 'global':
      return e.name;
    case 'field':
      return e.base.kind === 'deref' ? `${print(e.base.pointer, 12)}->${e.name}` : `${print(e.base, 12)}.${e.name}`;
    case 'index':
      return `${print(e.base.kind === 'deref' ? e.base.pointer : e.base, 12)}[${print(e.index)}]`;
    case 'deref':
      return wrapped(`*${print(e.pointer, 11)}`, 11);
    case 'constant':
      return e.name ?? e.value.toString();
    case 'string':
      return e.text;
    case 'function':
      return e.name;
    case 'address':
      return wrapped(`&${print(e.place, 11)}`, 11);
    case 'unary':
      return wrapped(`${e.operator}${print(e.operand, 11)}`, 11);
    case 'binary': {
      const own = levels[e.operator] ?? 0;
      return wrapped(`${print(e.left, own)} ${e.operator} ${print(e.right, own + 1)}`, own);
    }
    case 'cast':
      return wrapped(`(${printType(e.type)})${print(e.operand, 11)}`, 11);
    case 'sizeof':
      return /^(offsetof|alignof)\b/.test(e.text) ? e.text : `sizeof(${e.text})`;
    case 'container-of':
      return `container_of(${print(e.pointer)}, ${printType(e.type)}, ${e.member})`;
    case 'unknown':
      return `?{${e.text}}`;
  }
}

function printArguments(list: readonly CallArgument[], variables: readonly Variable[]): string {
  return list.map((argument) => (argument.kind === 'type' ? argument.text : printPure(argument.value, variables))).join(', ');
}

export function printInstruction(i: Instruction, variables: readonly Variable[]): string {
  const print = (e: PureExpression): string => printPure(e, variables);
  switch (i.kind) {
    case 'assign':
      return `${print(i.target)} =${i.once ? ' once' : ''} ${print(i.value)}`;
    case 'call': {
      const callee = i.callee.kind === 'direct' ? i.callee.name : `(${i.callee.text})`;
      const target = i.target ? `${print(i.target)} = ` : '';
      return `${target}${callee}(${printArguments(i.arguments, variables)})${i.implicit === null ? '' : ` by ${i.implicit}`}`;
    }
    case 'declare':
      return `declare ${variables[i.variable]?.name ?? '?'}`;
    case 'end':
      return `end ${variables[i.variable]?.name ?? '?'}`;
    case 'iterate':
      return `${print(i.target)} = iterate ${i.macro}(${printArguments(i.arguments, variables)}) -> ${i.cursors.map(print).join(', ')}`;
    case 'opaque':
      return `opaque ${i.text.replace(/\s+/g, ' ')}`;
  }
}

export function printTerminator(t: Terminator, variables: readonly Variable[]): string {
  switch (t.kind) {
    case 'goto':
      return t.label === null ? `to ${t.to}` : `goto ${t.label}, ${t.to}`;
    case 'branch': {
      const side = (to: number, jumps: boolean): string => `${to}${jumps ? '!' : ''}`;
      return `${t.source} (${printPure(t.condition, variables)}) ${side(t.then, t.thenJumps)} else ${side(t.else, t.elseJumps)}`;
    }
    case 'switch': {
      const cases = t.cases.map((each) => `${each.text}: ${each.to}`);
      return `switch (${printPure(t.value, variables)}) ${[...cases, `default: ${t.default}`].join(', ')}`;
    }
    case 'return':
      return t.value ? `return ${printPure(t.value, variables)}` : 'return';
    case 'unreachable':
      return 'unreachable';
  }
}

/** One line an instruction; a block begins with its number and C labels; `!` marks a side that leaves by a jump. */
export function printGraph(graph: FunctionGraph): string {
  const parameters = graph.variables.slice(0, graph.parameterCount).map((variable) => variable.name);
  const lines = [`${graph.name}(${parameters.join(', ')})`];
  for (const block of graph.blocks) {
    lines.push(`${block.id}:${block.labels.map((label) => ` ${label}:`).join('')}`);
    for (const instruction of block.instructions) lines.push(`  ${printInstruction(instruction, graph.variables)}`);
    lines.push(`  ${printTerminator(block.terminator, graph.variables)}`);
  }
  return lines.join('\n');
}
