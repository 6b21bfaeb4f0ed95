// What the page shows, as plain text that one would put into a mail: the error, its story, the steps that are unfolded.
import type { ShownRun } from '../../extension/editor/protocol/webview-messages.js';
import { assumedText, type Counterexample, type SimulationResult } from '../../extension/model/simulation.js';
import { effectTexts } from './step-effects.js';
import type { ListLine } from './lines.js';
import { mainStep, stepOf, type Row } from './step-rows.js';
import type { Chapter, Story } from './story.js';
import { actorText, answerText, courses, failureText, noteTexts } from './story-text.js';
import type { ShownSubject } from './subject.js';

export function shownText(run: ShownRun, { story, traces, counterexample }: ShownSubject, lines: readonly ListLine[]): string {
  const shown = 'result' in run ? counterexample : null;
  const head = 'result' in run && shown !== null ? [...headLines(run.result, shown, run.base?.result ?? null), ''] : [];
  const places = shown === null || shown.error.related.length === 0 ? [] : ['', ...placeLines(shown)];
  const steps = lines.flatMap((line, index): readonly string[] => {
    if (line.kind === 'step') return stepLines(line.row, { traces, threads: story.threads });
    const unfolded = line.open && lines[index + 1]?.kind === 'step';
    if (!unfolded) return [];
    const chapter = line.operation === null ? undefined : story.chapters[line.operation];
    return ['', chapter === undefined ? line.part.kind : `${chapter.operation + 1} ${chapter.text}`];
  });
  return [...head, ...storyLines(story), ...places, ...steps].join('\n') + '\n';
}

function headLines(
  result: SimulationResult,
  { error, schedule, replay = schedule }: Counterexample,
  base: SimulationResult | null,
): string[] {
  const assumed = assumedText(error);
  return [
    `${error.kind}: ${failureText(error)}`,
    ...(assumed === null ? [] : [`  ${assumed}`]),
    '',
    `Scenario ${result.scenario.name} on ${result.tree}${base === null ? '' : `, beside ${base.tree}`}`,
    `Replay: ${replay}`,
  ];
}

function placeLines({ error }: Counterexample): readonly string[] {
  return ['How it came to this', ...error.related.map(({ at, message }) => `  ${message}: ${at.file}:${at.line} in ${at.function}()`)];
}

/** A table: a line for each operation, then what is to be said of it. */
function storyLines(story: Story): readonly string[] {
  const { objects, chapters, compared } = story;
  const names = objects.map(({ name }) => name).join('; ');
  const sides = (title: string): string[] => (compared ? [`${title} (base)`, `${title} (patched)`] : [title]);
  const heads = ['', 'who', 'operation', ...sides('answers'), ...(names === '' ? [] : sides(names))];
  const rows = chapters.map((chapter) => chapterCells(chapter, story));
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const lined = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const failing = story.failing === null ? [] : [`in ${story.failing}: ${story.failure}`];
  return [
    lined(heads),
    ...chapters.flatMap((chapter, index) => [lined(rows[index] ?? []), ...noteTexts(chapter, story).map((note) => `       ${note}`)]),
    ...failing,
  ];
}

function chapterCells(chapter: Chapter, story: Story): readonly string[] {
  const sides = story.compared ? [chapter.base, chapter.run] : [chapter.run];
  return [
    String(chapter.operation + 1).padStart(2),
    actorText(chapter, story),
    chapter.text,
    ...sides.map((deed) => (deed === null ? '' : answerText(deed))),
    ...(story.objects.length === 0 ? [] : sides.map(courses)),
  ];
}

function stepLines(row: Row, { traces, threads }: Pick<ShownSubject, 'traces'> & { readonly threads: number }): readonly string[] {
  const { side, step: index } = mainStep(row);
  const [trace, step] = [traces[side], stepOf(traces, row, side)];
  if (trace === null || step === undefined) return [];
  const sign = { none: ' ', changed: '≠', 'base only': '−', 'run only': '+' }[row.difference];
  const who = threads > 1 ? `T${step.thread} ` : '';
  const lead = `${traces.base === null ? '' : `${sign} `}${who}${'  '.repeat(step.depth + 1)}`;
  const place = step.at === null ? '' : `  [${step.at.file}:${step.at.line}]`;
  return [`${lead}${step.text}${place}`, ...effectTexts(trace, index).map((change) => `${lead}    ${change}`)];
}
