// All sequences of operations up to a length, so that an error is found for which nobody wrote a scenario.
import type { OperationStep, Scenario, ScenarioStep, ScenarioValue, Vocabulary } from '../model/scenario.js';
import { Alike } from './generate-alike.js';
import { generatedRows, type GeneratedRow } from './generate-rows.js';
import { scenarioLine } from './line.js';

export interface GenerateOptions {
  /** At most so many operations in a scenario, those of branches counted. */
  readonly operations: number;
  /** 1: steps one after the other. 2: such steps, then one `parallel` of two branches that are not empty. */
  readonly threads: 1 | 2;
}

/** A row at a place in a scenario; `bound` has the position of the step that each of its open references refers to. */
interface Placed {
  readonly row: GeneratedRow;
  readonly bound: readonly number[];
}

/**
 * The scenarios of a vocabulary's `generate` rows, shorter ones first, each once. A reference that a row leaves open is
 * bound to every step before it that answers such a thing and is sure to have run. The same vocabulary and options give
 * the same scenarios in the same order under the same names: `generated-3-17` is the 17th of three operations,
 * `generated-parallel-3-17` that of two threads.
 *
 * Left out are scenarios that differ from another one only in what values stand for that are `alike` (generate-alike.ts),
 * and, with two threads, in which branch is told first. The order of operations is never taken to be of no matter.
 */
export function generateScenarios(vocabulary: Vocabulary, options: GenerateOptions): Iterable<Scenario> {
  return { [Symbol.iterator]: () => new ScenarioGenerator(vocabulary).scenarios(options) };
}

class ScenarioGenerator {
  private readonly rows: readonly GeneratedRow[];
  private readonly alike: Alike;

  constructor(private readonly vocabulary: Vocabulary) {
    this.rows = generatedRows(vocabulary);
    this.alike = new Alike(this.rows);
  }

  *scenarios({ operations, threads }: GenerateOptions): Generator<Scenario, void, undefined> {
    for (let length = 1; length <= operations; length++) {
      let number = 0;
      for (const branches of threads === 1 ? this.sequences(length) : this.forks(length)) {
        const name = threads === 1 ? `generated-${length}-${++number}` : `generated-parallel-${length}-${++number}`;
        yield this.scenario(name, branches);
      }
    }
  }

  private *sequences(length: number): Iterable<readonly (readonly Placed[])[]> {
    for (const steps of this.extensions([], [], length)) yield [steps];
  }

  /** A common beginning and two branches, the longer one first; all lengths add up to `length`. */
  private *forks(length: number): Iterable<readonly (readonly Placed[])[]> {
    for (let before = length - 2; before >= 0; before--) {
      for (let second = Math.floor((length - before) / 2); second >= 1; second--) {
        for (const prefix of this.extensions([], [], before)) {
          for (const left of this.extensions(prefix, [], length - before - second)) {
            for (const right of this.extensions(prefix, left, second)) {
              if (left.length > right.length || this.isFirstOrder(prefix, left, right)) yield [prefix, left, right];
            }
          }
        }
      }
    }
  }

  /** Branches of one length come in two orders, which mean the same: true for the one that is kept. */
  private isFirstOrder(prefix: readonly Placed[], left: readonly Placed[], right: readonly Placed[]): boolean {
    const rename = this.alike.renaming([...prefix, ...right, ...left].map(({ row }) => row));
    const key = (steps: readonly Placed[], name: (row: GeneratedRow) => number): string =>
      steps.map(({ row, bound }) => `${name(row)}(${bound.join()})`).join();
    const own = `${key(left, ({ index }) => index)}|${key(right, ({ index }) => index)}`;
    return own <= `${key(right, rename)}|${key(left, rename)}`;
  }

  /**
   * All ways to go on after `prefix` by so many steps. `aside` is told before them, but runs at the same time: its answers
   * can't be referred to. Positions count from the prefix's first step, without those aside.
   */
  private *extensions(prefix: readonly Placed[], aside: readonly Placed[], length: number, added: readonly Placed[] = []): Branches {
    if (added.length === length) {
      yield added;
      return;
    }
    const before = [...prefix, ...added];
    const rows = [...prefix, ...aside, ...added].map(({ row }) => row);
    for (const row of this.rows) {
      if (!this.alike.inOrder([...rows, row])) continue;
      for (const bound of bindings(row, before)) yield* this.extensions(prefix, aside, length, [...added, { row, bound }]);
    }
  }

  private scenario(name: string, [first = [], ...branches]: readonly (readonly Placed[])[]): Scenario {
    // A branch sees the positions of the beginning and its own, which overlap those of the other branch.
    const names = new Map<Placed, string>();
    const threads = branches.length === 0 ? [first] : branches.map((branch) => [...first, ...branch]);
    const referred = new Set(threads.flatMap((steps) => steps.flatMap(({ bound }) => bound.map((position) => steps[position]))));
    for (const placed of [...first, ...branches.flat()]) if (referred.has(placed)) names.set(placed, letters(names.size));

    const step = (placed: Placed, steps: readonly Placed[]): OperationStep => ({
      kind: 'operation',
      operation: placed.row.operation.name,
      arguments: argumentsOf(placed, steps, names),
      as: names.get(placed) ?? null,
      capabilities: null,
      expect: null,
      line: 0,
    });
    const steps: ScenarioStep[] = first.map((placed) => step(placed, first));
    if (branches.length > 0) {
      const parallel = branches.map((branch) => branch.map((placed) => step(placed, [...first, ...branch])));
      steps.push({ kind: 'parallel', branches: parallel, line: 0 });
    }
    const { subsystem } = this.vocabulary;
    const scenario = {
      name,
      title: name,
      description: '',
      subsystem,
      config: {},
      setup: {},
      capabilities: null,
      steps,
      source: 'generated',
    };
    return { ...scenario, title: scenarioLine(scenario) };
  }
}

type Branches = Generator<readonly Placed[], void, undefined>;

/** All ways to bind the open references of a row to steps before it. */
function bindings(row: GeneratedRow, before: readonly Placed[]): readonly (readonly number[])[] {
  return row.open.reduce<readonly (readonly number[])[]>(
    (ways, { to }) => ways.flatMap((way) => before.flatMap(({ row: other }, at) => (other.operation.answers === to ? [[...way, at]] : []))),
    [[]],
  );
}

function argumentsOf(
  { row, bound }: Placed,
  steps: readonly Placed[],
  names: ReadonlyMap<Placed, string>,
): Readonly<Record<string, ScenarioValue>> {
  const given = row.operation.parameters.flatMap(({ name }): [string, ScenarioValue][] => {
    const value = row.given[name];
    if (value !== undefined) return [[name, value]];
    const answered = steps[bound[row.open.findIndex((open) => open.name === name)] ?? -1];
    return answered === undefined ? [] : [[name, names.get(answered) ?? '']];
  });
  return Object.fromEntries(given);
}

/** `a` to `z`, then `a1`, `b1`, ... */
function letters(index: number): string {
  const letter = String.fromCharCode('a'.charCodeAt(0) + (index % 26));
  return index < 26 ? letter : `${letter}${Math.floor(index / 26)}`;
}
