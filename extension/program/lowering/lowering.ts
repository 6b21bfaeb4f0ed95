// The state of lowering one function: where code goes, which names are in scope, what leaving a scope must run.
import type { Span } from '../../model/source.js';
import type { Block, CType, Statement } from '../../syntax/ast.js';
import type { BranchSource, Draft, DraftCase, Target } from './graph-builder.js';
import { GraphBuilder } from './graph-builder.js';
import type { LoweringContext } from './context.js';
import { CannotLower } from './context.js';
import { Effort } from './effort.js';
import { chosenType, typeOf } from './value-types.js';
import type { CallArgument, PlaceExpression, PureExpression, VariableId } from '../graph.js';
import { unknownType } from '../types.js';

type ScopeItem =
  | { readonly kind: 'variable'; readonly id: VariableId; readonly at: Span }
  /** `run` emits the cleanup with the span of where the scope is left. */
  | { readonly kind: 'cleanup'; readonly at: Span; run(span: Span): void };

export interface Scope {
  /** The syntax node that opened it; what a label's path is made of. */
  readonly key: object;
  /** Null for a name that means what it means at file scope. */
  readonly names: Map<string, VariableId | null>;
  readonly items: ScopeItem[];
}

interface Breakable {
  readonly breakTo: Draft;
  /** null in a switch. */
  readonly continueTo: Draft | null;
  readonly depth: number;
}

interface Label {
  readonly block: Draft;
  readonly span: Span;
  /** The nodes that open the scopes around it. */
  readonly path: ReadonlySet<object>;
}

export interface SwitchCases {
  readonly cases: DraftCase[];
  default: Draft | null;
}

export class Lowering {
  readonly builder = new GraphBuilder();
  scopes: Scope[] = [];
  readonly breakables: Breakable[] = [];
  readonly switches: SwitchCases[] = [];
  /** Bodies of iterator macros that are being expanded; the innermost is last. */
  readonly bodies: (() => void)[] = [];
  readonly expansions = new Set<string>();
  /** Enumerators declared inside the function. */
  readonly enumerators = new Map<string, bigint>();
  /** What is lowered sets something before the program runs: compound literals in it live for good (C11 6.5.2.5). */
  lasting = false;
  /** Why a call is emitted that the source doesn't hold. */
  implicit: string | null = null;
  /** By name, and by the block whose own they are; null for those of the function. */
  private readonly labels = new Map<object | null, Map<string, Label | null>>([[null, new Map()]]);
  private readonly choices = new Set<VariableId>();
  private depth = 0;

  constructor(
    readonly context: LoweringContext,
    readonly name: string,
    readonly returns: CType,
    /** Shared by all that is lowered for one function. */
    readonly effort = new Effort(),
  ) {}

  fail(span: Span, reason: string): never {
    throw new CannotLower(span, reason);
  }

  // ---- bounds --------------------------------------------------------------------------------------------------

  /** Begins a level of nesting, which `leave` ends; fails where there are too many, or too many in all. */
  enter(span: Span): void {
    const reason = this.effort.step(++this.depth);
    if (reason !== null) this.fail(span, reason);
  }

  leave(): void {
    this.depth--;
  }

  /** What `action` answers, or undefined where it can't be lowered. */
  attempt<T>(action: () => T): T | undefined {
    const { depth } = this;
    try {
      return action();
    } catch (error) {
      if (!(error instanceof CannotLower)) throw error;
      this.depth = depth;
      return undefined;
    }
  }

  /** Fails where macros have become too much with this text of one. */
  expand(name: string, text: string, span: Span): void {
    const [outermost = name] = this.expansions;
    const reason = this.effort.expand(outermost, text);
    if (reason !== null) this.fail(span, reason);
  }

  // ---- code ----------------------------------------------------------------------------------------------------

  assign(target: PlaceExpression, value: PureExpression, span: Span, once = false): void {
    if (value.kind !== 'constant' || this.isChoice(target)) this.learnType(target, () => typeOf(this, value));
    this.builder.emit({ kind: 'assign', target, value, once, span });
  }

  /** A temporary of unknown type takes that of the first telling value it is given; a choice that of all of them. */
  learnType(target: PlaceExpression, type: () => CType): void {
    if (target.kind !== 'variable') return;
    const variable = this.builder.variables[target.variable];
    if (variable?.kind !== 'temporary') return;
    if (this.isChoice(target)) this.builder.setType(target.variable, chosenType(this, variable.type, type()));
    else if (variable.type.kind === 'unknown') this.builder.setType(target.variable, type());
  }

  private isChoice(target: PlaceExpression): boolean {
    return target.kind === 'variable' && this.choices.has(target.variable);
  }

  /** A temporary for the value of `a ? b : c`. */
  choice(span: Span): Extract<PlaceExpression, { kind: 'variable' }> {
    const target = this.temporary(unknownType('?:'), span);
    this.choices.add(target.variable);
    return target;
  }

  call(target: PlaceExpression | null, name: string, given: readonly PureExpression[], span: Span): void {
    const list = given.map((value): CallArgument => ({ kind: 'value', value }));
    this.builder.emit({ kind: 'call', target, callee: { kind: 'direct', name }, arguments: list, implicit: this.implicit, span });
  }

  temporary(type: CType, span: Span): Extract<PlaceExpression, { kind: 'variable' }> {
    return { kind: 'variable', variable: this.builder.temporary(type, span), span };
  }

  /** A temporary that holds `value` as it is now. */
  saved(value: PureExpression, type: CType, span: Span, once = false): Extract<PlaceExpression, { kind: 'variable' }> {
    const target = this.temporary(type, span);
    this.assign(target, value, span, once);
    return target;
  }

