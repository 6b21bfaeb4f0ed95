// Patches out of what people have at hand: a mailbox, a mail from git format-patch, a diff.
import { gunzipSync } from 'node:zlib';
import type { InputProblem } from '../model/problem.js';
import { failed, ok, type Result } from '../model/result.js';
import { readDiff, type FileDiff } from './diff.js';
import { isMailbox, readMail, splitMailbox, transportLines, type Mail } from './mail.js';
import { isFlattened } from './thread/flattened.js';
import { errorAt, errorCode, quoteLine, warningAt } from './problems.js';
import { asBuffer, countLines, decodeText } from './decode-text.js';

export interface SeriesInput {
  /** For messages: a file name, or "clipboard". */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Patch {
  /** The file or commit that it came from. */
  readonly source: string;
  /** As in the mail, with `[PATCH n/m]`; empty for a bare diff. */
  readonly subject: string;
  readonly author: string;
  /** As in the mail's header; empty where there is none. */
  readonly date: string;
  readonly messageId: string;
  readonly diff: readonly FileDiff[];
  /** What was left out of this patch; a file's own problems are in `diff`. */
  readonly problems: readonly InputProblem[];
}

/** A mail, with the patches that it carries; quoted ones do not count. */
export interface SeriesMessage {
  readonly mail: Mail;
  /** The input that it came from, and the 1-based line at which it begins there. */
  readonly source: string;
  readonly line: number;
  readonly patches: readonly Patch[];
}

export interface Series {
  readonly patches: readonly Patch[];
  /** All mails that are no attachments, replies and older versions too; each id once an input. */
  readonly messages: readonly SeriesMessage[];
  /** Of whole inputs. */
  readonly problems: readonly InputProblem[];
}

const largestInput = 64 * 1024 * 1024;

/** Mails are attached to mails; no mail that a person sent is deeper in others than this. */
const deepest = 100;

/** How often an input's own size is read in its attachments, over all depths; a small one may be read more often. */
const rereads = 8;
const smallInput = 1024 * 1024;

/** How far the attachments of one input are read. */
interface Reading {
  readonly depth: number;
  /** Bytes of attachments that may still be read, and whether that or the depth was too little. */
  readonly budget: { left: number; exceeded: boolean };
}

/**
 * The patches of the inputs, in the order given; those of one mailbox in the order of their `[PATCH n/m]`, newest
 * version only. Replies are not patches, quoted diffs neither. An input without a patch is an error in `problems`.
 */
export async function readSeries(inputs: readonly SeriesInput[]): Promise<Series> {
  const patches: Patch[] = [];
  const messages: SeriesMessage[] = [];
  const problems: InputProblem[] = [];
  for (const input of inputs) {
    const bytes = unpack(input);
    const series = bytes.ok ? await readInput(input.name, bytes.value, reading(bytes.value)) : nothing(bytes.failure);
    patches.push(...series.patches);
    messages.push(...series.messages);
    problems.push(...series.problems);
  }
  return { patches, messages, problems };
}

function nothing(problem: InputProblem): Series {
  return { patches: [], messages: [], problems: [problem] };
}

function reading(bytes: Uint8Array): Reading {
  return { depth: 0, budget: { left: Math.max(smallInput, rereads * bytes.length), exceeded: false } };
}

/** lore.kernel.org offers threads as `t.mbox.gz`. */
function unpack({ name, bytes }: SeriesInput): Result<Uint8Array> {
  const tooLarge = failed(errorAt(name, 'is larger than 64 MB; give the mails of one series'));
  if (bytes.length > largestInput) return tooLarge;
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return ok(bytes);
  try {
    return ok(gunzipSync(bytes, { maxOutputLength: largestInput }));
  } catch (error) {
    if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE') return tooLarge;
    return failed(errorAt(name, 'is gzip-compressed and damaged; download it again'));
  }
}

async function readInput(name: string, bytes: Uint8Array, reading: Reading): Promise<Series> {
  if (bytes.every((byte) => byte === 10 || byte === 13 || byte === 32)) {
    return nothing(errorAt(name, 'is empty'));
  }
  if (isMailbox(bytes) || looksLikeMail(bytes)) return readMails(name, bytes, reading);
  const patch = barePatch(name, transportLines(decodeInput(bytes)), name);
  if (patch) return { patches: [patch], messages: [], problems: [] };
  const none = nothing(errorAt(name, 'holds neither a mail nor a diff; give an mbox, a patch or a diff'));
  const text = decodeInput(bytes);
  if (!isFlattened(text) && !isQuoting(text)) return none;
  return { ...none, messages: [{ mail: withoutHeader(text), source: name, line: 1, patches: [] }] };
}

/** Some of its lines quote others. */
function isQuoting(text: string): boolean {
  return (text.match(/^> /gm)?.length ?? 0) >= 3;
}

/** What somebody copied of a mail: nobody knows whose it is. */
function withoutHeader(body: string): Mail {
  return {
    ...{ subject: '', author: '', date: '', messageId: '', inReplyTo: '', references: [] },
    ...{ body, bodyLine: 1, attachments: [], problems: [] },
  };
}

/** Header fields from the first line to the first blank one, a mail's among them; as git am decides. */
function looksLikeMail(bytes: Uint8Array): boolean {
  const text = asBuffer(bytes.subarray(0, 65536))
    .toString('latin1')
    .replace(/\r\n/g, '\n')
    .replace(/^\s*(?:From [^\n]*\n)?/, '');
  const header = text.split('\n\n', 1)[0] ?? '';
  return header.split('\n').every((line) => /^[!-9;-~]+:|^[ \t]/.test(line)) && /^(?:from|subject|date|message-id):/im.test(header);
}

/** Redirected output of PowerShell is UTF-16. */
function decodeInput(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return decodeText(bytes).text.replace(/^\uFEFF/, '');
}

function barePatch(source: string, text: string, where: string): Patch | undefined {
  const { files, problems, firstDiffLine } = readDiff(text, where);
  if (firstDiffLine === undefined) return undefined;
  return { source, subject: '', author: '', date: '', messageId: '', diff: files, problems };
}

async function readMails(name: string, bytes: Uint8Array, reading: Reading): Promise<Series> {
  const pieces = splitMailbox(bytes);
  const patches: Patch[] = [];
  const messages: SeriesMessage[] = [];
  const problems: InputProblem[] = [];
  const covers: string[] = [];
  const others: string[] = [];
  /** By id. */
  const seen = new Map<string, string>();
  let line = 1;
  for (const piece of pieces) {
    const read = await readMail(piece);
    const start = line;
    line += countLines(piece);
    if (!read.ok) {
      problems.push(errorAt(name, `a mail here ${read.failure.message}; left out`, start));
      continue;
    }
    const mail = read.value;
    // A list and a Cc: deliver the same mail twice.
    if (mail.messageId !== '' && seen.get(mail.messageId)?.trim() === mail.body.trim()) continue;
    seen.set(mail.messageId, mail.body);
    const found = await patchesOf(mail, name, start, pieces.length > 1, reading);
    if (reading.depth === 0 && reading.budget.exceeded) {
      reading.budget.exceeded = false;
      problems.push(errorAt(name, `the mail ${quoteLine(mail.subject)} ${tooDeep}`, start));
    }
    messages.push({ mail, source: name, line: start, patches: found });
    if (isReply(mail.subject)) {
      others.push(`"${mail.subject}" (a reply)`);
      if (found.length > 0)
        problems.push(warningAt(name, `the reply "${mail.subject}" carries a diff, which is no patch of the series`, start));
    } else if (found.length > 0) patches.push(...found);
    else if (seriesNumber(mail.subject)?.number === 0) covers.push(`"${mail.subject}" (a cover letter)`);
    else others.push(`"${mail.subject}"`);
  }
  const ordered = inOrder(patches, name, problems);
  if (patches.length === 0 && !problems.some(({ severity }) => severity === 'error')) problems.push(noPatch(name, [...covers, ...others]));
  return { patches: ordered, messages, problems };
}

function noPatch(name: string, listed: readonly string[]): InputProblem {
  const shown = listed.slice(0, 3).join(', ') + (listed.length > 3 ? `, and ${listed.length - 3} more` : '');
  return errorAt(name, `holds no patch: no mail has a diff of its own (quoted ones do not count); it holds ${shown}`);
}

const tooDeep = `nests attachments more than ${deepest} deep, or to ${rereads} times its size; the innermost are left out`;

async function patchesOf(mail: Mail, name: string, start: number, many: boolean, { depth, budget }: Reading): Promise<Patch[]> {
  const decoded = many ? `${name} (mail "${mail.subject}", decoded)` : `${name} (decoded)`;
  const where = mail.bodyLine === undefined ? decoded : name;
  const firstLine = mail.bodyLine === undefined ? 1 : start - 1 + mail.bodyLine;
  const { files, problems, firstDiffLine } = readDiff(mail.body, where, firstLine);
  const patches: Patch[] = [];
  if (firstDiffLine !== undefined) {
    const text = mail.body.split('\n').slice(0, firstDiffLine).join('\n');
    const mailProblems = mail.problems.map((problem) => ({ ...problem, where: name, line: start }));
    patches.push({ ...metadata(mail, text, name), diff: files, problems: [...mailProblems, ...problems] });
  }
  for (const attached of mail.attachments) {
    budget.left -= attached.bytes.length;
    if (depth >= deepest || budget.left < 0) {
      budget.exceeded = true;
      break;
    }
    const source = `${depth === 0 ? name : name.replace(/ \([^()]*\)$/, '')} (${attached.name})`;
    const { patches: inner } = await readInput(source, attached.bytes, { depth: depth + 1, budget });
    patches.push(...inner.map((patch) => (patch.subject === '' ? { ...patch, ...metadata(mail, mail.body, source) } : patch)));
  }
  return patches;
}

/** Subject and author as git am takes them: `From:` and `Subject:` atop the body go before the mail's. */
function metadata(mail: Mail, text: string, source: string): Omit<Patch, 'diff' | 'problems'> {
  const { date, messageId } = mail;
  let { subject, author } = mail;
  let rest = text.trimStart();
  for (let field; (field = /^(From|Subject|Date): (.*)\n/.exec(rest)); rest = rest.slice(field[0].length)) {
    if (field[1] === 'From') author = field[2] ?? author;
    else if (field[1] === 'Subject') subject = field[2] ?? subject;
  }
  return { source, subject, author, date, messageId };
}

/** Its subject begins with `Re:` or what other mailers make of it. */
export function isReply(subject: string): boolean {
  return /^(?:re|aw|sv|antw|fwd?)\s*(?:\[\d+\])?:/i.test(subject);
}

/** `[PATCH v2 3/7]` -> number 3 of total 7. */
export function seriesNumber(subject: string): { number: number; total: number } | undefined {
  const count = /\b(\d+)\/(\d+)\b/.exec(leadingTags(subject));
  return count ? { number: Number(count[1]), total: Number(count[2]) } : undefined;
}

/** 1 where a subject says none. */
export function versionOf(subject: string): number {
  return Number(/\bv(\d+)\b/i.exec(leadingTags(subject))?.[1] ?? 1);
}

function leadingTags(subject: string): string {
  return /^(?:\[[^\]]*\]\s*)*/.exec(subject)?.[0] ?? '';
}

