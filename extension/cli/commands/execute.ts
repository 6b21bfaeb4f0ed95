// `fuse-review execute [SCENARIO…]`: runs scenarios in the tree's own kernel, beside the simulator.
import { Option, type Command } from 'commander';
import type { ExecutionFailure, FaultPlan } from '../../executor/request.js';
import { kernelProfiles, type ExecutionResult, type KernelProfile } from '../../model/execution.js';
import type { InputProblem } from '../../model/problem.js';
import { ok } from '../../model/result.js';
import { executionToJson } from '../../review/report/json/execution-json.js';
import { executionToKtap } from '../../review/report/ktap/execution-ktap.js';
import { executed, formatExecution } from '../../review/report/text/execution-text.js';
import { printable } from '../../review/report/text/terminal.js';
import { Executions } from '../../runner/executions.js';
import { exitCodes, refused, type CommandResult, type Io } from '../io.js';
import { cacheFolder } from '../cache-folder.js';
import { addSharedOptions, paintFor, upTo, type SharedOptions } from '../options.js';
import { ProgressLine } from '../progress-line.js';
import { writeReport } from '../write-report.js';
import { chooseScenarios, listScenarios } from '../simulate/scenarios.js';
import { openSource } from '../simulate/opened-source.js';
import type { HelpWords } from '../help-words.js';

interface ExecuteOptions extends SharedOptions {
  readonly patch?: readonly string[];
  readonly profile: KernelProfile;
  readonly failNth: FaultPlan;
  readonly rounds: number;
  readonly limit?: number;
  readonly keep?: boolean;
  readonly cache?: string;
  readonly list?: boolean;
  readonly all?: boolean;
  readonly verbose?: boolean;
}

export function addExecuteCommand(program: Command, io: Io, done: (outcome: CommandResult) => void, words: HelpWords): Command {
  const command = program
    .command('execute')
    .description('build the kernel of the tree, run scenarios in it under QEMU, and hold what it does against the simulator')
    .argument('[scenario...]', 'bundled scenarios by name, or YAML files (docs/scenarios.md); without any, all bundled ones')
    .action(async (named: readonly string[], options: ExecuteOptions) => done(await execute(named, options, io)));
  return addSharedOptions(command, ['text', 'json', 'ktap'], words)
    .option('--patch <file...>', 'apply these patches to a copy of the tree first; - reads standard input')
    .addOption(
      new Option('--profile <profile>', 'verdict: a kernel that notices what is wrong; trace: one that shows each call')
        .choices(kernelProfiles)
        .default('verdict'),
    )
    .addOption(
      new Option('--fail-nth <points>', 'let the Nth point of each step fail at which it can, or each in turn: all, or a number')
        .argParser(faultPlan)
        .default('none'),
    )
    .addOption(new Option('--rounds <number>', 'how often each scenario is run in one kernel').argParser(upTo(4, 'a number')).default(20))
    .addOption(
      new Option(
        '--limit <seconds>',
        'how long a kernel may boot, and a scenario run with all its rounds (default: 300, and 120 and 6 a round)',
      ).argParser(upTo(5, 'a number of seconds')),
    )
    .option('--keep', 'keep all logs, and how to start each machine by hand')
    .option('--cache <dir>', 'where trees are copied and kernels built (default: FUSE_REVIEW_CACHE, or ~/.cache/fuse-review)')
    .option('--list', 'list the bundled scenarios')
    .option('--all', 'print all steps, whole call traces, and the path of the simulator where it disagrees')
    .option('--verbose', 'print what make and the compiler print');
}

function faultPlan(text: string): FaultPlan {
  return text === 'all' || text === 'none' ? text : upTo(3, 'all, or a number')(text);
}

async function execute(named: readonly string[], options: ExecuteOptions, io: Io): Promise<CommandResult> {
  if (options.list === true) return listScenarios(io);
  const opened = await openSource(options, io);
  if (!opened.ok) return opened;
  const { source, root, runtime } = opened.value;
  const chosen = chooseScenarios(named, runtime, io.cwd);
  if (!chosen.ok) return chosen;

  const runner = io.runner(null);
  const installation = { guest: io.guest, cache: cacheFolder(options.cache, io) };
  const executions = new Executions({ installation, runner, vocabularies: [runtime.vocabulary] });
  const results: ExecutionResult[] = [];
  const { profile, failNth: faults, rounds, limit } = options;
  const settings = { profile, faults, rounds, keep: options.keep === true, ...(limit === undefined ? {} : { limit }) };
  const progress = new ProgressLine(io);
  const handling = {
    ...(io.interrupted ? { signal: io.interrupted } : {}),
    onProgress: progress.report,
    ...(options.verbose === true ? { onOutput: (line: string) => io.err(`${printable(line)}\n`) } : {}),
  };
  try {
    for await (const result of executions.run(source, chosen.value, settings, handling)) {
      if (result.ok) results.push(result.value);
      else if (io.interrupted?.aborted !== true) return refused(failure(result.failure, io));
    }
  } catch (error) {
    if (io.interrupted?.aborted !== true) throw error;
  } finally {
    progress.clear();
    await executions.dispose();
    await runner.dispose();
  }
  const interrupted = io.interrupted?.aborted === true ? { of: chosen.value.length } : undefined;
  const cut = interrupted === undefined ? {} : { interrupted };
  const failed = writeReport([], options, root, io, {
    text: () => formatExecution(results, { paint: paintFor(io, options), all: options.all === true, ...cut }),
    json: () => ({
      ...executionToJson(source.label, results, { all: options.all === true }),
      interrupted: interrupted === undefined ? null : { run: executed(results), ...interrupted },
    }),
    ktap: () => executionToKtap(results),
  });
  if (failed !== undefined) return refused(failed);
  if (interrupted !== undefined) return ok(exitCodes.interrupted);
  if (results.some(isFound)) return ok(exitCodes.findings);
  return ok(results.every(isWhole) ? exitCodes.clean : exitCodes.incomplete);
}

/** The kernel complained, or did otherwise than the simulator. */
function isFound({ verdict, agreement }: ExecutionResult): boolean {
  return verdict === 'errors' || agreement.verdict === 'disagrees';
}

/** It was run to its end, and what watches was seen to watch; a kernel that only shows calls watches for nothing. */
function isWhole({ verdict, profile }: ExecutionResult): boolean {
  return verdict === 'no error' || (profile === 'trace' && verdict === 'unknown');
}

/** The compiler's errors one by one, then what came of them. */
function failure({ message, problems }: ExecutionFailure, io: Io): InputProblem {
  for (const { file, line, column, severity, message: text } of problems) {
    if (severity === 'error') io.err(`${printable(`${file}:${line}:${column}: ${text}`)}\n`);
  }
  return { where: 'execute', message, severity: 'error' };
}
