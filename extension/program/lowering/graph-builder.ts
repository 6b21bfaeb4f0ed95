// Collects the blocks of a graph while a function is lowered, then drops what nothing reaches and numbers the rest.
import type { Span } from '../../model/source.js';
import type { CType } from '../../syntax/ast.js';
import type {
  BlockId,
  FunctionGraph,
  IfStatement,
  Instruction,
  PureExpression,
  SwitchCase,
  Terminator,
  Variable,
  VariableId,
} from '../graph.js';

/** A block that is still being written. It has no id before the graph is finished. */
export interface Draft {
  readonly labels: { readonly name: string; readonly span: Span }[];
  instructions: Instruction[];
  terminator: DraftTerminator | null;
}

/** Where one side of a branch goes, and whether the statement there leaves by a jump. */
export interface Target {
  readonly block: Draft;
  readonly jumps: boolean;
}

export interface DraftCase extends Omit<SwitchCase, 'to'> {
  readonly to: Draft;
}

export type BranchSource = Extract<Terminator, { kind: 'branch' }>['source'];

type DraftTerminator =
  | { readonly kind: 'goto'; to: Draft; readonly label: string | null; readonly span: Span }
  | {
      readonly kind: 'branch';
      readonly condition: PureExpression;
      then: Draft;
      else: Draft;
      readonly source: BranchSource;
      readonly thenJumps: boolean;
      readonly elseJumps: boolean;
      readonly span: Span;
    }
  | { readonly kind: 'switch'; readonly value: PureExpression; readonly cases: DraftCase[]; default: Draft; readonly span: Span }
  | { readonly kind: 'return'; readonly value: PureExpression | null; readonly span: Span }
  | { readonly kind: 'unreachable'; readonly span: Span };

export class GraphBuilder {
  readonly variables: Variable[] = [];
  readonly ifs: IfStatement[] = [];
  private readonly entry: Draft = newDraft();
  /** In the order in which blocks were begun, which is about the order of the source. */
  private order: Draft[] = [this.entry];
  private current: Draft = this.entry;
  private temporaries = 0;

  block(): Draft {
    return newDraft();
  }

  /** Code goes into `block` from here on. */
  begin(block: Draft): void {
    this.order.push(block);
    this.current = block;
  }

  emit(instruction: Instruction): void {
    this.current.instructions.push(instruction);
  }

  /** Ends the current block; what is emitted next is reached by nothing until another block is begun. */
  end(terminator: DraftTerminator): void {
    this.current.terminator ??= terminator;
    this.begin(newDraft());
  }

  goto(to: Draft, span: Span, label: string | null = null): void {
    this.end({ kind: 'goto', to, label, span });
  }

  variable(name: string, kind: Variable['kind'], type: CType, span: Span): VariableId {
    const id = this.variables.length;
    this.variables.push({ id, name, kind, type, span });
    return id;
  }

  temporary(type: CType, span: Span): VariableId {
    return this.variable(`%${++this.temporaries}`, 'temporary', type, span);
  }

  setType(id: VariableId, type: CType): void {
    const variable = this.variables[id];
    if (variable) this.variables[id] = { ...variable, type };
  }

  setInitialiser(id: VariableId, initialiser: FunctionGraph): void {
    const variable = this.variables[id];
    if (variable) this.variables[id] = { ...variable, initialiser };
  }

  /** Runs `action`, keeping none of what it emits: for operands that C does not evaluate. */
  unevaluated<T>(action: () => T): T {
    const { current, order, temporaries } = this;
    const variables = this.variables.length;
    this.order = [];
    this.current = newDraft();
    try {
      return action();
    } finally {
      this.current = current;
      this.order = order;
      this.temporaries = temporaries;
      this.variables.length = variables;
    }
  }

