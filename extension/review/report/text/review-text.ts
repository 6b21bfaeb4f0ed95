// A review as text: the verdict of each patch first, with its flaws; then each flaw with its story; then what it rests on.
import type { Finding } from '../../../model/finding.js';
import type { Result } from '../../../model/result.js';
import type { Counterexample } from '../../../model/simulation.js';
import type { Review } from '../../../model/review.js';
import { attribution, passingFindings } from '../../attribution.js';
import type { BehaviourReview, KnownCounts } from '../../behaviour.js';
import { alsoShowsAs, causeKind, causePlace, causeText, changeLines, heldChangeText, heldLines } from './cause-text.js';
import type { Cause } from '../../causes.js';
import { dataRaceText } from './data-race-text.js';
import { findingLines, type TextOptions } from './finding-text.js';
import { problemLines, summaryLines } from './notes-text.js';
import { counted } from '../../../model/plural.js';
import { allProblems } from '../../review-problems.js';
import { counterexampleLines } from './simulation-text.js';
import { faultLines, storyLines, storySize } from './story-text.js';
import { printable } from './terminal.js';
import { traceLines } from './trace-text.js';
import type { NotSimulated, PatchVerdict, Verdict } from '../../verdict.js';
import { gapText, patchTitle, verdictWords } from './verdict-text.js';

export interface ReviewTextOptions extends TextOptions {
  /** The command that shows a counterexample again. */
  readonly replay: (counterexample: Counterexample) => string;
}

/** Changes of one cause that are shown without `all`. */
const changesShown = 6;

/** Lines of the path of threads beside each other that are shown without `all`. */
const pathShown = 40;

export function formatReview(
  review: Review,
  verdict: Verdict,
  behaviour: Result<BehaviourReview, NotSimulated>,
  options: ReviewTextOptions,
): string {
  const { paint } = options;
  const numbers = new Map(verdict.patches.flatMap(({ causes }) => causes).map((cause, index) => [cause, index + 1]));
  const lines: string[] = [];
  for (const each of verdict.patches) lines.push(...patchLines(each, review, verdict, numbers, options));
  lines.push('', ...problemLines(allProblems(review), paint));
  for (const [cause, index] of numbers) lines.push(...causeLines(cause, index, options), '');
  lines.push(...otherLines(review, options));
  if (behaviour.ok) lines.push(...behaviourNotes(behaviour.value));
  lines.push(...summaryLines(review, paint));
  if (behaviour.ok && review.patches.length > 1)
    lines.push(paint.faint('between the patches only what is left at the end was simulated: an error that comes and goes is not seen'));
  if (behaviour.ok) lines.push(...knownNotes(behaviour.value).map((note) => paint.faint(note)));
  lines.push(paint.faint(behaviour.ok ? simulatedNote(behaviour.value) : `not simulated: ${printable(behaviour.failure.reason)}`));
  return `${lines.join('\n')}\n`;
}

/** The verdict of a patch on one line, then its causes, two lines each. */
function patchLines(
  verdict: PatchVerdict,
  review: Review,
  { gaps, patches }: Verdict,
  numbers: ReadonlyMap<Cause, number>,
  { paint }: ReviewTextOptions,
): string[] {
  const total = review.patches.length;
  const patch = verdict.patch === null ? undefined : review.patches[verdict.patch];
  const words = verdictWords(verdict, gaps, total === 1 || verdict.patch === null ? gaps : []);
  const painted =
    verdict.causes.length > 0 ? paint.error(words) : verdict.gaps.length > 0 || gaps.length > 0 ? paint.warning(words) : paint.good(words);
  const title = patch === undefined ? 'the series' : `patch ${(verdict.patch ?? 0) + 1}/${total}`;
  const subject =
    patch === undefined ? '' : `: ${printable(patchTitle(patch))}${patch.author === '' ? '' : paint.faint(`, ${printable(patch.author)}`)}`;
  const lines = [`${paint.strong(title)} ${painted}${subject}`];
  for (const cause of verdict.causes) {
    const place = causePlace(cause);
    const also = alsoShowsAs(cause);
    lines.push(
      `  ${numbers.get(cause) ?? 0}. ${paint.strong(causeKind(cause))}${place === null ? '' : ` ${printable(place)}`}: ${printable(causeText(cause))}`,
    );
    if (also.length > 0) lines.push(paint.faint(`     also shows as ${also.join(', ')}`));
  }
  const isLast = verdict === patches.filter(({ patch: of }) => of !== null).at(-1);
  if (isLast && total > 1 && !patches.some(({ patch: of }) => of === null))
    for (const gap of gaps) lines.push(`${paint.strong('the series')} ${paint.warning(printable(gapText(gap)))}`);
  return lines;
}

