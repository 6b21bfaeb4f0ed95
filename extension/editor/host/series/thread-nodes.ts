// The rows of what people said: messages in the order of the thread, under each its remarks and suggestions.
import { counted } from '../../../model/plural.js';
import {
  diffLine,
  placed,
  type MailThread,
  type PatchPlace,
  type Remark,
  type Suggestion,
  type ThreadMessage,
} from '../../../model/mail-thread.js';
import type { SeriesNode } from './node.js';

/** None where nobody said anything. */
export function threadNodes(series: string, thread: MailThread | null, applied: readonly number[]): readonly SeriesNode[] {
  const answers = thread?.messages.filter(({ isPatch, isCover }) => !isPatch && !isCover) ?? [];
  if (thread === null || answers.length === 0) return [];
  const { remarks, suggestions } = thread;
  const at = remarks.filter(placed).length;
  const description = `${counted(remarks.length, 'remark')}, ${at} at a line${suggestions.length === 0 ? '' : `; ${counted(suggestions.length, 'suggestion')}`}`;
  const id = `${series} thread`;
  return [
    {
      kind: 'thread',
      id,
      series,
      label: 'Replies',
      description,
      tooltip: `${counted(answers.length, 'mail')}: ${description}`,
      open: true,
      children: answers.map((message) => messageNode(series, id, message, thread, applied)),
    },
  ];
}

function messageNode(
  series: string,
  parent: string,
  message: ThreadMessage,
  { remarks, suggestions }: MailThread,
  applied: readonly number[],
): SeriesNode {
  const id = `${parent} ${message.id}`;
  const said = [
    ...remarks
      .filter((each) => each.message === message.id)
      .map((remark, at) => ({ line: remark.bodyLine, node: remarkNode(series, `${id} remark ${at}`, remark) })),
    ...suggestions
      .filter((each) => each.message === message.id)
      .map((each) => ({ line: each.bodyLine, node: suggestionNode(series, `${id} suggestion ${each.number}`, each, applied) })),
  ].sort((a, b) => a.line - b.line);
  return {
    kind: 'message',
    id,
    series,
    message: message.id,
    line: 1,
    label: message.author.replace(/\s*<[^>]*>$/, ''),
    description: `${said.length === 0 ? 'no remarks; ' : ''}${message.date}`,
    tooltip: [message.subject, message.author, message.date, ...message.problems.map((problem) => problem.message)].join('\n'),
    open: true,
    children: said.map(({ node }) => node),
  };
}

function remarkNode(series: string, id: string, { voice, text, place, reason, message, bodyLine, patch }: Remark): SeriesNode {
  const [first = ''] = text.split('\n').filter((line) => line.trim() !== '');
  return {
    kind: 'remark',
    id,
    series,
    place,
    patch,
    message,
    line: bodyLine,
    label: `${voice}: ${first.trim()}`,
    description: placeWords(place) ?? reason ?? '',
    tooltip: [text, ...(reason === null ? [] : [reason])].join('\n\n'),
    open: false,
    children: [],
  };
}

function suggestionNode(series: string, id: string, suggestion: Suggestion, applied: readonly number[]): SeriesNode {
  const { number, voice, place, message, bodyLine, patch, hunks } = suggestion;
  const isApplied = applied.includes(number);
  return {
    kind: isApplied ? 'applied-suggestion' : 'suggestion',
    id,
    series,
    place,
    patch,
    message,
    number,
    line: bodyLine,
    label: `${voice}: suggestion ${number}`,
    description: `${isApplied ? 'applied; ' : ''}${counted(hunks.length, 'hunk')}${place === null ? '' : `, ${placeWords(place) ?? ''}`}`,
    tooltip: suggestionText(suggestion),
    open: false,
    children: [],
  };
}

/** As a diff without files. */
export function suggestionText({ hunks }: Pick<Suggestion, 'hunks'>): string {
  return hunks.flatMap(({ file, header, lines }) => [...(file === '' ? [] : [`+++ b/${file}`]), header, ...lines.map(diffLine)]).join('\n');
}

function placeWords(place: PatchPlace | null): string | null {
  return place === null
    ? null
    : `${place.file.slice(place.file.lastIndexOf('/') + 1)}:${place.line}${place.side === 'old' ? ' (removed)' : ''}`;
}
