// A run in a kernel in words, and its steps beside the simulator's. Free of the browser.
import type { AgreementRow, ExecutedOperation, ExecutionResult, KernelFrame, KernelReport } from '../../extension/model/execution.js';
import { counted } from '../../extension/model/plural.js';

/** A step as both answered it. */
export interface ComparedStep {
  /** Index into `operations`; -1 for a step that only the simulator has. */
  readonly index: number;
  readonly text: string;
  readonly operation: ExecutedOperation | null;
  /** null where the step was not compared. */
  readonly row: AgreementRow | null;
}

/** The steps in order, each with its row of the agreement; rows that belong to none of them come last. */
export function comparedSteps({ operations, agreement }: ExecutionResult): readonly ComparedStep[] {
  const left = [...agreement.rows];
  const take = (at: number): AgreementRow | null => (at < 0 ? null : (left.splice(at, 1)[0] ?? null));
  const inStep = left.length === operations.length;
  const steps = operations.map((operation, index): ComparedStep => {
    const { text } = operation;
    const row = take(inStep ? 0 : left.findIndex((each) => each.operation === text || each.operation.endsWith(` ${text}`)));
    return { index, text, operation, row };
  });
  return [...steps, ...left.map((row): ComparedStep => ({ index: -1, text: row.operation, operation: null, row }))];
}

/** `agrees with the simulator`, `disagrees with the simulator in 2 steps`, `not compared with the simulator`. */
export function agreementText({ agreement: { verdict, rows } }: ExecutionResult): string {
  if (verdict === 'agrees') return 'agrees with the simulator';
  if (verdict === 'not compared') return 'not compared with the simulator';
  const differing = rows.filter(({ agrees }) => !agrees).length;
  return `disagrees with the simulator${differing === 0 ? '' : ` in ${counted(differing, 'step')}`}`;
}

/** The answers of all steps in each round that answered otherwise, the first round first: `1, 0, -ENOENT`. */
export function outcomeTexts({ operations, variants = [] }: ExecutionResult): readonly string[] {
  // Error numbers have the names that the first round gave them; others are numbers.
  const names = new Map(operations.map(({ answer, answerText }) => [answer, answerText]));
  const textOf = (answer: number | null): string => names.get(answer) ?? (answer === null ? 'none' : String(answer));
  const first = operations.map(({ answerText }) => answerText).join(', ');
  return [first, ...variants.map((answers) => answers.map(textOf).join(', '))];
}

/** Where a report came up: `12.345 s after boot, in step 3: backing-close(id=1)`. */
export function whenText({ seconds, operation }: KernelReport, operations: readonly ExecutedOperation[]): string {
  const step = operations[operation];
  const where = step === undefined ? 'in setup, teardown or later' : `in step ${operation + 1}: ${step.text}`;
  return seconds === null ? where : `${seconds.toFixed(3)} s after boot, ${where}`;
}

/** `fuse_backing_get+0x1c/0x80 [fuse] (inlined)`, with `?` before it where the kernel is not sure. */
export function frameText({ function: name, offset, size, module, inlined, sure }: KernelFrame): string {
  const hex = (number: number): string => `0x${number.toString(16)}`;
  const within = offset === null ? '' : `+${hex(offset)}${size === null ? '' : `/${hex(size)}`}`;
  return `${sure ? '' : '? '}${name}${within}${module === null ? '' : ` [${module}]`}${inlined ? ' (inlined)' : ''}`;
}

/** Frames that are shown without being asked for, at least. */
const fewFrames = 10;

/** A call trace in what is shown, to the last frame that is surely in the subsystem's folder, and the rest. */
export function cutFrames(
  frames: readonly KernelFrame[],
  folder: string,
): { readonly shown: readonly KernelFrame[]; readonly more: readonly KernelFrame[] } {
  const last = frames.findLastIndex(({ sure, at }) => sure && at?.file.startsWith(`${folder}/`) === true);
  const end = Math.max(fewFrames, last + 1);
  return { shown: frames.slice(0, end), more: frames.slice(end) };
}

export interface FrameGroup {
  /** What its frames have in common, where they say little; null where each is to be shown. */
  readonly summary: string | null;
  readonly frames: readonly KernelFrame[];
}

/** A call trace in parts: neighbours that are inlined from headers, or that the kernel is not sure of, are one. */
export function frameGroups(frames: readonly KernelFrame[]): readonly FrameGroup[] {
  const groups: { readonly aside: boolean; readonly frames: KernelFrame[] }[] = [];
  for (const frame of frames) {
    const aside = !frame.sure || isOfHeader(frame);
    const last = groups.at(-1);
    if (last?.aside === aside) last.frames.push(frame);
    else groups.push({ aside, frames: [frame] });
  }
  return groups.map((group) => ({
    summary: group.aside && group.frames.length > 1 ? asideText(group.frames) : null,
    frames: group.frames,
  }));
}

function isOfHeader({ inlined, at }: KernelFrame): boolean {
  return inlined && at?.file.endsWith('.h') === true;
}

/** `3 inlined from headers, 2 not sure`. */
function asideText(frames: readonly KernelFrame[]): string {
  const unsure = frames.filter(({ sure }) => !sure).length;
  const parts = [[frames.length - unsure, 'inlined from headers'] as const, [unsure, 'not sure (?)'] as const];
  return parts.flatMap(([number, what]) => (number === 0 ? [] : [`${number} ${what}`])).join(', ');
}

/** A report as one would put it into a mail: title, frames with their places, the log's own text. */
export function reportText({ execution }: { readonly execution: ExecutionResult }, report: KernelReport): string {
  const framesOf = (frames: readonly KernelFrame[]): readonly string[] =>
    frames.map((frame) => `  ${frameText(frame)}${frame.at === null ? '' : `  [${frame.at.file}:${frame.at.line}]`}`);
  return [
    report.title,
    whenText(report, execution.operations),
    `Scenario ${execution.scenario.name} on ${execution.tree}, in QEMU`,
    '',
    ...framesOf(report.frames),
    ...report.related.flatMap(({ title, frames }) => ['', title, ...framesOf(frames)]),
    '',
    report.text.trimEnd(),
    '',
  ].join('\n');
}
