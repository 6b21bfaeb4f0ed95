// The results of a simulation as text for people who know the kernel.
import {
  assumedText,
  operationCount,
  type Counterexample,
  type SimulationError,
  type SimulationResult,
} from '../../../model/simulation.js';
import { counted, grouped } from '../../../model/plural.js';
import { shortestById } from '../../shortest.js';
import { dataRacesIn } from '../../data-race-hints.js';
import { dataRaceText } from './data-race-text.js';
import { combinationLines, type CombinationsTextOptions } from './combinations-text.js';
import { leftOutText, missingLines } from './missing-text.js';
import { printable, type Paint } from './terminal.js';
import { objectLines, operationLines, traceLines } from './trace-text.js';

export interface SimulationTextOptions {
  readonly paint: Paint;
  /** Whole traces, and all that was assumed. */
  readonly all: boolean;
  /** The user ended it: how many scenarios there were to run. Absent where they were all run. */
  readonly interrupted?: Interruption;
  /** The command that shows a counterexample again. */
  readonly replay: (counterexample: Counterexample) => string;
}

/** How many scenarios there were when the user had enough; `more` where nobody counted further. */
export interface Interruption {
  readonly of: number;
  readonly more: boolean;
}

/** Of results there are also paths without an error to be shown again. */
export interface ResultsTextOptions extends SimulationTextOptions {
  readonly replay: CombinationsTextOptions['replay'];
}

/** A line for each scenario that ran, and for each reason why others did not; then each counterexample, then what the results rest on. */
export function formatSimulation(results: readonly SimulationResult[], options: ResultsTextOptions): string {
  const lines = [...scenarioLines(results, options), ...notRunLines(results, options.paint)];
  for (const { scenario, counterexamples } of results)
    for (const each of counterexamples) lines.push('', ...counterexampleLines(each, scenario.name, options));
  lines.push('', ...summaryLines(results, options));
  return `${lines.join('\n')}\n`;
}

/** The same of many generated scenarios: each error once, with its shortest counterexample. */
export function formatGenerated(results: readonly SimulationResult[], options: SimulationTextOptions): string {
  const lines: string[] = [];
  for (const { counterexample, scenario, times } of shortestById(results)) {
    lines.push(...counterexampleLines(counterexample, scenario, options));
    lines.push(options.paint.faint(`the same in ${times} of ${results.length} scenarios`), '');
  }
  lines.push(...notRunLines(results, options.paint), ...summaryLines(results, options));
  return `${lines.join('\n')}\n`;
}

function scenarioLines(results: readonly SimulationResult[], options: ResultsTextOptions): string[] {
  const { paint } = options;
  const ran = results.filter(({ verdict }) => verdict !== 'not run');
  return ran.flatMap((result) => {
    const { scenario, verdict, counterexamples, stats, bounds } = result;
    const said = verdict === 'errors' ? paint.error(counted(counterexamples.length, 'error')) : paint.good('no error');
    const end = bounds.stopped === null ? '' : paint.warning(`, not exhaustive: ${printable(bounds.stopped)}`);
    const left = paint.warning(leftOutText([result]));
    const line = `${printable(scenario.name)}: ${said}${left}${paint.faint(` (${counted(stats.executions, 'execution')})`)}${end}`;
    return [line, ...missingLines(result, paint), ...combinationLines(result, options)];
  });
}

/** A reason that keeps many from running is told once: by name where it is about one alone. */
function notRunLines(results: readonly SimulationResult[], paint: Paint): string[] {
  return [...notRunReasons(results)].map(([reason, names]) => {
    const which = names.length === 1 ? `${printable(names[0] ?? '')}:` : counted(names.length, 'scenario');
    return `${which} ${paint.warning('not run')}: ${printable(reason)}`;
  });
}

/** A counterexample in full: the error, the operations, the path, the object's references, related places, the replay. */
export function counterexampleLines(counterexample: Counterexample, scenario: string, options: SimulationTextOptions): string[] {
  const { paint } = options;
  const { error, faults, preemptions, trace } = counterexample;
  const objects = objectLines(counterexample, options);
  const object = trace.objects.find(({ id }) => id === error.object);
  return [
    ...errorLines(error, scenario, paint),
    `${counted(operationCount(counterexample), 'operation')}, ${counted(faults, 'fault')}, ${counted(preemptions, 'preemption')}:`,
    ...operationLines(counterexample, options),
    options.all ? 'trace:' : 'trace in short:',
    ...traceLines(counterexample, options),
    ...(objects.length > 0 ? [`references to ${printable(object?.name ?? '')}:`, ...objects] : []),
    // What its count was is told above, in order.
    ...relatedLines(error, ({ message }) => objects.length === 0 || !message.startsWith('count '), paint),
    `replay: ${options.replay(counterexample)}`,
  ];
}

/** What is wrong and where, and what that hangs on. */
export function errorLines(error: SimulationError, scenario: string, paint: Paint): string[] {
  const place = error.at ? `${printable(error.at.file)}:${error.at.line}:` : 'at the end:';
  const where = error.at ? `, in ${error.at.function}()` : '';
  const name = scenario === '' ? '' : ` (${printable(scenario)})`;
  const assumed = assumedText(error);
  return [
    `${paint.strong(place)} ${paint.error('error:')} ${paint.strong(printable(error.message))}${where} [${error.kind}]${paint.faint(name)}`,
    ...(assumed === null ? [] : [paint.warning(printable(assumed))]),
  ];
}