/** The story of a cause: the finding with its path, the shortest run that shows it, what else shows it, the answers that change. */
function causeLines(cause: Cause, index: number, options: ReviewTextOptions): string[] {
  const { paint, all } = options;
  const { findings, errors, changes, blame } = cause;
  const [finding, ...moreFindings] = findings;
  // A finding says itself what is wrong.
  const what = finding === undefined ? `: ${printable(causeText(cause))}` : ` in ${finding.function}()`;
  const lines = [paint.strong(`${index}. ${causeKind(cause)}${what}`)];
  if (finding !== undefined) lines.push(...findingLines(finding, { ...options, excerpts: all === true }));
  const [error, ...moreErrors] = errors;
  if (error !== undefined) {
    const { counterexample, scenario, times } = error;
    const others = times > 1 ? `, and in ${counted(times - 1, 'more scenario')}` : '';
    lines.push(`${paint.note('simulated:')} ${storySize(counterexample, scenario)}${others}`);
    lines.push(...storyLines(counterexample, blame, options), ...faultLines(counterexample).map((line) => `       ${line}`));
    if (counterexample.preemptions > 0) {
      const path = traceLines(counterexample, { paint, all: all === true });
      lines.push('path:', ...(all === true ? path : path.slice(-pathShown)));
      if (all !== true && path.length > pathShown)
        lines.push(paint.faint(`  ${path.length - pathShown} lines before these (shown with --all)`));
    }
    lines.push(`replay: ${options.replay(counterexample)}`);
  }
  const also = [
    ...moreFindings.map(({ file, line, message, rule }) => `${printable(file)}:${line}: ${printable(message)} [${rule}]`),
    ...moreErrors.map(
      ({
        counterexample: {
          error: { at, message, kind },
        },
        scenario,
      }) => {
        const place = at === null ? 'at the end' : `${printable(at.file)}:${at.line}`;
        return `${place}: ${printable(message)}${at === null ? '' : `, in ${at.function}()`} [${kind}] (${printable(scenario)})`;
      },
    ),
  ];
  if (also.length > 0) lines.push(paint.note('also shows as:'), ...also.map((line) => `  ${line}`));
  if (changes.length > 0) {
    lines.push(paint.note('before and after:'));
    const shown = all === true ? changes : changes.slice(0, changesShown);
    for (const change of shown) {
      lines.push(...changeLines(change).map((line) => `  ${printable(line)}`));
      if (all === true) lines.push(...heldLines(change).map((line) => `    ${printable(line)}`));
    }
    if (shown.length < changes.length) lines.push(paint.faint(`  ${changes.length - shown.length} more (shown with --all)`));
  }
  if (all === true)
    for (const each of errors)
      lines.push('', ...counterexampleLines(each.counterexample, each.scenario, { paint, all: true, replay: options.replay }));
  return lines;
}

/** What is fixed, what comes and goes within the series, and what was there before. */
function otherLines(review: Review, options: ReviewTextOptions): string[] {
  const { paint } = options;
  const lines: string[] = [];
  const of = (status: Finding['status']): readonly Finding[] => review.findings.filter((finding) => finding.status === status);
  for (const finding of of('fixed'))
    lines.push(...findingLines(finding, { ...options, excerpts: options.all === true }, attribution(review, finding)), '');
  for (const { finding, from, to } of passingFindings(review)) {
    const fixes = to === undefined ? 'a later patch' : `patch ${to + 1}`;
    lines.push(
      `${paint.strong(`${printable(finding.file)}:${finding.line}:`)} ${paint.note('note:')} patch ${from + 1} introduces: ${printable(finding.message)} [${finding.rule}]; ${fixes} fixes it again`,
    );
  }
  const unchanged = of('unchanged');
  if (options.all === true) for (const finding of unchanged) lines.push(...findingLines(finding, options), '');
  else if (unchanged.length > 0) lines.push(paint.faint(`${counted(unchanged.length, 'finding')} unchanged (shown with --all)`));
  return lines;
}

/** What a simulation has to say that is no flaw. */
function behaviourNotes({ fixed, respelt, start, uncompared, dataRaces }: BehaviourReview): string[] {
  const lines = fixed.map(
    ({ counterexample: { error } }) => `fixed: ${printable(error.message)}${error.at === null ? '' : `, in ${error.at.function}()`}`,
  );
  for (const race of dataRaces) lines.push(`data race, no error by itself: ${dataRaceText(race)}`);
  if (respelt.length > 0)
    lines.push(
      `called otherwise, and the same: ${respelt.map(({ before, after }) => `${printable(before)} is ${printable(after)}`).join(', ')}`,
    );
  if (start.length > 0)
    lines.push(`held otherwise from the start, in every scenario: ${start.map((change) => printable(heldChangeText(change))).join('; ')}`);
  const only = [...new Set([...uncompared.before, ...uncompared.after])];
  if (only.length > 0)
    lines.push(`not compared where one of these fails, as only one of the trees calls it: ${only.map(printable).join(', ')}`);
  return lines;
}

function simulatedNote({ compared, executions, notRun, stopped }: BehaviourReview): string {
  const left = notRun.length > 0 ? `, ${notRun.length} not run` : '';
  const extent = stopped.length === 0 ? 'exhaustive within 1 fault, or 1 preemption where threads run' : `${stopped.length} not exhaustive`;
  return `simulated: ${counted(compared, 'scenario')} on both trees${left}, ${counted(executions, 'execution')}; ${compared === 0 ? 'nothing' : extent}`;
}

/** What was not run this time; empty where all was. */
function knownNotes({ known: { base, patched } }: BehaviourReview): string[] {
  if (base.known + patched.known + patched.unreached === 0) return [];
  const said = ({ run, known, unreached }: KnownCounts): string =>
    [
      ...(run > 0 ? [`${run} run`] : []),
      ...(known > 0 ? [`${known} known`] : []),
      ...(unreached > 0 ? [`${unreached} ${unreached === 1 ? 'does' : 'do'} not reach what changed`] : []),
    ].join(', ');
  return [`base: ${said(base)}; patched: ${said(patched)}`];
}