  branch(condition: PureExpression, then: Target, otherwise: Target, source: BranchSource, span: Span): void {
    this.builder.end({
      kind: 'branch',
      condition,
      then: then.block,
      else: otherwise.block,
      source: this.implicit === null ? source : 'cleanup',
      thenJumps: then.jumps,
      elseJumps: otherwise.jumps,
      span,
    });
  }

  target(jumps = false): Target {
    return { block: this.builder.block(), jumps };
  }

  // ---- scopes --------------------------------------------------------------------------------------------------

  push(key: object): void {
    this.scopes.push({ key, names: new Map(), items: [] });
  }

  pop(span: Span): void {
    this.unwind(this.scopes.length - 1, span);
    this.scopes.pop();
  }

  get scope(): Scope {
    const scope = this.scopes.at(-1);
    if (!scope) throw new Error('no scope is open');
    return scope;
  }

  lookup(name: string): VariableId | undefined {
    for (let at = this.scopes.length - 1; at >= 0; at--) {
      const id = this.scopes[at]?.names.get(name);
      if (id !== undefined) return id ?? undefined;
    }
    return undefined;
  }

  declare(name: string, type: CType, span: Span): Extract<PlaceExpression, { kind: 'variable' }> {
    const id = this.builder.variable(name, 'local', type, span);
    this.scope.names.set(name, id);
    this.scope.items.push({ kind: 'variable', id, at: span });
    this.builder.emit({ kind: 'declare', variable: id, span });
    return { kind: 'variable', variable: id, span };
  }

  /** What `run` emits stands wherever control leaves the innermost scope, in reverse order of such requests. */
  onLeave(at: Span, run: (span: Span) => void): void {
    this.scope.items.push({ kind: 'cleanup', at, run });
  }

  /** Emits what leaving every scope from `depth` on entails; the scopes stay open. */
  unwind(depth: number, span: Span, cleanupsOnly = false): void {
    for (let at = this.scopes.length - 1; at >= depth; at--) {
      const items = this.scopes[at]?.items ?? [];
      for (let item = items.length - 1; item >= 0; item--) this.leaveItem(at, items[item], span, cleanupsOnly);
    }
  }

  get hasCleanups(): boolean {
    return this.scopes.some((scope) => scope.items.some((item) => item.kind === 'cleanup'));
  }

  private leaveItem(depth: number, item: ScopeItem | undefined, span: Span, cleanupsOnly: boolean): void {
    if (item?.kind === 'variable') {
      if (!cleanupsOnly) this.builder.emit({ kind: 'end', variable: item.id, span });
    } else if (item) {
      const { scopes, implicit } = this;
      this.enter(span);
      // Names mean what they meant where the cleanup was declared, and the cleanup is no way out of itself.
      this.scopes = scopes.slice(0, depth + 1).map((scope) => ({ ...scope, items: [] }));
      item.run(span);
      this.scopes = scopes;
      this.implicit = implicit;
      this.leave();
    }
  }

  // ---- labels --------------------------------------------------------------------------------------------------

  /** Makes the labels below `statement` known, which stands in the scopes of `path`. */
  collectLabels(statement: Statement | null, path: ReadonlySet<object>): void {
    switch (statement?.kind) {
      case 'block': {
        const inner = new Set(path).add(statement);
        this.noteLocalLabels(statement);
        for (const each of statement.statements) this.collectLabels(each, inner);
        break;
      }
      case 'if':
        this.collectLabels(statement.then, path);
        this.collectLabels(statement.else, path);
        break;
      case 'for':
      case 'iterator':
      case 'scoped-guard':
        this.collectLabels(statement.body, new Set(path).add(statement));
        break;
      case 'switch':
      case 'while':
      case 'do':
        this.collectLabels(statement.body, path);
        break;
      case 'label': {
        const labels = this.labelsOf(statement.name, [...path]);
        if (labels.get(statement.name)) this.fail(statement.span, `label '${statement.name}' stands twice`);
        labels.set(statement.name, { block: this.builder.block(), span: statement.span, path });
        break;
      }
      default:
        break;
    }
  }

  private noteLocalLabels(block: Block): void {
    const names = block.statements.flatMap((each) => (each.kind === 'local-labels' ? each.names : []));
    if (names.length > 0) this.labels.set(block, new Map(names.map((name) => [name, null])));
  }

  /** The labels among which a name is looked up within scopes, outermost first: those of the innermost block that declares it as its own. */
  private labelsOf(name: string, scopes: readonly object[]): Map<string, Label | null> {
    const own = scopes.findLast((scope) => this.labels.get(scope)?.has(name));
    const labels = this.labels.get(own ?? null);
    if (!labels) throw new Error('the function has no labels of its own');
    return labels;
  }

  path(): ReadonlySet<object> {
    return new Set(this.scopes.map((scope) => scope.key));
  }

  label(name: string, span: Span): Label {
    const label = this.labelsOf(name, [...this.path()]).get(name);
    return label ?? this.fail(span, `goto to '${name}', a label that '${this.name}' doesn't have`);
  }

  goto(name: string, span: Span): void {
    const label = this.label(name, span);
    let common = this.scopes.length - 1;
    while (common > 0 && !label.path.has(this.scopes[common]?.key ?? label)) common--;
    this.unwind(common + 1, span);
    const items = this.scopes[common]?.items ?? [];
    // A jump back before a declaration of the same block leaves that variable's life.
    for (let at = items.length - 1; at >= 0 && (items[at]?.at.start ?? 0) > label.span.start; at--)
      this.leaveItem(common, items[at], span, false);
    this.builder.goto(label.block, span, name);
  }
}
