// `fuse-review threads FILE…`: what people said of a series, at the lines that they said it of.
import type { Command } from 'commander';
import { ok } from '../../model/result.js';
import { errorAt } from '../../patch/problems.js';
import { readSeries } from '../../patch/series.js';
import { threadOf } from '../../patch/thread/read-thread.js';
import { SuggestionBase } from '../../patch/thread/suggested.js';
import { threadToJson } from '../../review/report/json/threads-json.js';
import { formatThread, type ReviewedSuggestion } from '../../review/report/text/threads-text.js';
import type { HelpWords } from '../help-words.js';
import { exitCodes, refused, type CommandResult, type Io } from '../io.js';
import { readInputs } from '../named-files.js';
import { loadReviewer } from '../opened-tree.js';
import { addArchiveOption, addSharedOptions, paintFor, type ArchiveOption, type SharedOptions } from '../options.js';
import { ProgressLine } from '../progress-line.js';
import { writeReport } from '../write-report.js';

export function addThreadsCommand(program: Command, io: Io, done: (outcome: CommandResult) => void, words: HelpWords): Command {
  const command = program
    .command('threads')
    .description('show what people said of a series: their remarks at the lines of its patches, and the diffs that they suggest')
    .argument(
      '<file...>',
      'mailboxes or mails, folders or maildirs of them, patches and replies; an address or <message id> of an archive; - reads standard input',
    )
    .action(async (files: readonly string[], options: SharedOptions & ArchiveOption) => done(await threads(files, options, io)));
  return addArchiveOption(addSharedOptions(command, ['text', 'json'], words));
}

async function threads(names: readonly string[], options: SharedOptions & ArchiveOption, io: Io): Promise<CommandResult> {
  const inputs = await readInputs(names, io, options.archive);
  if (!inputs.ok) return refused(inputs.failure);
  const progress = new ProgressLine(io);
  const opened = await loadReviewer(options, io, progress);
  progress.clear();
  if (!opened.ok) return refused(opened.failure);
  const { tree, place } = opened.value;
  const series = await readSeries(inputs.value);
  // Where there is no patch there may be replies, which quote it.
  const problems = series.messages.length > 0 ? series.problems.filter(({ severity }) => severity !== 'error') : series.problems;
  if (series.messages.length === 0) {
    const bad = problems.find(({ severity }) => severity === 'error');
    return refused(bad ?? errorAt(names.join(', '), 'holds no mail; a diff alone has nothing said of it'));
  }
  const found = threadOf(series, tree);
  const own = found.messages.flatMap(({ subject, author, problems: each }) =>
    each.map((problem) => ({ ...problem, where: `"${subject}" by ${author === '' ? 'unknown' : author}` })),
  );
  const thread = { ...found, problems: [...problems, ...own] };
  const base = new SuggestionBase(tree, series.patches, place.folder);
  const suggested = thread.suggestions.map((suggestion): ReviewedSuggestion => {
    const { diff, problems: why } = base.patchOf(suggestion);
    return { suggestion, files: diff.map(({ path }) => path), problems: why };
  });
  const trying = (number: number): string =>
    [io.command, 'patch', ...names, '--tree', options.tree ?? '.', '--with-suggestion', String(number)].join(' ');
  const unwritten = writeReport(thread.problems, options, tree.root, io, {
    text: () => formatThread(thread, suggested, { paint: paintFor(io, options), trying }),
    json: () => threadToJson(thread, suggested),
  });
  return unwritten === undefined ? ok(exitCodes.clean) : refused(unwritten);
}
