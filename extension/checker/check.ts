// Checks a program: summaries of its functions bottom-up over the call graph, then the findings of each, all of it cached.
import { valid, zero, type Contract, type EffectSite, type IntegerSet } from '../kernel/contract.js';
import { contractOf } from '../kernel/contracts.js';
import { takesOut } from '../kernel/api/indexes.js';
import { acquire, outcome } from '../kernel/rows.js';
import type { CheckResult, Finding, NotAnalysed, TraceStep } from '../model/finding.js';
import type { OnStage } from '../model/progress.js';
import { LineTable, type LineNumber, type Span } from '../model/source.js';
import type { FunctionGraph } from '../program/graph.js';
import type { Program } from '../program/program.js';
import { sameGraph } from '../program/same-graph.js';
import { analysedOf, plainOf, type Analysed, type PlainAnalysed } from './analysed.js';
import { eventText } from './event-words.js';
import { explorePaths } from './explore-paths.js';
import { draftsOf, violationKey, shortestFirst, tokenSite, type FindingDraft } from './drafts.js';
import type { Violation, RuleContext } from './violation.js';
import { union } from './integer-set.js';
import { Identities } from './identity.js';
import { wordsOf } from './rules/index.js';
import { rungAt, rungsOf } from './rungs.js';
import { summarise, unknownSummary } from './summary.js';

export interface CheckOptions {
  /** Which functions' findings are wanted; summaries are made of all. */
  readonly functions?: (graph: FunctionGraph) => boolean;
  /** Rows that a user adds to the kernel's contracts. */
  readonly contracts?: (name: string) => Contract | undefined;
  /** Told of each function before it is walked. */
  readonly onProgress?: OnStage;
  /** What an earlier check came to, of a program made of the same texts with the same options (`Checker.analysed`). */
  readonly known?: readonly PlainAnalysed[] | undefined;
}

/** Keeps what it found of functions that did not change, so that checking again after an edit costs what changed. */
export class Checker {
  private readonly cache = new Cache();

  /** What the walks of a program's functions came to when it was checked here last, in their order; as a later check takes it. */
  analysed({ functions }: Program): readonly PlainAnalysed[] {
    return functions.flatMap((graph) => {
      const analysed = this.cache.get(graph);
      return analysed === undefined ? [] : [plainOf(analysed)];
    });
  }

  /** Findings in order of file and place, all `unchanged`; their ids are unique in the result. */
  check(program: Program, options: CheckOptions = {}): CheckResult {
    const began = performance.now();
    const run = new Run(program, options, this.cache);
    const findings: Finding[] = [];
    const notAnalysed: NotAnalysed[] = [...program.notAnalysed];
    const identities = new Identities();
    const places = new Places(program);
    const assumed = new Map<string, number>();
    let states = 0;
    let merged = 0;
    const destroyed = [...new Set(program.functions.flatMap((graph) => [...run.analyse(graph).destroys]))].filter((count) => count !== '');
    const holds = ({ count }: FindingDraft): boolean =>
      count === null || (count !== '' && destroyed.some((other) => other.startsWith(count)));
    for (const graph of program.functions) {
      const analysed = run.analyse(graph);
      states += analysed.states;
      if (analysed.merged) merged++;
      if (analysed.gaveUp !== null) notAnalysed.push({ file: graph.file, function: graph.name, reason: analysed.gaveUp });
      for (const [name, calls] of analysed.assumed) assumed.set(name, (assumed.get(name) ?? 0) + calls);
      for (const draft of analysed.drafts.filter(holds)) {
        const id = identities.next(draft.rule, graph.name, draft.facts);
        if (options.functions === undefined || options.functions(graph)) findings.push(findingOf(draft, id, graph, places));
      }
    }
    return {
      findings,
      notAnalysed,
      stats: {
        files: program.units.length,
        functions: program.functions.length + program.notAnalysed.filter((one) => one.function !== '').length,
        notAnalysed: notAnalysed.length,
        states,
        merged,
        assumedCallees: [...assumed]
          .map(([name, calls]) => ({ name, calls }))
          .sort((a, b) => b.calls - a.calls || (a.name < b.name ? -1 : 1)),
        assumedOptions: program.assumedOptions,
        suppressed: 0,
        milliseconds: Math.round(performance.now() - began),
      },
    };
  }
}

function findingOf(draft: FindingDraft, id: string, graph: FunctionGraph, places: Places): Finding {
  return {
    id,
    rule: draft.rule,
    status: 'unchanged',
    file: graph.file,
    function: graph.name,
    ...places.today(draft.at),
    message: wordsOf({ rule: draft.rule, facts: draft.told }),
    ...(draft.object === '' ? {} : { object: draft.object }),
    trace: draft.trace.map((step): TraceStep => ({ file: step.file, ...places.today(step), message: eventText(step.event) })),
  };
}

