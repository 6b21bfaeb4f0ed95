// A function's error ladder, told from the same walk as its findings: what each jump holds and what it leaves behind.
import type { Ladder, LadderGoto, LadderLabel, LadderRelease, LadderReturn } from '../model/ladder.js';
import { LineTable, type Span } from '../model/source.js';
import type { FunctionGraph, Terminator } from '../program/graph.js';
import type { Program } from '../program/program.js';
import { Run } from './check.js';
import { explorePaths } from './explore-paths.js';
import type { Violation } from './violation.js';
import { rungAt, rungsOf, wayOut } from './rungs.js';
import type { PathState, Token } from './path-state.js';
import type { LocationId, SymbolicValues } from './symbolic-values.js';

/** A jump into the ladder, or back, or a return; on all paths together. */
interface WayDown {
  readonly span: Span;
  readonly label: string | null;
  readonly text: string;
  readonly condition: string | null;
  readonly held: Map<string, string>;
}

/** What a walk of the function tells of its ladder. */
interface Walked {
  /** What the references are called, by id: the places that own them, as written. */
  readonly names: Map<string, string>;
  readonly acquisitions: Map<string, { span: Span; what: string; text: string }>;
  readonly releases: Map<number, { span: Span; what: string; token: Token }>;
  readonly waysDown: Map<number, WayDown>;
  readonly violations: Violation[];
}

function walked(program: Program, graph: FunctionGraph, words: (span: Span) => string): Walked {
  const callees = new Run(program).calleesOf(graph);
  const found: Walked = { names: new Map(), acquisitions: new Map(), releases: new Map(), waysDown: new Map(), violations: [] };
  const { names, acquisitions } = found;
  const nameOf = (state: PathState, values: SymbolicValues, token: Token): string => {
    for (const [at, value] of state.store) {
      if (value !== token.value) continue;
      const name = describeLocation(graph, values, state, at);
      if (name !== null) {
        names.set(token.id, name);
        break;
      }
    }
    return names.get(token.id) ?? `${token.callee}()`;
  };
  explorePaths(graph, {
    contract: (name) => callees.get(name),
    text: words,
    report: (violation) => found.violations.push(violation),
    released(token, span) {
      found.releases.set(span.start, { span, what: names.get(token.id) ?? `${token.callee}()`, token });
    },
    assumed: () => undefined,
    left(state, values, terminator) {
      for (const token of state.tokens) {
        const name = nameOf(state, values, token);
        if (!acquisitions.has(token.id)) acquisitions.set(token.id, { span: token.trace.span, what: name, text: words(token.trace.span) });
      }
      const held = state.tokens.filter((token) => token.holder === 'local' && !token.doubtful);
      noteWayDown(found.waysDown, terminator, held, names, graph, words);
    },
  });
  return found;
}

/** The ladder of a function, positions in its file. Lines are 1-based. */
export function describeLadder(program: Program, graph: FunctionGraph): Ladder {
  const text = program.units.find((unit) => unit.file === graph.file)?.text ?? '';
  const lines = new LineTable(text);
  const words = (span: Span): string => text.slice(span.start, span.end).replace(/\s+/g, ' ').trim();
  const line = (span: Span): number => lines.lineNumber(span.start);
  const { names, acquisitions, releases, waysDown, violations } = walked(program, graph, words);
  const named = (id: string, fallback: string): string => names.get(id) ?? fallback;
  const rungs = rungsOf(graph);
  const released = [...releases.values()].sort((a, b) => a.span.start - b.span.start);
  const releasesOf = (label: string): readonly LadderRelease[] =>
    released
      .filter(({ span }) => rungAt(graph, span)?.name === label)
      .map(({ span, what, token }) => ({ line: line(span), span, what: named(token.id, what), text: words(span) }));
  const labels = graph.labels.map((label): LadderLabel => {
    const head = { name: label.name, line: line(label.span), span: label.span };
    if (!rungs.includes(label)) return { ...head, loop: true, releases: [], fallsInto: null, returns: null };
    const end = endOfLabel(graph, label.name);
    return {
      ...head,
      releases: releasesOf(label.name),
      fallsInto: end === null ? (rungs[rungs.indexOf(label) + 1]?.name ?? null) : end.kind === 'goto' ? end.label : null,
      returns: end?.kind === 'return' && end.value !== null ? words(end.value.span) : null,
    };
  });
  const ladderStart = rungs[0]?.span.start ?? Number.MAX_SAFE_INTEGER;
  const all = [...waysDown.values()].sort((a, b) => a.span.start - b.span.start);
  const missed = (violation: Violation, span: Span): string[] =>
    violation.kind === 'leak' && wayOut(graph, violation.trace, violation.token.trace)?.span.start === span.start
      ? [named(violation.token.id, `${violation.token.callee}()`)]
      : [];
  const notHeld = (violation: Violation, span: Span): string[] =>
    (violation.kind === 'over-release' || (violation.kind === 'bad-dereference' && violation.releases)) &&
    wayOut(graph, violation.trace, null)?.span.start === span.start
      ? [violation.subject]
      : [];
  return {
    file: graph.file,
    function: graph.name,
    line: line(graph.nameSpan),
    span: graph.nameSpan,
    acquisitions: [...acquisitions.entries()]
      .map(([id, one]) => ({ ...one, what: named(id, one.what), line: line(one.span) }))
      .sort((a, b) => a.span.start - b.span.start),
    labels,
    gotos: all.flatMap(({ span, label, condition, held }): LadderGoto[] => {
      if (label === null) return [];
      const flawsBy = (of: typeof missed): readonly string[] => [...new Set(violations.flatMap((violation) => of(violation, span)))];
      const now = [...new Set(held.values())];
      return [{ line: line(span), span, label, condition, held: now, missed: flawsBy(missed), notHeld: flawsBy(notHeld) }];
    }),
    returns: all.flatMap(({ span, label, condition, text: written, held }): LadderReturn[] =>
      label !== null || span.start > ladderStart
        ? []
        : [{ line: line(span), span, condition, text: written, held: [...new Set(held.values())] }],
    ),
  };
}

