// The results of runs in a real kernel as text for people who know the kernel.
import { addressNames } from '../../../model/event-names.js';
import type { AgreementRow, ExecutionResult, KernelEvent, KernelFrame, KernelReport } from '../../../model/execution.js';
import { leftOut } from '../../../model/missing.js';
import { errnoText } from '../../../scenario/errno.js';
import { hasFailed } from '../../agreement-faults.js';
import { counted } from '../../../model/plural.js';
import { printable, type Paint } from './terminal.js';
import { stepLines } from './trace-text.js';

export interface ExecutionTextOptions {
  readonly paint: Paint;
  /** Every scenario's steps, whole call traces, and the simulator's path where it disagrees. */
  readonly all: boolean;
  /** The user ended it: how many scenarios there were to run. Absent where all were. */
  readonly interrupted?: { readonly of: number };
}

/** Frames of a call trace that are shown without `all`: those of the innermost calls. */
const framesShown = 8;

/** The same of reports after the first, and of who allocated and freed. */
const framesOfMore = 4;

/** A line for each run, with its steps, reports and log where something is wrong with it; then what all came to. */
export function formatExecution(results: readonly ExecutionResult[], options: ExecutionTextOptions): string {
  const lines = results.flatMap((result) => [
    headLine(result, options.paint),
    ...(options.all || !isFine(result) ? details(result, options) : []),
  ]);
  const { interrupted } = options;
  const cut = interrupted === undefined ? [] : [options.paint.warning(`interrupted: ${executed(results)} of ${interrupted.of} run`)];
  return `${[...lines, '', ...cut, ...summaryLines(results, options.paint), ...noteLines(results)].join('\n')}\n`;
}

/** How many scenarios there are results of. */
export function executed(results: readonly ExecutionResult[]): number {
  return new Set(results.map(({ scenario }) => scenario)).size;
}

/** The scenario's name and the fault that it was run under: `open-twice, failslab in operation 2, point 3`. */
export function executionName({ scenario, fault }: ExecutionResult): string {
  if (fault === null) return scenario.name;
  const what = hasFailed(fault) ? fault.name : 'no failure';
  return `${scenario.name}, ${what} in operation ${fault.operation + 1}, point ${fault.nth}`;
}

function isFine({ verdict, agreement }: ExecutionResult): boolean {
  return verdict === 'no error' && agreement.verdict !== 'disagrees';
}

function headLine(result: ExecutionResult, paint: Paint): string {
  const { verdict, reason, fault, operations, repeated, variants = [], canaries } = result;
  const head = `${printable(executionName(result))}: ${verdictText(result, paint)}${reason === null ? '' : `: ${printable(reason)}`}`;
  if (verdict === 'not run') return head;
  const missed = canaries.filter(({ seen }) => !seen).map(({ name }) => printable(name));
  // After a failure that was asked for, that is no news.
  const left = hasFailed(fault) ? [] : operations.filter(({ answerText }) => answerText === leftOut).map(({ text }) => printable(text));
  const missing = left.length === 0 ? '' : paint.warning(`, left out: ${left.join(', ')}`);
  const facts = [
    counted(operations.length, 'operation'),
    ...(repeated > 1 ? [`${repeated} times${variants.length === 0 ? '' : ` with ${variants.length + 1} different outcomes`}`] : []),
    // A kernel that reports needs no proof that it would.
    ...(verdict === 'errors' ? [] : [canariesText(canaries.length, missed.length)]),
  ].join(', ');
  const blind = missed.length === 0 || verdict === 'errors' ? '' : paint.warning(`, not seen: ${missed.join(', ')}`);
  return `${head} ${paint.faint(`(${facts})`)}${missing}${blind}; ${agreementText(result, paint)}`;
}

function canariesText(all: number, missed: number): string {
  return all === missed ? 'no canary seen' : `${counted(all - missed, 'canary', 'canaries')} seen`;
}

function verdictText({ verdict, reports }: ExecutionResult, paint: Paint): string {
  switch (verdict) {
    case 'no error':
      return paint.good(verdict);
    case 'errors':
      return paint.error(counted(reports.length, 'error'));
    default:
      return paint.warning(verdict);
  }
}

function agreementText({ agreement: { verdict, reason } }: ExecutionResult, paint: Paint): string {
  const why = reason === null ? '' : `: ${printable(reason)}`;
  if (verdict === 'agrees') return `${paint.good('agrees with the simulator')}${why}`;
  if (verdict === 'disagrees') return `${paint.error('disagrees with the simulator')}${why}`;
  return `${paint.warning('not compared with the simulator')}${why}`;
}

function details(result: ExecutionResult, options: ExecutionTextOptions): string[] {
  const { paint, all } = options;
  const { trace } = result.agreement;
  return [
    ...stepTable(result, paint),
    ...result.reports.flatMap((report, at) => reportLines(report, at === 0, result, options)),
    ...(all && trace !== null ? ['  the closest path of the simulator:', ...stepLines(trace, options).map((line) => `  ${line}`)] : []),
    ...(result.log === null ? [] : [`  log: ${printable(result.log)}`]),
  ];
}