/** Where sites stand in the program's files today. */
class Places {
  private readonly tables = new Map<string, LineTable>();

  constructor(private readonly program: Program) {}

  today({ file, function: name, span }: EffectSite): { readonly line: LineNumber; readonly span: Span } {
    const from = this.program.functions.find((one) => one.file === file && one.name === name)?.span.start ?? 0;
    const start = span.start + from;
    return { line: this.tableOf(file).lineNumber(start), span: { start, end: span.end + from } };
  }

  private tableOf(file: string): LineTable {
    let table = this.tables.get(file);
    if (table === undefined) {
      table = new LineTable(this.program.units.find((unit) => unit.file === file)?.text ?? '');
      this.tables.set(file, table);
    }
    return table;
  }
}

/** How many versions of one function are remembered: before and after a patch or two. */
const versions = 4;

/** Results by function, found again when the function moved or was lowered anew without a change. */
class Cache {
  private readonly byGraph = new WeakMap<FunctionGraph, Analysed>();
  private readonly byName = new Map<string, readonly FunctionGraph[]>();

  get(graph: FunctionGraph): Analysed | undefined {
    const known = this.byGraph.get(graph);
    if (known !== undefined) return known;
    const twin = this.byName.get(`${graph.file} ${graph.name}`)?.find((one) => sameGraph(one, graph));
    return twin === undefined ? undefined : this.byGraph.get(twin);
  }

  set(graph: FunctionGraph, analysed: Analysed): void {
    const known = this.byGraph.get(graph) === analysed;
    this.byGraph.set(graph, analysed);
    if (known) return;
    const name = `${graph.file} ${graph.name}`;
    const others = (this.byName.get(name) ?? []).filter((one) => one !== graph && this.byGraph.get(one) !== analysed);
    this.byName.set(name, [graph, ...others].slice(0, versions));
  }
}

const kernelContracts = new Map<string, Contract | undefined>();

/** What the table says, with what an index or list held made the caller's when it is taken out. */
function kernelContract(name: string): Contract | undefined {
  if (!kernelContracts.has(name)) kernelContracts.set(name, prepared(name));
  return kernelContracts.get(name);
}

function prepared(name: string): Contract | undefined {
  const contract = contractOf(name);
  if (contract === undefined) return undefined;
  if (!takesOut.has(name)) return worthForking(contract) ? contract : joinOutcomes(contract);
  return { ...contract, outcomes: [outcome('it was there', valid, [acquire('reference')]), outcome('nothing there', zero)] };
}

function worthForking(contract: Contract): boolean {
  return contract.outcomes.some(
    (one) => one.effects.length > 0 || one.requires.length > 0 || one.returns?.kind === 'same' || one.ensures !== undefined,
  );
}

/** Where outcomes differ only in what is returned, one outcome with all of it says the same and costs one path. */
function joinOutcomes(contract: Contract): Contract {
  const [first] = contract.outcomes;
  if (first === undefined || contract.outcomes.length === 1) return contract;
  const sets = contract.outcomes.map((one) => (one.returns?.kind === 'set' ? one.returns.set : null));
  const returns = sets.includes(null)
    ? first.returns
    : { kind: 'set' as const, set: sets.reduce<IntegerSet>((a, b) => union(a, b ?? []), []) };
  return { ...contract, outcomes: [{ name: '', requires: [], returns, effects: [] }] };
}

/** The walk of one function within one check: what its callees mean comes from the rest of the program. */
export class Run {
  private readonly done = new Map<FunctionGraph, Analysed>();
  private readonly underway = new Set<FunctionGraph>();
  /** What is known of functions that were not walked here. */
  private readonly known: ReadonlyMap<FunctionGraph, PlainAnalysed>;

  constructor(
    private readonly program: Program,
    private readonly options: CheckOptions = {},
    private readonly cache: Cache = new Cache(),
  ) {
    const { known } = options;
    const { functions } = program;
    const fits = known?.length === functions.length && functions.every(({ name }, at) => known[at]?.summary.name === name);
    this.known = new Map(fits ? known.flatMap((plain, at) => (functions[at] ? [[functions[at], plain]] : [])) : []);
  }

