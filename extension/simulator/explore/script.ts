// A scenario made ready to run: each thread's tasks in order, with the compiled functions that perform them.
import type { Value } from '../../kernel/intrinsics/machine.js';
import { failed, ok, type Result } from '../../model/result.js';
import type { Expectation, OperationDefinition, Scenario, Vocabulary } from '../../model/scenario.js';
import type { LineNumber } from '../../model/source.js';
import {
  isLeftOut,
  lacking,
  resolveScenario,
  type Argument,
  type Lacking,
  type ResolvedOperation,
  type ResolvedScenario,
} from '../../scenario/resolve.js';
import type { CompiledFunction } from '../code/compiled-function.js';
import type { Image } from '../machine/image.js';

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

export type ThreadTask =
  { readonly kind: 'operation'; readonly operation: Operation } | { readonly kind: 'parallel'; readonly threads: readonly number[] };

export interface Script {
  readonly setup: Operation;
  /** By thread; the first is the main thread's, without setup and teardown. */
  readonly threads: readonly { readonly name: string; readonly tasks: readonly ThreadTask[] }[];
  readonly teardown: Operation;
  readonly operations: readonly Operation[];
  /** Of operations that run beside others. */
  readonly concurrent: ReadonlySet<number>;
}

/** The script of a scenario, or the reason why it can't run on this program. */
export function scriptOf(scenario: Scenario, vocabulary: Vocabulary, image: Image): Result<Script, string> {
  const resolved = resolveScenario(scenario, vocabulary);
  if (!resolved.ok) return resolved;
  try {
    return ok(new Linker(vocabulary, image).link(resolved.value));
  } catch (error) {
    if (error instanceof CannotRun) return failed(error.message);
    throw error;
  }
}

class CannotRun extends Error {}

class Linker {
  constructor(
    private readonly vocabulary: Vocabulary,
    private readonly image: Image,
  ) {}

  link(resolved: ResolvedScenario): Script {
    const operations = resolved.operations.map((each) => this.operation(each));
    const at = (index: number): Operation => {
      const found = operations[index];
      if (!found) throw new Error(`no operation ${index}`);
      return found;
    };
    const apart = (index: number, text: string, driver: string, parameters: readonly Argument[]): Operation => ({
      index,
      text,
      actor: 'kernel',
      driver: this.driver(driver),
      arguments: parameters,
      capabilities: this.capabilities(resolved.capabilities),
      expect: null,
      line: 0,
    });
    return {
      setup: apart(-1, 'setup', this.vocabulary.setupDriver, resolved.setup),
      teardown: apart(-2, 'teardown', this.vocabulary.teardownDriver, []),
      threads: resolved.threads.map(({ name, tasks }) => ({
        name,
        tasks: tasks.map((task): ThreadTask =>
          task.kind === 'parallel' ? task : { kind: 'operation', operation: at(task.operation.index) },
        ),
      })),
      operations,
      concurrent: resolved.concurrent,
    };
  }

  private operation({ definition, capabilities, ...rest }: ResolvedOperation): Operation {
    return { ...rest, actor: definition.actor, driver: this.driver(definition.driver), capabilities: this.capabilities(capabilities) };
  }

  private driver(name: string): CompiledFunction {
    const found = this.image.named(name);
    if (found) return found;
    const why = this.image.program.notAnalysedNamed(name);
    throw new CannotRun(why ? `${name}() could not be read: ${why.reason}` : `this tree has no ${name}()`);
  }

  private capabilities(names: readonly string[]): readonly number[] {
    return names.map((name) => {
      const value = this.image.program.constant(name);
      if (value === undefined) throw new CannotRun(`no capability '${name}' is known`);
      return Number(value);
    });
  }
}

/** What of an operation's references is the answer of one that failed or was left out. */
export function lackingOf(operation: Operation, answers: readonly Value[]): readonly Lacking[] {
  return lacking(operation, (index) => gave(answers[index]));
}

/** The arguments of an operation; null where it is left out for what it lacks. `injected`: something was made to fail before. */
export function argumentsOf(operation: Operation, answers: readonly Value[], injected: boolean): readonly Value[] | null {
  if (isLeftOut(lackingOf(operation, answers), injected)) return null;
  return operation.arguments.map((argument) => {
    if ('value' in argument) return argument.value;
    const answer = answers[argument.answerOf];
    return gave(answer) ? answer : (argument.otherwise ?? NaN);
  });
}

function gave(answer: Value | undefined): answer is Value {
  return answer !== undefined && !Number.isNaN(Number(answer)) && answer >= 0;
}