/** The places that explain it. */
export function relatedLines(
  error: SimulationError,
  wanted: (place: SimulationError['related'][number]) => boolean,
  paint: Paint,
): string[] {
  return error.related
    .filter(wanted)
    .map(({ at, message }) => `${paint.strong(`${printable(at.file)}:${at.line}:`)} ${paint.note('note:')} ${printable(message)}`);
}

function summaryLines(results: readonly SimulationResult[], { paint, all, interrupted }: SimulationTextOptions): string[] {
  const ran = results.filter(({ verdict }) => verdict !== 'not run');
  const errors = new Set(ran.flatMap(({ counterexamples }) => counterexamples.map(({ error }) => error.id))).size;
  const sum = (of: (result: SimulationResult) => number): number => ran.reduce((total, each) => total + of(each), 0);
  const stopped = ran.filter(({ bounds }) => !bounds.exhaustive).length;
  const bounds = (ran[0] ?? results[0])?.bounds;
  const within = bounds
    ? `${counted(bounds.faults, 'fault')}, ${bounds.preemptions === null ? 'any number of preemptions' : counted(bounds.preemptions, 'preemption')}`
    : '';
  const missing = results.length - ran.length;
  const whole = stopped === 0 && ran.length > 0 && interrupted === undefined;
  const how = stopped > 0 ? `${stopped} of ${ran.length} not exhaustive` : whole ? 'exhaustive' : 'not exhaustive';
  const extent = `${how} within ${within}`;
  const found = errors > 0 ? paint.strong(counted(errors, 'different error')) : null;
  let verdict = found ?? (ran.length === 0 ? 'nothing was run' : missing > 0 ? 'no error in what was run' : paint.good('no error'));
  if (interrupted !== undefined)
    verdict = `${paint.warning(interruptedText(results, interrupted))}; ${found ?? 'nothing found until then'}`;
  const assumed = assumptions(results);
  const lines = [
    `${counted(ran.length, 'scenario')}${missing > 0 ? `, ${missing} not run` : ''}: ${counted(
      sum(({ stats }) => stats.executions),
      'execution',
    )}, ${counted(
      sum(({ stats }) => stats.states),
      'state',
    )}, ${grouped(sum(({ stats }) => stats.pruned))} pruned, ${Math.round(sum(({ stats }) => stats.milliseconds) / 100) / 10} s; ${extent}`,
  ];
  const known = ran.filter((each) => each.known !== undefined).length;
  if (known > 0)
    lines.push(
      `${known === ran.length ? 'all' : `${known} of ${ran.length}`} known from before (--no-cache runs ${known === 1 ? 'it' : 'them'} again)`,
    );
  if (assumed.length > 0) {
    lines.push(`${counted(assumed.length, 'thing')} assumed${all ? ':' : ' (shown with --all)'}`);
    if (all) lines.push(...assumed.map(([what, times]) => `  ${printable(what)} (${times}x)`));
  }
  const races = dataRacesIn(ran);
  if (races.length > 0) {
    const said = `${counted(races.length, 'data race')}, which ${races.length === 1 ? 'is' : 'are'} no error by ${races.length === 1 ? 'itself' : 'themselves'}`;
    lines.push(`${said}${all ? ':' : ' (shown with --all)'}`);
    if (all) lines.push(...races.map((race) => `  ${dataRaceText(race)}`));
  }
  return [verdict + paint.warning(leftOutText(ran) + unreadText(results)), ...lines.map((line) => paint.faint(line))];
}

/** `interrupted: 12 of 653 run`, of those that ran to their end. */
function interruptedText(results: readonly SimulationResult[], { of, more }: Interruption): string {
  return `interrupted: ${ranWhole(results)} of ${more ? 'more than ' : ''}${of} run`;
}

/** How many ran until they ended by themselves. */
export function ranWhole(results: readonly SimulationResult[]): number {
  return results.filter(({ verdict, bounds }) => verdict !== 'not run' && bounds.stopped !== 'cancelled').length;
}

/** For a verdict: which functions of the tree runs came to that are not analysed; nothing for none. */
function unreadText(results: readonly SimulationResult[]): string {
  const names = [...new Set(results.flatMap(({ unread = [] }) => unread))];
  if (names.length === 0) return '';
  const shown = names.slice(0, 3).map((name) => `${name}()`);
  return `, not analysed: ${shown.join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
}

/** What was assumed, over all results, most often first. */
function assumptions(results: readonly SimulationResult[]): readonly (readonly [string, number])[] {
  const times = new Map<string, number>();
  for (const { assumed } of results)
    for (const each of assumed) {
      const what = `${each.kind} ${each.name}: ${each.assumed}`;
      times.set(what, (times.get(what) ?? 0) + each.times);
    }
  return [...times].sort((a, b) => b[1] - a[1]);
}

/** Why scenarios were not run, with their names. */
function notRunReasons(results: readonly SimulationResult[]): ReadonlyMap<string, readonly string[]> {
  const reasons = new Map<string, readonly string[]>();
  for (const { verdict, reason, scenario } of results)
    if (verdict === 'not run') reasons.set(reason ?? '', [...(reasons.get(reason ?? '') ?? []), scenario.name]);
  return reasons;
}