  /** Callees first, by a stack of our own: a chain of calls may be longer than one of ours can be. */
  analyse(graph: FunctionGraph): Analysed {
    const stack = this.done.has(graph) ? [] : [this.entered(graph)];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.callees.pop();
      if (next === undefined) {
        this.finish(top.graph);
        stack.pop();
      } else if (!this.done.has(next) && !this.underway.has(next)) stack.push(this.entered(next));
    }
    const analysed = this.done.get(graph);
    if (analysed === undefined) throw new Error(`${graph.name} is analysed while it is`);
    return analysed;
  }

  private entered(graph: FunctionGraph): { readonly graph: FunctionGraph; readonly callees: FunctionGraph[] } {
    this.underway.add(graph);
    const callees = calleeNames(graph).flatMap((name) => this.program.resolve(name, graph.file) ?? []);
    return { graph, callees: callees.reverse() };
  }

  private finish(graph: FunctionGraph): void {
    this.options.onProgress?.({
      phase: 'check',
      done: this.done.size,
      total: this.program.functions.length,
      text: `${graph.name}()`,
    });
    const callees = this.calleesOf(graph);
    this.underway.delete(graph);
    const cached = this.cache.get(graph);
    const known = this.known.get(graph);
    const result =
      cached !== undefined && sameCallees(cached.callees, callees)
        ? cached
        : known !== undefined
          ? analysedOf(known, callees)
          : this.walk(graph, callees);
    this.done.set(graph, result);
    this.cache.set(graph, result);
  }

  /** What each direct callee of a function means. */
  calleesOf(graph: FunctionGraph): Map<string, Contract | undefined> {
    return new Map(calleeNames(graph).map((name) => [name, this.contract(name, graph.file)]));
  }

  private contract(name: string, file: string): Contract | undefined {
    const target = this.program.resolve(name, file);
    if (target === undefined) {
      return this.options.contracts?.(name) ?? kernelContract(name);
    }
    if (this.underway.has(target)) return unknownSummary(name, `${target.file}: calls itself`);
    return this.analyse(target).summary;
  }

  private walk(graph: FunctionGraph, callees: Map<string, Contract | undefined>): Analysed {
    const text = this.program.units.find((unit) => unit.file === graph.file)?.text ?? '';
    const violations = new Map<string, Violation>();
    const assumed = new Map<string, number>();
    const releases = new Map<string, Set<string>>();
    const released = new Set<string>();
    const words = (span: Span): string => text.slice(span.start, span.end).replace(/\s+/g, ' ').trim();
    const exploration = explorePaths(graph, {
      contract: (name) => callees.get(name),
      text: words,
      report(violation) {
        const key = violationKey(graph, violation);
        const known = violations.get(key);
        if (known === undefined || known.trace.length > violation.trace.length) violations.set(key, violation);
      },
      released(token, span) {
        released.add(tokenSite(token));
        const label = rungAt(graph, span)?.name;
        if (label === undefined) return;
        const labels = releases.get(tokenSite(token)) ?? new Set<string>();
        labels.add(label);
        releases.set(tokenSite(token), labels);
      },
      assumed(name) {
        assumed.set(name, (assumed.get(name) ?? 0) + 1);
      },
    });
    const context: RuleContext = {
      graph,
      text: words,
      labelsReleasing: (token) =>
        rungsOf(graph)
          .map((label) => label.name)
          .filter((name) => releases.get(tokenSite(token))?.has(name) === true),
      acquired: (token) => `${token.callee}()`,
      contract: (name) => callees.get(name),
    };
    const drafts = exploration.gaveUp === null ? draftsOf(graph, shortestFirst(violations.values()), context, released) : [];
    const where = `${graph.file}: ${graph.name}`;
    const summary =
      exploration.gaveUp === null ? summarise(graph, exploration, [...callees.values()], where) : unknownSummary(graph.name, where);
    return {
      summary,
      drafts,
      states: exploration.states,
      merged: exploration.merged,
      gaveUp: exploration.gaveUp,
      destroys: exploration.interpreter.destroys,
      assumed,
      callees,
    };
  }
}

const namesOf = new WeakMap<FunctionGraph, readonly string[]>();

/** The names that a function calls directly, each once. */
function calleeNames(graph: FunctionGraph): readonly string[] {
  let names = namesOf.get(graph);
  if (names === undefined) {
    const calls = graph.blocks.flatMap((block) => block.instructions);
    names = [...new Set(calls.flatMap((one) => (one.kind === 'call' && one.callee.kind === 'direct' ? [one.callee.name] : [])))];
    namesOf.set(graph, names);
  }
  return names;
}

function sameCallees(a: ReadonlyMap<string, Contract | undefined>, b: ReadonlyMap<string, Contract | undefined>): boolean {
  if (a.size !== b.size) return false;
  for (const [name, contract] of a) {
    const other = b.get(name);
    if (other !== contract && JSON.stringify(other) !== JSON.stringify(contract)) return false;
  }
  return true;
}
