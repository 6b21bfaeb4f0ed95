// Threads from a mail archive that public-inbox serves (https://public-inbox.org/): `<archive>/<message id>/t.mbox.gz` is the whole thread.
import { failed, ok, type Result } from '../model/result.js';
import { errorAt } from './problems.js';
import type { SeriesInput } from './series.js';

const largest = 64 * 1024 * 1024;

/** Milliseconds until an answer has to be there as a whole. */
const patience = 30_000;

/** Whether a name is an address, or the id of a message, and no file's. */
export function isArchived(name: string): boolean {
  return /^https?:\/\//i.test(name) || /^<[^<>\s]+@[^<>\s]+>$/.test(name);
}

/**
 * The thread of a message, by its id in `<` and `>` in the archive whose address is `archive`, or by its own address. Rejects never.
 */
export async function fetchThread(name: string, archive: string, limit = patience): Promise<Result<SeriesInput>> {
  const url = addressOf(name, archive);
  if (!url.ok) return url;
  const refuse = (message: string): Result<SeriesInput> => failed(errorAt(name, message));
  try {
    const answer = await fetch(url.value, { signal: AbortSignal.timeout(limit), redirect: 'follow' });
    const from = `${url.value.host} answers`;
    if (answer.status === 404 || answer.status === 300) return refuse(`${from} that it has no such message (${answer.status})`);
    if (answer.status === 429 || answer.status === 503)
      return refuse(`${from} that it is busy (${answer.status}); try again later, or save the thread's mbox and name the file`);
    if (!answer.ok)
      return refuse(
        `${from} ${answer.status}${answer.statusText === '' ? '' : ` ${answer.statusText}`}; save the thread's mbox and name the file`,
      );
    const bytes = await wholeOf(answer);
    if (bytes === null) return refuse('is larger than 64 MB; give the mails of one series');
    const isMail = (bytes[0] === 0x1f && bytes[1] === 0x8b) || Buffer.from(bytes.subarray(0, 5)).toString('latin1') === 'From ';
    if (isMail) return ok({ name, bytes });
    const kind = answer.headers.get('content-type')?.split(';')[0] ?? 'nothing known';
    return refuse(`${from} with something else than a mailbox (${kind}); save the thread's mbox and name the file`);
  } catch (error) {
    return refuse(whyNot(error, url.value, limit));
  }
}

/** The bytes of an answer; null where they are too many. */
async function wholeOf(answer: Response): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let size = 0;
  if (answer.body === null) return new Uint8Array();
  for await (const part of answer.body as unknown as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > largest) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function addressOf(name: string, archive: string): Result<URL> {
  const id = /^<(.*)>$/.exec(name)?.[1];
  try {
    if (id !== undefined) return ok(new URL(`${archive.replace(/\/+$/, '')}/${encodeURIComponent(id)}/t.mbox.gz`));
    const url = new URL(name);
    // Of the pages of a message: itself, its thread in several forms, and the mail as it is.
    const path = url.pathname.replace(/\/(?:[tT]|raw|t\.mbox\.gz|t\.atom|#.*)?\/?$/, '');
    return ok(new URL(`${url.origin}${path}/t.mbox.gz`));
  } catch {
    return failed(errorAt(id === undefined ? name : archive, 'is no address of an archive, such as https://lore.kernel.org/all'));
  }
}

function whyNot(error: unknown, { host }: URL, limit: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `${host} has not answered within ${limit / 1000} s`;
  const { cause } = error as { readonly cause?: unknown };
  const code = (cause as { readonly code?: unknown } | undefined)?.code;
  const reason = typeof code === 'string' ? code : error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  return `cannot be fetched from ${host}: ${reason}`;
}
