// A thread out of the mails that a series is read from.
import type { MailThread } from '../../model/mail-thread.js';
import type { SourceTree } from '../../model/source.js';
import type { Series } from '../series.js';
import { messagesOf } from './thread-order.js';
import { contentKey, patchLines } from './patch-places.js';
import { remarksIn } from './remarks.js';

/** What people said of the series; `tree` is what its patches apply to. */
export function threadOf({ messages: mails, problems }: Series, tree: SourceTree): MailThread {
  const messages = messagesOf(mails);
  const lines = new KnownLines(tree);
  for (const { patches } of mails)
    for (const { diff } of patches) for (const { path, oldPath } of diff) for (const each of [path, oldPath]) lines.addFile(each);
  for (const { isPatch, body } of messages)
    if (isPatch) for (const { place } of patchLines(body)) if (place !== null) lines.add(place.text);
  return { messages, ...remarksIn(messages, (key, file) => lines.has(key, file)), problems };
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
