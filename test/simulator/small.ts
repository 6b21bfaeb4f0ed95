// Small C programs of a test's own, run as scenarios on the model of the kernel: each driver is a word without parameters.
import { kernelLoader } from '../../extension/kernel/loader.js';
import type { OperationStep, ParameterDefinition, Scenario, ScenarioStep, Vocabulary } from '../../extension/model/scenario.js';
import type { ProgramLoader } from '../../extension/program/load.js';
import type { Program } from '../../extension/program/program.js';
import { createSimulator, type Simulator } from '../../extension/simulator/simulator.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { fuseRuntime } from '../support/fuse.js';
import { memoryTree } from '../support/memory-tree.js';

const runtime = fuseRuntime;
const model = runtime.prelude.filter((each) => each.file.startsWith('runtime/kernel/'));

/** Drivers, by how many numbers they take; each number from 0 to 99. */
export type Drivers = Readonly<Record<string, number>>;

/** Of a driver that answers something, or takes it as its first argument. */
export interface Referring {
  readonly answers?: string;
  readonly opaque?: boolean;
  readonly takes?: string;
  readonly onFailure?: number;
}

/** A simulator of a program with `long setup(void)`, `long teardown(void)` and these drivers; throws where it can't be read. */
export function simulatorOf(
  loader: ProgramLoader,
  text: string,
  drivers: Drivers,
  referring: Readonly<Record<string, Referring>> = {},
): Simulator {
  return simulatorFor(programOf(loader, text), drivers, referring);
}

/** A program of one file on the model of the kernel; throws where it can't be read. */
export function programOf(loader: ProgramLoader, text: string): Program {
  const tree = memoryTree({ 'fs/test/test.c': text });
  const program = loader.load(tree, { folder: 'fs/test', config: new Map(), prelude: model });
  const wrong = program.notAnalysed.map((each) => `${each.function}: ${each.reason}`);
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  return program;
}

export function simulatorFor(program: Program, drivers: Drivers, referring: Readonly<Record<string, Referring>> = {}): Simulator {
  const parameter = (at: number): ParameterDefinition => ({
    name: `p${at}`,
    description: '',
    kind: 'integer',
    minimum: 0,
    maximum: 99,
    default: 0,
  });
  const vocabulary: Vocabulary = {
    subsystem: 'test',
    operations: Object.entries(drivers).map(([driver, count]) => {
      const { answers = null, opaque = false, takes, onFailure } = referring[driver] ?? {};
      const reference = { name: 'p0', description: '', kind: 'reference', to: takes ?? '', default: null } as const;
      const first: ParameterDefinition = onFailure === undefined ? reference : { ...reference, onFailure };
      return {
        name: driver,
        description: '',
        actor: 'kernel',
        driver,
        parameters: Array.from({ length: count }, (_, at) => (at === 0 && takes !== undefined ? first : parameter(at))),
        answers,
        opaque,
        generate: [],
      };
    }),
    setup: [],
    setupDriver: 'setup',
    teardownDriver: 'teardown',
    boundary: {},
    capabilities: [],
    defaultCapabilities: [],
  };
  return createSimulator(program, vocabulary, 'test');
}

export function loaderOf(parser: SyntaxParser): ProgramLoader {
  return kernelLoader(parser);
}

/** A call of a driver; `expect` is the value that it is to answer. */
export function call(operation: string, numbers: readonly number[] = [], expect: number | null = null): OperationStep {
  return {
    kind: 'operation',
    operation,
    arguments: Object.fromEntries(numbers.map((each, at) => [`p${at}`, each])),
    as: null,
    capabilities: null,
    expect: expect === null ? null : { kind: 'value', value: expect },
    line: 0,
  };
}

/** Calls one after the other; a list of lists runs at the same time. */
export function scenario(...steps: readonly (OperationStep | readonly (readonly OperationStep[])[])[]): Scenario {
  return {
    name: 'test',
    title: '',
    description: '',
    subsystem: 'test',
    config: {},
    setup: {},
    capabilities: null,
    steps: steps.map((each): ScenarioStep => ('kind' in each ? each : { kind: 'parallel', branches: each, line: 0 })),
    source: 'generated',
  };
}
