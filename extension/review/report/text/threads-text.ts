// A thread for the terminal: the patches, and at their lines what people said.
import { counted } from '../../../model/plural.js';
import { formatProblem, type InputProblem } from '../../../model/problem.js';
import { placed, type MailThread, type PatchPlace, type Remark, type Suggestion } from '../../../model/mail-thread.js';
import { printable, type Paint } from './terminal.js';

/** A suggestion with what became of it on top of the series. */
export interface ReviewedSuggestion {
  readonly suggestion: Suggestion;
  readonly files: readonly string[];
  readonly problems: readonly InputProblem[];
}

export interface ThreadWords {
  readonly paint: Paint;
  /** The command that reviews a series with a suggestion. */
  readonly trying: (number: number) => string;
}

export function formatThread(thread: MailThread, suggested: readonly ReviewedSuggestion[], { paint, trying }: ThreadWords): string {
  const lines = [paint.strong(summaryOf(thread))];
  const patches = thread.messages.filter(({ isPatch }) => isPatch);
  for (const { id, subject, author } of [...patches, null].map((patch) => patch ?? { id: null, subject: '', author: '' })) {
    const said = [
      ...thread.remarks.filter(({ patch }) => patch === id).map((remark) => ({ kind: 'remark' as const, ...remark })),
      ...suggested
        .filter(({ suggestion: { patch } }) => patch === id)
        .map((each) => ({ kind: 'suggestion' as const, ...each.suggestion, each })),
    ];
    if (id === null && said.length === 0) continue;
    lines.push(
      '',
      id === null ? paint.strong('about no patch that is here') : `${paint.strong(printable(subject))} ${paint.faint(printable(author))}`,
    );
    let last: string | null = null;
    for (const one of said.sort((a, b) => order(thread, a) - order(thread, b))) {
      const where = placeText(one.place);
      if (where !== last) lines.push(`  ${paint.note(where)}`);
      last = where;
      const reason = one.kind === 'remark' && one.reason !== null ? paint.faint(` (${one.reason})`) : '';
      if (one.kind === 'remark') lines.push(`    ${paint.strong(printable(one.voice))}${reason}`, ...indented(one.text));
      else lines.push(...suggestionLines(one.each, paint, trying));
    }
  }
  const problems = thread.problems.map((problem) => paint[problem.severity](`${problem.severity}: ${printable(formatProblem(problem))}`));
  if (problems.length > 0) lines.push('', ...problems);
  return `${lines.join('\n')}\n`;
}

/** `2 mails: 1 patch (v4), 13 remarks of 2 people, 13 of them at their lines; 2 suggestions` */
export function summaryOf({ messages, remarks, suggestions }: MailThread): string {
  const patches = messages.filter(({ isPatch }) => isPatch);
  const versions = [...new Set(patches.map(({ version }) => version))].sort((a, b) => a - b).map((version) => `v${version}`);
  const voices = new Set(remarks.map(({ voice }) => voice)).size;
  const at = remarks.filter(placed).length;
  const said =
    remarks.length === 0
      ? 'no remarks'
      : `${counted(remarks.length, 'remark')} of ${voices === 1 ? '1 person' : `${voices} people`}, ${at} at a line`;
  return `${counted(messages.length, 'mail')}: ${counted(patches.length, 'patch', 'patches')}${versions.length > 0 ? ` (${versions.join(', ')})` : ''}, ${said}; ${counted(suggestions.length, 'suggestion')}`;
}

function suggestionLines(
  { suggestion, files, problems }: ReviewedSuggestion,
  paint: Paint,
  trying: (number: number) => string,
): readonly string[] {
  const { number, voice } = suggestion;
  const changes = files.length > 0 ? `changes ${files.map(printable).join(', ')}` : 'does not apply';
  return [
    `    ${paint.strong(`${printable(voice)}, suggestion ${number}`)} ${changes}`,
    ...problems.map(({ message, severity }) => `      ${paint[severity](`${severity}: ${printable(message)}`)}`),
    ...(files.length > 0 ? [`      ${paint.faint(trying(number))}`] : []),
  ];
}

function placeText(place: PatchPlace | null): string {
  if (place === null) return 'not at a line';
  const { file, line, side, text } = place;
  return `${printable(file)}:${line}${side === 'old' ? ' (removed)' : ''}  ${printable(text.trim())}`;
}

function indented(text: string): readonly string[] {
  return text.split('\n').map((line) => `      ${printable(line)}`.trimEnd());
}

/** By file and line where both have one; else in the order in which they were said. */
function order({ messages }: MailThread, one: Pick<Remark, 'message' | 'bodyLine'>): number {
  return messages.findIndex(({ id }) => id === one.message) * 1e6 + one.bodyLine;
}
