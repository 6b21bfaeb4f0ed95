// A thread out of the mails that a series is read from.
import type { MailThread, ThreadMessage } from '../../model/mail-thread.js';
import { counted } from '../../model/plural.js';
import type { SourceTree } from '../../model/source.js';
import type { Series } from '../series.js';
import { warningAt } from '../problems.js';
import { isFlattened, restoredLines } from './flattened.js';
import { messagesOf } from './thread-order.js';
import { contentKey, patchLines } from './patch-places.js';
import { remarksIn } from './remarks.js';

/** UTF-16 units of a mail in which names of files are looked for. */
const longestLookedAt = 1_000_000;

/** What people said of the series; `tree` is what its patches apply to. */
export function threadOf({ messages: mails, problems }: Series, tree: SourceTree): MailThread {
  const given = messagesOf(mails);
  const lines = new KnownLines(tree);
  for (const { patches } of mails)
    for (const { diff } of patches) for (const { path, oldPath } of diff) for (const each of [path, oldPath]) lines.addFile(each);
  const patches = new Map(given.flatMap(({ id, isPatch, body }) => (isPatch ? [[id, patchLines(body)] as const] : [])));
  for (const patch of patches.values()) for (const { place } of patch) if (place !== null) lines.add(place.text);
  // Of a patch that is nowhere but in what is quoted of it.
  for (const { body } of given)
    for (const [, path = ''] of body.slice(0, longestLookedAt).matchAll(/diff --git a\/\S+ b\/(\S+)/g)) lines.addFile(path);
  const messages = given.map((message) => withLines(message, (key) => lines.has(key, '')));
  return { messages, ...remarksIn(messages, patches, (key, file) => lines.has(key, file)), problems };
}

/** Its lines, where they were lost, as far as they can be told. */
function withLines(message: ThreadMessage, isKnown: (key: string) => boolean): ThreadMessage {
  if (!isFlattened(message.body)) return message;
  const body = restoredLines(message.body, isKnown);
  const lines = counted(body.split('\n').length - 1, 'line');
  const problem = warningAt('mail', `has lost its line breaks; ${lines} were made of it by its marks of quoting, and may be others`);
  return { ...message, body, problems: [...message.problems, problem] };
}

/** Lines of code that are talked about, whatever their indentation. */
class KnownLines {
  private readonly lines = new Set<string>();
  private readonly files = new Set<string>();

  constructor(private readonly tree: SourceTree) {}

  add(line: string): void {
    this.lines.add(contentKey(line));
  }

  addFile(path: string): void {
    if (this.files.has(path)) return;
    this.files.add(path);
    for (const line of (this.tree.read(path) ?? '').split('\n')) this.add(line);
  }

  has(key: string, file: string): boolean {
    if (file !== '') this.addFile(file);
    return this.lines.has(key);
  }
}
