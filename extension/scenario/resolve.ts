// A scenario in the numbers that its drivers take: each thread's operations in order, whoever runs them.
import { failed, ok, type Result } from '../model/result.js';
import type {
  Expectation,
  OperationDefinition,
  OperationStep,
  ParameterDefinition,
  Scenario,
  ScenarioValue,
  Vocabulary,
} from '../model/scenario.js';
import type { LineNumber } from '../model/source.js';
import { operationText } from './step-text.js';

/** A number, or the answer of an earlier operation by its index: where that one gave none, `otherwise`, or the operation is left out. */
export type Argument = { readonly value: number } | { readonly answerOf: number; readonly otherwise?: number };

export interface ResolvedOperation {
  /** Index among the scenario's operations. */
  readonly index: number;
  readonly text: string;
  /** What the vocabulary says of it. */
  readonly definition: OperationDefinition;
  readonly arguments: readonly Argument[];
  /** Names, such as `CAP_SYS_ADMIN`. */
  readonly capabilities: readonly string[];
  readonly expect: Expectation | null;
  readonly line: LineNumber;
}

export type ResolvedTask =
  | { readonly kind: 'operation'; readonly operation: ResolvedOperation }
  /** Indices into `threads`. */
  | { readonly kind: 'parallel'; readonly threads: readonly number[] };

export interface ResolvedScenario {
  /** Arguments of the setup, in the order of its driver's. */
  readonly setup: readonly Argument[];
  /** Names: those of setup, teardown and all steps that say nothing else. */
  readonly capabilities: readonly string[];
  /** By thread; the first is the main thread's. */
  readonly threads: readonly { readonly name: string; readonly tasks: readonly ResolvedTask[] }[];
  readonly operations: readonly ResolvedOperation[];
  /** Indices of operations that run beside others. */
  readonly concurrent: ReadonlySet<number>;
}

/** The operations that gave nothing of what one refers to. `gave` says whether one that ran before it answered 0 or more. */
export function lacking({ arguments: given }: Pick<ResolvedOperation, 'arguments'>, gave: (index: number) => boolean): readonly Lacking[] {
  return given.flatMap((argument) => ('value' in argument || gave(argument.answerOf) ? [] : [argument]));
}

export type Lacking = Extract<Argument, { readonly answerOf: number }>;

/**
 * Whether an operation is left out: it refers to what was not given, and no number stands in for it. `injected`: nothing does once a
 * call was made to fail. How a server gets over any failure is not what a scenario asks; what it does when it is refused may be.
 */
export function isLeftOut(missing: readonly Lacking[], injected: boolean): boolean {
  return missing.some(({ otherwise }) => injected || otherwise === undefined);
}

/** Threads besides the main one that a scenario may have. */
export const mostThreads = 6;

/** The numbers of a scenario, or the reason why the vocabulary can't say it. */
export function resolveScenario(scenario: Scenario, vocabulary: Vocabulary): Result<ResolvedScenario, string> {
  try {
    return ok(new Resolver(scenario, vocabulary).resolve());
  } catch (error) {
    if (error instanceof Unresolved) return failed(error.message);
    throw error;
  }
}

class Unresolved extends Error {}

class Resolver {
  private readonly operations: ResolvedOperation[] = [];
  private readonly answers = new Map<string, number>();

  constructor(
    private readonly scenario: Scenario,
    private readonly vocabulary: Vocabulary,
  ) {}

  resolve(): ResolvedScenario {
    const { scenario, vocabulary, operations } = this;
    const concurrent = new Set<number>();
    const main: ResolvedTask[] = [];
    const threads: { name: string; tasks: ResolvedTask[] }[] = [{ name: 'main', tasks: main }];
    for (const step of scenario.steps) {
      if (step.kind === 'operation') {
        main.push({ kind: 'operation', operation: this.operation(step) });
        continue;
      }
      const branches = step.branches.map((branch) => {
        const tasks = branch.map((each): ResolvedTask => {
          const operation = this.operation(each);
          concurrent.add(operation.index);
          return { kind: 'operation', operation };
        });
        threads.push({ name: `thread ${threads.length}`, tasks });
        return threads.length - 1;
      });
      main.push({ kind: 'parallel', threads: branches });
    }
    if (threads.length > mostThreads + 1) throw new Unresolved(`${threads.length - 1} threads; ${mostThreads} is the most`);
    const setup = vocabulary.setup.map((parameter) => this.argument(parameter, scenario.setup[parameter.name], 'setup'));
    return { setup, capabilities: this.capabilities(null), threads, operations, concurrent };
  }

  private operation(step: OperationStep): ResolvedOperation {
    const definition = this.vocabulary.operations.find((each) => each.name === step.operation);
    if (!definition) throw new Unresolved(`no operation '${step.operation}' in the vocabulary`);
    const operation: ResolvedOperation = {
      index: this.operations.length,
      text: operationText(step),
      definition,
      arguments: definition.parameters.map((parameter) => this.argument(parameter, step.arguments[parameter.name], step.operation)),
      capabilities: this.capabilities(step.capabilities),
      expect: step.expect,
      line: step.line,
    };
    this.operations.push(operation);
    if (step.as !== null) this.answers.set(step.as, operation.index);
    return operation;
  }

  private capabilities(given: readonly string[] | null): readonly string[] {
    return given ?? this.scenario.capabilities ?? this.vocabulary.defaultCapabilities;
  }

  private argument(parameter: ParameterDefinition, given: ScenarioValue | undefined, where: string): Argument {
    const fail = (): { readonly value: number } => {
      throw new Unresolved(`${where}: '${parameter.name}' can't be ${given === undefined ? 'left out' : JSON.stringify(given)}`);
    };
    const plain = (value: number): Argument => ({ value });
    switch (parameter.kind) {
      case 'integer': {
        const value = given ?? parameter.default;
        return typeof value === 'number' ? plain(value) : fail();
      }
      case 'boolean':
        return plain((given ?? parameter.default) === true ? 1 : 0);
      case 'choice': {
        const value = given ?? parameter.default;
        const number = typeof value === 'string' ? parameter.choices[value] : undefined;
        return number === undefined ? fail() : plain(number);
      }
      case 'flags': {
        const value = given ?? parameter.default;
        if (typeof value === 'number') return plain(value);
        if (!Array.isArray(value)) return fail();
        let all = 0;
        for (const name of value as readonly string[]) all |= parameter.choices[name] ?? fail().value;
        return plain(all);
      }
      case 'reference': {
        const value = given ?? parameter.default;
        if (typeof value === 'number') return plain(value);
        const of = typeof value === 'string' ? this.answers.get(value) : undefined;
        if (of === undefined) return fail();
        return parameter.onFailure === undefined ? { answerOf: of } : { answerOf: of, otherwise: parameter.onFailure };
      }
    }
  }
}