  /** The blocks that the entry reaches, numbered, and the C labels among them in source order. */
  finish(exit: Span): Pick<FunctionGraph, 'blocks' | 'labels' | 'ifs'> {
    this.current.terminator ??= { kind: 'return', value: null, span: exit };
    for (const block of this.order) block.terminator ??= { kind: 'unreachable', span: exit };
    for (const block of this.order) retarget(block.terminator, skipEmpty);
    this.join();
    const reached = this.reached();
    const kept = this.order.filter((block) => reached.has(block));
    const ids = new Map(kept.map((block, id) => [block, id]));
    const idOf = (block: Draft): BlockId => ids.get(block) ?? 0;
    const blocks = kept.map((block, id) => ({
      id,
      labels: block.labels.map((label) => label.name),
      instructions: block.instructions,
      terminator: numbered(block.terminator, idOf, exit),
    }));
    const labels = kept.flatMap((block, id) => block.labels.map(({ name, span }) => ({ name, block: id, span })));
    labels.sort((a, b) => a.span.start - b.span.start);
    return { blocks, labels, ifs: this.ifs };
  }

  private reached(): Set<Draft> {
    const reached = new Set<Draft>([this.entry]);
    const open = [this.entry];
    for (let block = open.pop(); block; block = open.pop())
      for (const next of successors(block.terminator))
        if (!reached.has(next)) {
          reached.add(next);
          open.push(next);
        }
    return reached;
  }

  /** Joins a block with the only one that runs into it, unless a C label or a C goto tells them apart. */
  private join(): void {
    const reached = this.reached();
    const entries = new Map<Draft, number>([[this.entry, 1]]);
    for (const block of reached) for (const next of successors(block.terminator)) entries.set(next, (entries.get(next) ?? 0) + 1);
    const gone = new Set<Draft>();
    for (const block of reached) {
      if (gone.has(block)) continue;
      for (;;) {
        const end = block.terminator;
        if (end?.kind !== 'goto' || end.label !== null) break;
        const next = end.to;
        if (next === block || next.labels.length > 0 || entries.get(next) !== 1) break;
        block.instructions = block.instructions.concat(next.instructions);
        block.terminator = next.terminator;
        gone.add(next);
      }
    }
  }
}

function newDraft(): Draft {
  return { labels: [], instructions: [], terminator: null };
}

function successors(end: DraftTerminator | null): readonly Draft[] {
  switch (end?.kind) {
    case 'goto':
      return [end.to];
    case 'branch':
      return [end.then, end.else];
    case 'switch':
      return [...end.cases.map((each) => each.to), end.default];
    default:
      return [];
  }
}

/** Where an empty block that only goes on leads to. */
function skipEmpty(block: Draft): Draft {
  const seen = new Set<Draft>();
  let at = block;
  while (!seen.has(at)) {
    seen.add(at);
    const end = at.terminator;
    if (at.labels.length > 0 || at.instructions.length > 0 || end?.kind !== 'goto' || end.label !== null) return at;
    at = end.to;
  }
  return block;
}

function retarget(end: DraftTerminator | null, to: (block: Draft) => Draft): void {
  switch (end?.kind) {
    case 'goto':
      end.to = to(end.to);
      break;
    case 'branch':
      end.then = to(end.then);
      end.else = to(end.else);
      break;
    case 'switch':
      end.cases.forEach((each, at) => {
        end.cases[at] = { ...each, to: to(each.to) };
      });
      end.default = to(end.default);
      break;
    default:
      break;
  }
}

function numbered(end: DraftTerminator | null, idOf: (block: Draft) => BlockId, exit: Span): Terminator {
  switch (end?.kind) {
    case 'goto':
      return { ...end, to: idOf(end.to) };
    case 'branch':
      return { ...end, then: idOf(end.then), else: idOf(end.else) };
    case 'switch':
      return { ...end, cases: end.cases.map((each) => ({ ...each, to: idOf(each.to) })), default: idOf(end.default) };
    default:
      return end ?? { kind: 'unreachable', span: exit };
  }
}
