// One mailbox into mails, one mail into what a review needs of it.
import PostalMime, { type Address, type Email } from 'postal-mime';
import type { InputProblem } from '../model/problem.js';
import { failed, ok, type Result } from '../model/result.js';
import { errorAt, warningAt } from './problems.js';
import { htmlText } from './html-text.js';
import { asBuffer, countLines, decodeCharset, decodeText, decodeUtf8 } from './decode-text.js';

/** A diff that came as an attachment: its bytes as sent, transfer encoding undone. */
export interface AttachedPatch {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Mail {
  /** Decoded, on one line, with its `[PATCH v2 1/3]` and `Re:`. */
  readonly subject: string;
  /** `Name <address>`. */
  readonly author: string;
  /** As in the header; empty where there is none. */
  readonly date: string;
  /** Without `<` and `>`; empty where there is none. */
  readonly messageId: string;
  /** The same of what it answers, and of what came before that, the oldest first. */
  readonly inReplyTo: string;
  readonly references: readonly string[];
  /** The plain text, line ends of the transport made LF. */
  readonly body: string;
  /** 1-based line of the mail's bytes where `body` begins; undefined where a transfer encoding moved lines. */
  readonly bodyLine: number | undefined;
  readonly attachments: readonly AttachedPatch[];
  readonly problems: readonly InputProblem[];
}

/** What postal-mime keeps of a part; its types leave it out, and its text is decoded and unfolded too eagerly. */
interface MimePart {
  readonly contentType: { readonly parsed: { readonly value: string; readonly params: Readonly<Record<string, string>> } };
  readonly contentDisposition: { readonly parsed: { readonly value: string | false } };
  readonly contentTransferEncoding: { readonly encoding: string };
  readonly content?: ArrayBuffer;
  readonly childNodes: readonly MimePart[];
}

/** Parts in parts of a mail; more than any mailer makes. */
const deepestPart = 100;

const firstSeparator = /^\s*From /;

/** Whether bytes begin like a mailbox: with a `From ` line as git mailsplit knows it. */
export function isMailbox(bytes: Uint8Array): boolean {
  const start = asBuffer(bytes.subarray(0, 4096)).toString('latin1');
  return firstSeparator.test(start) && isSeparator((start.trimStart().split('\n')[0] ?? '').replace(/\r$/, ''));
}

/** `From somebody ... 12:34:56 2025`: a time and a year after 1990, the test that git mailsplit makes. */
function isSeparator(line: string): boolean {
  const time = /^From .*\d.\d\d:\d\d\s*(\d+)[^:]*$/.exec(line);
  return time !== null && Number(time[1]) > 90;
}

/**
 * The mails of a mailbox in its order, each with its `From ` line; joined they have as many lines as the mailbox.
 * `>From ` and `>>From ` at a line's start lose one `>`. Bytes that begin otherwise are one mail, left as they are.
 */
export function splitMailbox(bytes: Uint8Array): Uint8Array[] {
  if (!isMailbox(bytes)) return [bytes];
  const buffer = asBuffer(bytes);
  const mails: Uint8Array[] = [];
  let pieces: Buffer[] = [];
  const close = () => {
    if (pieces.length > 0) mails.push(Buffer.concat(pieces));
    pieces = [];
  };
  let copied = 0;
  for (let start = 0; start < buffer.length;) {
    const newline = buffer.indexOf(10, start);
    const end = newline < 0 ? buffer.length : newline + 1;
    const first = buffer[start];
    if (first === 0x46 && isSeparator(buffer.toString('latin1', start, end).replace(/\r?\n$/, ''))) {
      if (mails.length > 0 || pieces.length > 0 || buffer.toString('latin1', 0, start).trim() !== '') {
        pieces.push(buffer.subarray(copied, start));
        close();
        copied = start;
      }
    } else if (first === 0x3e && /^>+From /.test(buffer.toString('latin1', start, Math.min(end, start + 64)))) {
      pieces.push(buffer.subarray(copied, start));
      copied = start + 1;
    }
    start = end;
  }
  pieces.push(buffer.subarray(copied));
  close();
  return mails;
}

/**
 * One mail, decoded: quoted-printable, base64, charsets, encoded words. format=flowed is left as it is, because
 * joining its lines would break a diff. A problem where the bytes have no mail header.
 */
export async function readMail(bytes: Uint8Array): Promise<Result<Mail>> {
  const separator = isMailbox(bytes) ? separatorLength(bytes) : 0;
  const source = bytes.subarray(separator);
  const parser = new PostalMime({ forceRfc822Attachments: true, maxNestingDepth: deepestPart });
  let email: Email;
  try {
    email = await parser.parse(source);
  } catch (error) {
    return failed(errorAt('mail', `cannot be read: ${error instanceof Error ? error.message : String(error)}`));
  }
  if (!email.headers.some(({ key }) => key === 'from' || key === 'subject')) {
    return failed(errorAt('mail', 'has neither From: nor Subject:; not a mail'));
  }
  const problems: InputProblem[] = [];
  const root = mimeRoot(parser);
  const raw = root && rawBody(root, source);
  const attachments: AttachedPatch[] = [];
  const plain = raw ? decodePart(raw.bytes, root, problems) : root ? partTexts(root, attachments, problems) : (email.text ?? '');
  const isHtml = plain.trim() === '' && (email.html ?? '').trim() !== '';
  if (isHtml) problems.push(warningAt('mail', 'has no plain text; what it says is taken from its HTML'));
  const body = isHtml ? htmlText(email.html ?? '') : plain;
  return ok({
    subject: oneLine(email.subject),
    author: mailbox(email.from),
    date: email.headers.find(({ key }) => key === 'date')?.value ?? '',
    messageId: bareId(email.messageId),
    inReplyTo: idsIn(email.inReplyTo)[0] ?? '',
    references: idsIn(email.references),
    body: transportLines(body),
    bodyLine: raw && raw.line + countLines(bytes.subarray(0, separator)),
    attachments,
    problems,
  });
}

/**
 * The text with CRLF made LF where CRLF is the transport's: where the diff's own header lines, which git and
 * diff write with LF, end in it. CRs of a patch to a file with CRLF stay.
 */
export function transportLines(text: string): string {
  if (!text.includes('\r\n')) return text;
  const header = /^(?:diff --git |\+\+\+ |@@ -)[^\n]*\n/m.exec(text);
  return header && !header[0].endsWith('\r\n') ? text : text.replace(/\r\n/g, '\n');
}

function separatorLength(bytes: Uint8Array): number {
  const buffer = asBuffer(bytes);
  const newline = buffer.indexOf(10, buffer.indexOf('From '));
  return newline < 0 ? buffer.length : newline + 1;
}

function mimeRoot(parser: PostalMime): MimePart | undefined {
  const root: unknown = 'root' in parser ? parser.root : undefined;
  const usable = typeof root === 'object' && root !== null && 'contentType' in root && 'childNodes' in root;
  return usable ? (root as MimePart) : undefined;
}

/** The body's bytes where nothing encodes them; 1-based line at which they begin. */
function rawBody(root: MimePart, source: Uint8Array): { bytes: Uint8Array; line: number } | undefined {
  const encoded = /base64|quoted-printable/i.test(root.contentTransferEncoding.encoding);
  if (encoded || !isText(root) || root.childNodes.length > 0) return undefined;
  const buffer = asBuffer(source);
  const bare = buffer.indexOf('\n\n');
  const returned = buffer.indexOf('\n\r\n');
  const blank = [bare < 0 ? Infinity : bare + 2, returned < 0 ? Infinity : returned + 3];
  const start = Math.min(...blank, buffer.length);
  return { bytes: source.subarray(start), line: countLines(source.subarray(0, start)) + 1 };
}

function isText(part: MimePart): boolean {
  return part.contentType.parsed.value === 'text/plain' && part.contentDisposition.parsed.value !== 'attachment';
}

/** The plain-text parts in order, joined; parts that are patches are added to `attachments`. */
function partTexts(part: MimePart, attachments: AttachedPatch[], problems: InputProblem[]): string {
  const texts = part.childNodes.map((child) => partTexts(child, attachments, problems));
  if (part.content !== undefined) {
    const bytes = new Uint8Array(part.content);
    const name = part.contentDisposition.parsed.value === false ? '' : attachmentName(part);
    if (isPatchPart(part)) attachments.push({ name: attachmentName(part) || 'attached patch', bytes });
    else if (isText(part) && !/\.(?:patch|diff)$/i.test(name)) texts.unshift(decodePart(bytes, part, problems));
  }
  return texts.filter((text) => text !== '').join('\n');
}

function attachmentName(part: MimePart): string {
  const disposition = part.contentDisposition.parsed as { params?: Readonly<Record<string, string>> };
  return disposition.params?.filename ?? part.contentType.parsed.params.name ?? '';
}

function isPatchPart(part: MimePart): boolean {
  return /^(?:text|application)\/x-(?:patch|diff)$/.test(part.contentType.parsed.value) || /\.(?:patch|diff)$/i.test(attachmentName(part));
}

/** Text of a part: UTF-8 where it is valid, whatever the header says, as git takes patches; else the stated charset. */
function decodePart(bytes: Uint8Array, part: MimePart, problems: InputProblem[]): string {
  const { charset = '', format = '' } = part.contentType.parsed.params;
  if (/^flowed$/i.test(format)) {
    problems.push(warningAt('mail', 'is format=flowed: lines of its diff may be wrapped; send it with git send-email'));
  }
  const utf8 = /^(?:iso-2022-|utf-16|utf-7|hz-)/i.test(charset) ? undefined : decodeUtf8(bytes);
  if (utf8 !== undefined) return utf8;
  if (charset !== '' && !/^(?:utf-?8|(?:us-)?ascii)$/i.test(charset)) {
    const text = decodeCharset(bytes, charset);
    if (text !== undefined) return text;
    problems.push(warningAt('mail', `has an unknown charset "${charset}"; read as UTF-8 or Latin-1`));
  }
  return decodeText(bytes).text;
}

function oneLine(text: string | undefined): string {
  return (text ?? '').replace(/\s+/g, ' ').trim();
}

function bareId(id: string | undefined): string {
  return (id ?? '').trim().replace(/^<|>$/g, '');
}

/** Ids between `<` and `>`; without those, what blanks divide. */
function idsIn(text: string | undefined): string[] {
  const between = [...(text ?? '').matchAll(/<([^<>\s]+)>/g)].map(([, id = '']) => id);
  return between.length > 0 ? between : (text ?? '').split(/\s+/).filter((id) => id !== '');
}

function mailbox(from: Address | undefined): string {
  if (from === undefined) return '';
  const address = from.address ?? '';
  if (address === '') return oneLine(from.name);
  return from.name ? `${oneLine(from.name)} <${address}>` : address;
}
