// `fuse-review simulate [SCENARIO…]`: runs scenarios on the tree's own code, over all faults and interleavings.
import { Option, type Command } from 'commander';
import { ok } from '../../model/result.js';
import type { Scenario } from '../../model/scenario.js';
import type { SimulationResult } from '../../model/simulation.js';
import { errorAt } from '../../patch/problems.js';
import { missingText } from '../../review/report/text/missing-text.js';
import { parseReplayLine, type ReplayedPath } from '../../review/replay-line.js';
import { counterexampleToJson, simulationToJson } from '../../review/report/json/simulation-json.js';
import {
  counterexampleLines,
  formatGenerated,
  formatSimulation,
  ranWhole,
  type Interruption,
} from '../../review/report/text/simulation-text.js';
import { printable } from '../../review/report/text/terminal.js';
import { simulatedGaps } from '../../review/verdict.js';
import { stepLines } from '../../review/report/text/trace-text.js';
import type { TreeSource } from '../../model/source.js';
import type { Runner } from '../../runner/runner.js';
import { generateScenarios } from '../../scenario/generate.js';
import type { Runtime } from '../../scenario/runtime.js';
import type { Bounds } from '../../simulator/simulator.js';
import { exitCodes, refused, type CommandResult, type Io } from '../io.js';
import { addCacheOption, addSharedOptions, paintFor, resultCache, upTo, type CacheOption, type SharedOptions } from '../options.js';
import { ScenarioProgress } from '../progress-line.js';
import { writeReport } from '../write-report.js';
import { replayCommand } from '../simulate/replay-command.js';
import { chooseScenarios, listScenarios } from '../simulate/scenarios.js';
import { openSource } from '../simulate/opened-source.js';
import type { HelpWords } from '../help-words.js';
import { boundOption } from '../simulate/bounds.js';

interface SimulateOptions extends SharedOptions, CacheOption {
  readonly patch?: readonly string[];
  readonly generate?: number;
  readonly threads: '1' | '2';
  readonly bound: Bounds;
  readonly replay?: string;
  readonly list?: boolean;
  readonly all?: boolean;
}

/** All that a run needs. */
interface Task {
  readonly options: SimulateOptions;
  readonly io: Io;
  readonly runtime: Runtime;
  readonly source: TreeSource;
  /** The tree's folder. */
  readonly root: string;
  readonly runner: Runner;
}

export function addSimulateCommand(program: Command, io: Io, done: (outcome: CommandResult) => void, words: HelpWords): Command {
  const command = program
    .command('simulate')
    .description('run scenarios on the code of the tree, over all faults and interleavings, and show the shortest way to each error')
    .argument('[scenario...]', 'bundled scenarios by name, or YAML files (docs/scenarios.md); without any, all bundled ones')
    .action(async (named: readonly string[], options: SimulateOptions) => done(await simulate(named, options, io)));
  return addCacheOption(addSharedOptions(command, ['text', 'json'], words))
    .option('--patch <file...>', 'apply these patches in memory first; - reads standard input')
    .option('--generate <operations>', 'run every scenario of up to so many operations instead', upTo(1, 'a number of operations'))
    .addOption(new Option('--threads <number>', 'threads of generated scenarios').choices(['1', '2']).default('1'))
    .addOption(boundOption())
    .option('--replay <line>', 'show one path: the line that a counterexample prints')
    .option('--list', 'list the bundled scenarios')
    .option('--all', 'print whole traces, and all that was assumed');
}

async function simulate(named: readonly string[], options: SimulateOptions, io: Io): Promise<CommandResult> {
  if (options.list === true) return listScenarios(io);
  if ([named.length > 0, options.generate !== undefined, options.replay !== undefined].filter(Boolean).length > 1) {
    return refused(errorAt('simulate', 'scenarios, --generate and --replay cannot be combined; give one of them'));
  }
  const opened = await openSource(options, io);
  if (!opened.ok) return opened;
  const { source, root, runtime } = opened.value;
  const chosen = chooseScenarios(named, runtime, io.cwd);
  if (!chosen.ok) return chosen;
  const path = options.replay === undefined ? undefined : parseReplayLine(options.replay, runtime.vocabulary);
  if (path?.ok === false) return path;

  const runner = io.runner(resultCache(options, io));
  try {
    const task: Task = { options, io, runtime, source, root, runner };
    if (path !== undefined) return await replay(path.value, task);
    if (options.generate !== undefined) return await generated(options.generate, task);
    return await bundled(chosen.value, task);
  } finally {
    await runner.dispose();
  }
}

