// The words of a story.
import type { RunBlame } from '../../extension/editor/protocol/webview-messages.js';
import type { ObjectMoment, SimulationError } from '../../extension/model/simulation.js';
import { lastingHolders } from './objects.js';
import type { Chapter, Course, Deed, Story } from './story.js';

/** `reads fuse_backing 1, which is freed, in fuse_backing_get(), backing.c:17` */
export function failureText({ message, at }: SimulationError): string {
  return at === null ? message : `${message}, in ${at.function}(), ${fileName(at.file)}:${at.line}`;
}

/** `1 → 2`, `2`, `1 → freed`; nothing where the object was not there. */
export function courseText({ before, after }: Course): string {
  const [from, to] = [stateText(before), stateText(after)];
  if (from === to) return to;
  return `${from === '' ? '–' : from} → ${to === '' ? '–' : to}`;
}

function stateText(moment: ObjectMoment | undefined): string {
  if (moment === undefined) return '';
  if (moment.state === 'freed') return 'freed';
  const count = moment.count === null ? 'there' : String(moment.count);
  return moment.state === 'live' ? count : `${count}, in a grace period`;
}

/**
 * Who began and who ceased to hold the object: `+ fuse_inode 4.fb`, `− entry 1 of fuse_conn 1.backing_files_map`; or who is left with
 * it: `freed under entry 1 of fuse_conn 1.backing_files_map`.
 */
export function holderChanges({ before, after, freedUnder: left }: Course): readonly string[] {
  if (after?.state === 'freed') return left.map((holder) => `freed under ${holder}`);
  const [held, holds] = [before, after].map((moment) => (moment === undefined ? [] : lastingHolders(moment)));
  const signed = (sign: string, some: readonly string[] = [], others: readonly string[] = []): readonly string[] =>
    some.filter((holder) => !others.includes(holder)).map((holder) => `${sign} ${holder}`);
  return [...signed('+', holds, held), ...signed('−', held, holds)];
}

/** `drops one too many, backing.c:213` */
export function blameText({ at, excess }: RunBlame): string {
  const number = Math.abs(excess) === 1 ? 'one' : String(Math.abs(excess));
  const what = excess === 0 ? 'goes wrong' : `${excess < 0 ? 'drops' : 'keeps'} ${number} too many`;
  return `${what}, ${fileName(at.file)}:${at.line}`;
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What is wrong here comes before who holds what. */
export function noteTexts({ fails, blame, run }: Chapter, story: Story): readonly string[] {
  const holders = (run?.courses ?? []).flatMap(holderChanges);
  return [...(fails ? [story.failure] : []), ...(blame === null ? [] : [`${blame.function}() ${blameText(blame)}`]), ...holders];
}

export function answerText({ operation }: Deed): string {
  return operation.answer ?? 'no end';
}

export function courses(deed: Deed | null): string {
  return deed === null ? '' : deed.courses.map(courseText).join('; ');
}

export function actorText({ actor, thread }: Chapter, { threads }: Story): string {
  return threads > 1 ? `T${thread} ${actor}` : actor;
}