/** The patches of one mailbox: newest version only, by number where all have one; gaps and older versions are said. */
function inOrder(patches: readonly Patch[], name: string, problems: InputProblem[]): readonly Patch[] {
  const version = Math.max(1, ...patches.map(({ subject }) => versionOf(subject)));
  const newest = patches.filter(({ subject }) => versionOf(subject) === version);
  if (newest.length < patches.length) {
    const left = patches.length - newest.length;
    problems.push(warningAt(name, `holds several versions of the series; v${version} is taken, ${left} older left out`));
  }
  const numbered = newest.map((patch) => ({ patch, place: seriesNumber(patch.subject) }));
  const total = Math.max(0, ...numbered.map(({ place }) => place?.total ?? 0));
  if (total === 0 || numbered.some(({ place }) => place === undefined)) return newest;
  const present = new Set(numbered.map(({ place }) => place?.number));
  const missing = Array.from({ length: Math.min(total, 1000) }, (_, index) => index + 1).filter((number) => !present.has(number));
  if (missing.length > 0 && newest.length > 1) {
    problems.push(
      warningAt(
        name,
        `holds ${present.size} of ${total} patches; missing: ${missing
          .slice(0, 20)
          .map((n) => `${n}/${total}`)
          .join(', ')}`,
      ),
    );
  }
  return numbered.sort((a, b) => (a.place?.number ?? 0) - (b.place?.number ?? 0)).map(({ patch }) => patch);
}