async function bundled(scenarios: readonly Scenario[], task: Task): Promise<CommandResult> {
  const { options, io, source, runner } = task;
  const status = new ScenarioProgress(io, scenarios.length);
  const runs = scenarios.map((scenario) => ({ scenario, settings: { bounds: options.bound } }));
  const handling = { signal: io.interrupted, onResult: (result: SimulationResult) => status.add(result) };
  const [results = []] = await runner.runEach([{ tree: source, runs }], handling);
  status.clear();
  const end = endOf(scenarios, task);
  return finish(results, results, task, end, () => formatSimulation(results, { ...textOptions(task), ...end }));
}

async function generated(operations: number, task: Task): Promise<CommandResult> {
  const { options, runtime } = task;
  const scenarios = (): Iterable<Scenario> =>
    generateScenarios(runtime.vocabulary, { operations, threads: options.threads === '2' ? 2 : 1 });
  const results: SimulationResult[] = [];
  for await (const result of running(scenarios(), task)) results.push(result);
  const shown = results.filter(({ verdict }) => verdict !== 'no error');
  const end = endOf(scenarios(), task);
  return finish(results, shown, task, end, () => formatGenerated(results, { ...textOptions(task), ...end }));
}

/** Milliseconds that counting what was not run may take. */
const countingTime = 1000;

/** Whether the user ended it, and how many scenarios there were then. */
function endOf(scenarios: Iterable<Scenario>, { io }: Task): { readonly interrupted?: Interruption } {
  if (io.interrupted?.aborted !== true) return {};
  const enough = Date.now() + countingTime;
  let of = 0;
  for (const _ of scenarios) {
    of++;
    if (Date.now() > enough) return { interrupted: { of, more: true } };
  }
  return { interrupted: { of, more: false } };
}

/** Runs scenarios until there are no more, or the user has had enough. */
async function* running(scenarios: Iterable<Scenario>, { options, io, source, runner }: Task): AsyncGenerator<SimulationResult> {
  const signal = io.interrupted;
  const wanted = function* (): Generator<Scenario> {
    for (const scenario of scenarios) {
      if (signal?.aborted === true) return;
      yield scenario;
    }
  };
  const status = new ScenarioProgress(io);
  const handling = signal === undefined ? {} : { signal };
  for await (const result of runner.runAll(source, wanted(), { bounds: options.bound }, handling)) {
    status.add(result);
    yield result;
  }
  status.clear();
}

/** `shown` are the results that JSON holds. */
function finish(
  results: readonly SimulationResult[],
  shown: readonly SimulationResult[],
  task: Task,
  { interrupted }: { readonly interrupted?: Interruption },
  text: () => string,
): CommandResult {
  const { options, io, source, root } = task;
  const failed = writeReport([], options, root, io, {
    text,
    json: () => ({
      ...simulationToJson(source.label, results.length, shown, { all: options.all === true }),
      interrupted: interrupted === undefined ? null : { run: ranWhole(results), ...interrupted },
    }),
  });
  if (failed !== undefined) return refused(failed);
  if (interrupted !== undefined) return ok(exitCodes.interrupted);
  if (results.some(({ verdict }) => verdict === 'errors')) return ok(exitCodes.findings);
  return ok(results.length === 0 || simulatedGaps(results).length > 0 ? exitCodes.incomplete : exitCodes.clean);
}

async function replay({ scenario, schedule }: ReplayedPath, task: Task): Promise<CommandResult> {
  const { options, io, source, root, runner } = task;
  const replayed = await runner.replay(source, scenario, schedule, io.interrupted);
  if (!replayed.ok) {
    const followed = await runner.trace(source, scenario, schedule, io.interrupted);
    if (!followed.ok) return refused(errorAt('--replay', followed.failure));
    const traced = followed.value;
    const answers = traced.operations.map(({ text: operation, answer }) => `  ${printable(operation)} = ${answer ?? 'does not end'}\n`);
    const missing = (traced.missing ?? []).map((each) => `  ${each.instead === null ? 'left out: ' : ''}${missingText(each)}\n`);
    const steps = options.all === true ? ['trace:', ...stepLines(traced, textOptions(task))].map((line) => `${line}\n`) : [];
    const text = [`${replayed.failure}\n`, ...answers, ...missing, ...steps].join('');
    io.out(options.format === 'json' ? `${JSON.stringify(null)}\n` : text);
    return ok(exitCodes.clean);
  }
  const found = replayed.value;
  const failed = writeReport([], options, root, io, {
    text: () => `${counterexampleLines(found, '', textOptions(task)).join('\n')}\n`,
    json: () => counterexampleToJson(found, { all: true }),
  });
  return failed === undefined ? ok(exitCodes.findings) : refused(failed);
}

function textOptions({ options, io, root }: Task): Parameters<typeof formatSimulation>[1] {
  return {
    paint: paintFor(io, options),
    all: options.all === true,
    replay: (path) => replayCommand(path, { ...options, command: io.command, tree: options.tree ?? root }),
  };
}
