// A scenario made ready to run: each thread's tasks in order, with the functions that perform them and what they take.
import type { Value } from '../kernel/intrinsics/machine.js';
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
import type { CompiledFunction } from './compile.js';
import type { Image } from './image.js';
import { operationText } from './scenario-text.js';

/** A number, or the answer of an earlier operation. */
export type Argument = { readonly value: number } | { readonly answerOf: number };

export interface Operation {
  /** Index among the scenario's operations; -1 for setup and -2 for teardown. */
  readonly index: number;
  readonly text: string;
  readonly actor: OperationDefinition['actor'];
  readonly driver: CompiledFunction;
  readonly arguments: readonly Argument[];
  readonly capabilities: readonly number[];
  readonly expect: Expectation | null;
  readonly line: LineNumber;
}

export type Task =
  { readonly kind: 'operation'; readonly operation: Operation } | { readonly kind: 'parallel'; readonly threads: readonly number[] };

export interface Script {
  readonly setup: Operation;
  /** By thread; the first is the main thread's, without setup and teardown. */
  readonly threads: readonly { readonly name: string; readonly tasks: readonly Task[] }[];
  readonly teardown: Operation;
  readonly operations: readonly Operation[];
  /** Of operations that run beside others. */
  readonly concurrent: ReadonlySet<number>;
}

/** The script of a scenario, or the reason why it can't run on this program. */
export function scriptOf(scenario: Scenario, vocabulary: Vocabulary, image: Image): Script | string {
  try {
    return new ScriptMaker(scenario, vocabulary, image).make();
  } catch (error) {
    if (error instanceof CannotRun) return error.message;
    throw error;
  }
}

class CannotRun extends Error {}

class ScriptMaker {
  private readonly operations: Operation[] = [];
  private readonly answers = new Map<string, number>();
  private readonly concurrent = new Set<number>();

  constructor(
    private readonly scenario: Scenario,
    private readonly vocabulary: Vocabulary,
    private readonly image: Image,
  ) {}

  make(): Script {
    const { scenario, vocabulary } = this;
    const threads: { name: string; tasks: Task[] }[] = [{ name: 'main', tasks: [] }];
    for (const step of scenario.steps) {
      if (step.kind === 'operation') threads[0]?.tasks.push({ kind: 'operation', operation: this.operation(step) });
      else {
        const ids = step.branches.map((branch) => {
          const tasks = branch.map((each): Task => {
            const operation = this.operation(each);
            this.concurrent.add(operation.index);
            return { kind: 'operation', operation };
          });
          threads.push({ name: `thread ${threads.length}`, tasks });
          return threads.length - 1;
        });
        threads[0]?.tasks.push({ kind: 'parallel', threads: ids });
      }
    }
    if (threads.length > 7) throw new CannotRun(`${threads.length - 1} threads; 6 is the most`);
    const apart = (index: number, name: string, driver: string, parameters: readonly Argument[]): Operation => ({
      index,
      text: name,
      actor: 'kernel',
      driver: this.driver(driver),
      arguments: parameters,
      capabilities: this.capabilities(null),
      expect: null,
      line: 0,
    });
    const setup = vocabulary.setup.map((parameter) => this.argument(parameter, scenario.setup[parameter.name], 'setup'));
    return {
      setup: apart(-1, 'setup', vocabulary.setupDriver, setup),
      teardown: apart(-2, 'teardown', vocabulary.teardownDriver, []),
      threads,
      operations: this.operations,
      concurrent: this.concurrent,
    };
  }

  private operation(step: OperationStep): Operation {
    const definition = this.vocabulary.operations.find((each) => each.name === step.operation);
    if (!definition) throw new CannotRun(`no operation '${step.operation}' in the vocabulary`);
    const operation: Operation = {
      index: this.operations.length,
      text: operationText(step),
      actor: definition.actor,
      driver: this.driver(definition.driver),
      arguments: definition.parameters.map((parameter) => this.argument(parameter, step.arguments[parameter.name], step.operation)),
      capabilities: this.capabilities(step.capabilities),
      expect: step.expect,
      line: step.line,
    };
    this.operations.push(operation);
    if (step.as !== null) this.answers.set(step.as, operation.index);
    return operation;
  }

  private driver(name: string): CompiledFunction {
    const found = this.image.named(name);
    if (found) return found;
    const why = this.image.program.notAnalysed.find((each) => each.function === name);
    throw new CannotRun(why ? `${name}() could not be read: ${why.reason}` : `this tree has no ${name}()`);
  }

  private capabilities(given: readonly string[] | null): readonly number[] {
    const names = given ?? this.scenario.capabilities ?? this.vocabulary.defaultCapabilities;
    return names.map((name) => {
      const value = this.image.program.constant(name);
      if (value === undefined) throw new CannotRun(`no capability '${name}' is known`);
      return Number(value);
    });
  }

  private argument(parameter: ParameterDefinition, given: ScenarioValue | undefined, where: string): Argument {
    const fail = (): { readonly value: number } => {
      throw new CannotRun(`${where}: '${parameter.name}' can't be ${given === undefined ? 'left out' : JSON.stringify(given)}`);
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
        return of === undefined ? fail() : { answerOf: of };
      }
    }
  }
}

/** The arguments of an operation, or null where one is the answer of an operation that failed or was left out. */
export function argumentsOf(operation: Operation, answers: readonly Value[]): readonly Value[] | null {
  const values: Value[] = [];
  for (const argument of operation.arguments) {
    if ('value' in argument) values.push(argument.value);
    else {
      const answer = answers[argument.answerOf];
      if (answer === undefined || Number.isNaN(Number(answer)) || answer < 0) return null;
      values.push(answer);
    }
  }
  return values;
}