/** What each operation answered, beside the simulator where the two were compared, and the calls that were seen in it. */
function stepTable({ operations, agreement }: ExecutionResult, paint: Paint): string[] {
  if (operations.length === 0) return [];
  const nameOf = addressNames(
    operations.flatMap(({ events }) => events),
    errnoText,
  );
  const compared = agreement.rows.length > 0;
  const rows: readonly AgreementRow[] = compared
    ? agreement.rows
    : operations.map(({ text, answerText }) => ({ operation: text, simulated: [], executed: answerText, agrees: true }));
  const cells = rows.map((row) => [printable(row.operation), printable(row.simulated.join(' or ')), printable(row.executed)] as const);
  const heads = ['step', compared ? 'simulator' : '', 'kernel'] as const;
  const width = (column: 0 | 1): number => Math.max(...[heads, ...cells].map((row) => row[column].length));
  const line = ([step, simulator, kernel]: readonly [string, string, string]): string =>
    `${step.padEnd(width(0))}  ${compared ? `${simulator.padEnd(width(1))}  ` : ''}${kernel}`;
  return [
    `      ${paint.faint(line(heads))}`,
    ...cells.flatMap((row, at) => [
      `  ${String(at + 1).padStart(2)}  ${line(row)}${rows[at]?.agrees === false ? ` ${paint.error('≠')}` : ''}`,
      ...(operations[at]?.events ?? []).map((event) => paint.faint(`        ${eventText(event, nameOf)}`)),
    ]),
  ];
}

/** `fuse_backing_get fb=fb#1 count=2`. */
function eventText({ name, fields }: KernelEvent, nameOf: (value: string) => string): string {
  return printable([name, ...Object.entries(fields).map(([field, value]) => `${field}=${nameOf(value)}`)].join(' '));
}

/** The first report in full; those after it may only follow from it. */
function reportLines(report: KernelReport, isFirst: boolean, { operations }: ExecutionResult, options: ExecutionTextOptions): string[] {
  const { paint, all } = options;
  const operation = operations[report.operation];
  const where = operation ? `in ${printable(operation.text)}` : 'outside of the operations';
  const related = all ? report.related : isFirst ? report.related.slice(0, 2) : [];
  return [
    `  ${paint.error('error:')} ${paint.strong(printable(report.title))} [${report.kind}] ${paint.faint(`(${where})`)}`,
    ...frameLines(report.frames, isFirst ? framesShown : framesOfMore, options),
    ...related.flatMap(({ title, frames }) => [
      `  ${paint.note('note:')} ${printable(title)}`,
      ...frameLines(frames, framesOfMore, options),
    ]),
  ];
}

/** Without `all` only what the kernel is sure of, and none of what headers put into other functions. */
function frameLines(frames: readonly KernelFrame[], most: number, { paint, all }: ExecutionTextOptions): string[] {
  if (all) return frames.map((frame) => `    ${frameText(frame)}`);
  const telling = frames.filter(({ sure, inlined, at }) => sure && !(inlined && at?.file.endsWith('.h') === true));
  const shown = telling.slice(0, most);
  const more = frames.filter(({ sure }) => sure).length - shown.length;
  return [
    ...shown.map((frame) => `    ${frameText(frame)}`),
    ...(more > 0 ? [paint.faint(`    ${counted(more, 'more frame')} (shown with --all)`)] : []),
  ];
}

/** `fs/fuse/backing.c:123 in fuse_backing_get()`; without a place as the kernel says it, `ksys_ioctl+0x1c/0x80`. */
export function frameText({ function: name, at, offset, size, module, inlined, sure }: KernelFrame): string {
  const hex = (value: number): string => `0x${value.toString(16)}`;
  const within = offset === null ? '()' : `+${hex(offset)}${size === null ? '' : `/${hex(size)}`}`;
  const text = at === null ? `${name}${within}` : `${at.file}:${at.line} in ${name}()`;
  return printable(`${sure ? '' : '? '}${text}${inlined ? ' (inlined)' : ''}${module === null ? '' : ` [${module}]`}`);
}

function summaryLines(results: readonly ExecutionResult[], paint: Paint): string[] {
  const having = (verdict: ExecutionResult['verdict']): number => results.filter((each) => each.verdict === verdict).length;
  const ran = results.length - having('not run');
  const errors = new Set(results.flatMap(({ reports }) => reports.map(({ id }) => id))).size;
  const disagree = results.filter(({ agreement }) => agreement.verdict === 'disagrees').length;
  const verdict =
    errors > 0
      ? paint.error(counted(errors, 'different error'))
      : ran === 0
        ? paint.warning('nothing was run')
        : having('unknown') > 0
          ? paint.warning(`no error seen; ${having('unknown')} of ${ran} unknown`)
          : paint.good('no error');
  const agreed = results.filter(({ agreement }) => agreement.verdict === 'agrees').length;
  const missing = ran - agreed - disagree;
  const compared = [
    `${agreed} ${agreed === 1 ? 'agrees' : 'agree'} with the simulator`,
    ...(disagree > 0 ? [paint.error(`${disagree} ${disagree === 1 ? 'disagrees' : 'disagree'}`)] : []),
    ...(missing > 0 ? [paint.warning(`${missing} not compared`)] : []),
  ].join(', ');
  const seconds = Math.round(results.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 100) / 10;
  const gone = having('not run') > 0 ? `, ${having('not run')} not run` : '';
  return [verdict, `${counted(ran, 'run')} in the kernel${gone}: ${compared}`, paint.faint(`${seconds} s`)];
}

/** What is to be known of the runs, each once. */
function noteLines(results: readonly ExecutionResult[]): string[] {
  const notes = [...new Set(results.flatMap((result) => result.notes ?? []))];
  return notes.length === 0 ? [] : ['to be known:', ...notes.map((note) => `  ${printable(note)}`)];
}