function noteWayDown(
  waysDown: Map<number, WayDown>,
  terminator: Terminator,
  held: readonly Token[],
  names: ReadonlyMap<string, string>,
  graph: FunctionGraph,
  words: (span: Span) => string,
): void {
  if (terminator.kind !== 'goto' && terminator.kind !== 'return') return;
  const label = terminator.kind === 'goto' ? terminator.label : null;
  let way = waysDown.get(terminator.span.start);
  if (way === undefined) {
    way = {
      span: terminator.span,
      label,
      text: words(terminator.span),
      condition: conditionOf(graph, terminator.span, words),
      held: new Map(),
    };
    waysDown.set(terminator.span.start, way);
  }
  for (const token of held) way.held.set(token.id, names.get(token.id) ?? `${token.callee}()`);
}

/** The condition of the innermost `if` around a jump, as it is written; null where none is around it. */
function conditionOf({ ifs }: FunctionGraph, jump: Span, words: (span: Span) => string): string | null {
  const within = (span: Span | null): boolean => span !== null && span.start <= jump.start && jump.end <= span.end;
  const around = ifs.findLast((each) => within(each.then) || within(each.else));
  if (around === undefined) return null;
  const text = words(around.condition);
  if (within(around.then)) return text;
  return /^![\w>.-]+$/.test(text) ? text.slice(1) : `!(${text})`;
}

/** The terminator that ends the straight run from a label, or null where it falls into the next one. */
function endOfLabel(graph: FunctionGraph, name: string): Extract<Terminator, { kind: 'goto' | 'return' }> | null {
  let id = graph.labels.find((label) => label.name === name)?.block;
  for (let steps = 0; id !== undefined && steps < graph.blocks.length; steps++) {
    const block = graph.blocks[id];
    if (block === undefined) return null;
    if (steps > 0 && rungsOf(graph).some((label) => label.block === id)) return null;
    const { terminator } = block;
    if (terminator.kind === 'return') return terminator;
    if (terminator.kind === 'goto') {
      if (terminator.label !== null) return terminator;
      id = terminator.to;
    } else if (terminator.kind === 'branch') id = terminator.else;
    else return null;
  }
  return null;
}

/** A location as C: `fb`, `fb->file`; null for temporaries. */
function describeLocation(graph: FunctionGraph, values: SymbolicValues, state: PathState, at: LocationId): string | null {
  const node = values.location(at);
  switch (node.kind) {
    case 'variable': {
      const variable = graph.variables[node.variable];
      return variable === undefined || variable.kind === 'temporary' ? null : variable.name;
    }
    case 'global':
      return node.name;
    case 'member': {
      const base = values.location(node.base);
      if (base.kind !== 'target') {
        const outer = describeLocation(graph, values, state, node.base);
        return outer === null ? null : `${outer}.${node.name}`;
      }
      for (const [where, value] of state.store) {
        if (value !== base.pointer || values.location(where).kind !== 'variable') continue;
        const outer = describeLocation(graph, values, state, where);
        if (outer !== null) return `${outer}->${node.name}`;
      }
      return null;
    }
    case 'target':
    case 'element':
      return null;
  }
}
