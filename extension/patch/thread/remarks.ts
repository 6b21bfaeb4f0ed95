// What replies say, each remark at the line of the patch that it answers.
import type { PatchPlace, Remark, Suggestion, ThreadMessage } from '../../model/mail-thread.js';
import { alignLines, saysSomething } from './align.js';
import { fragmentsIn } from './fragments.js';
import { topicOf } from './thread-order.js';
import { contentKey, lineKey, quotedPatchLines, type PatchLine } from './patch-places.js';
import { attribution, nameOf, quotedLines, type QuotedLine } from './quotes.js';

export interface Said {
  readonly remarks: readonly Remark[];
  readonly suggestions: readonly Suggestion[];
}

/** Lines of what a remark answers that are told with it. */
const quotedWith = 3;

/** `patchLinesOf`: the lines of each message that carries a patch, by its id. `isKnown`: whether a line, by its `contentKey`, stands in the code that is talked about, in that file where one is named. */
export function remarksIn(
  messages: readonly ThreadMessage[],
  patchLinesOf: ReadonlyMap<string, readonly PatchLine[]>,
  isKnown: (key: string, file: string) => boolean,
): Said {
  const patches = messages.flatMap((message) => {
    const lines = patchLinesOf.get(message.id);
    return lines === undefined ? [] : [new PatchMail(message, lines)];
  });
  const byId = new Map(messages.map((message) => [message.id, message]));
  const remarks: Remark[] = [];
  const suggestions: Suggestion[] = [];
  /** By message, what its author said, line by line. */
  const own = new Map<string, ReadonlySet<string>>();
  for (const message of messages) {
    if (message.isPatch || message.isCover) continue;
    const ancestors = ancestorsOf(message, byId);
    const known = (voice: string, lines: readonly string[]): boolean =>
      ancestors.some((each) => nameOf(each.author) === voice && saidBefore(lines, own.get(each.id)));
    const reply = new Reply(message, ancestors, patches, isKnown, known);
    remarks.push(...reply.remarks);
    for (const each of reply.suggestions) suggestions.push({ ...each, number: suggestions.length + 1 });
    own.set(message.id, reply.ownLines);
  }
  return { remarks, suggestions };
}

class PatchMail {
  readonly keys: readonly string[];

  constructor(
    readonly message: ThreadMessage,
    readonly lines: readonly PatchLine[],
  ) {
    this.keys = lines.map(({ key }) => key);
  }
}

/** Where in the patch the reply is. */
interface Anchor {
  readonly at: number;
  /** The line itself is quoted, and not one after it that the patch does not have. */
  readonly isExact: boolean;
}

interface Block {
  readonly depth: number;
  readonly begin: number;
  readonly lines: string[];
  readonly quoted: string;
  readonly anchor: Anchor | null;
}

class Reply {
  readonly remarks: Remark[] = [];
  readonly suggestions: Suggestion[] = [];
  readonly ownLines = new Set<string>();
  private readonly lines: readonly QuotedLine[];
  /** By depth, from where on: who is quoted there. */
  private readonly voices: string[] = [];
  /** Lines that are no remarks: who wrote what, signatures, diffs. */
  private readonly skipped = new Set<number>();
  private readonly suggested = new Set<number>();
  private patch: PatchMail | null = null;
  private quotedPatch: readonly PatchLine[] | null = null;
  /** How deep the patch is quoted; deeper than everything where it is not. */
  private patchDepth = Infinity;
  private aligned: (number | null)[] = [];

  constructor(
    private readonly message: ThreadMessage,
    private readonly ancestors: readonly ThreadMessage[],
    patches: readonly PatchMail[],
    private readonly isKnown: (key: string, file: string) => boolean,
    private readonly wasSaid: (voice: string, lines: readonly string[]) => boolean,
  ) {
    this.lines = quotedLines(message.body);
    this.voices[0] = message.author === '' ? 'unknown' : nameOf(message.author);
    ancestors.forEach((each, at) => (this.voices[at + 1] = nameOf(each.author)));
    this.readAttributions();
    this.dropSignature();
    this.findPatch(patches);
    const anchors = this.anchors();
    this.readSuggestions(anchors);
    this.readRemarks(anchors);
  }

  private text(at: number): string {
    return this.lines[at]?.text ?? '';
  }

  private readAttributions(): void {
    this.lines.forEach(({ depth, text }, at) => {
      const next = this.lines[at + 1];
      const found = attribution(text, next?.depth === depth ? next.text : '');
      if (found === null) return;
      this.voices[depth + 1] = found.voice;
      for (let line = at; line < at + found.lines; line++) this.skipped.add(line);
    });
  }

  private dropSignature(): void {
    const at = this.lines.findIndex(({ depth, text }) => depth === 0 && /^-- ?$/.test(text));
    if (at >= 0) for (let line = at; line < this.lines.length; line++) this.skipped.add(line);
  }

  /** The patch that is quoted, and how deep: that of which the most lines are. */
  private findPatch(patches: readonly PatchMail[]): void {
    const answered = this.ancestors.find(({ isPatch }) => isPatch);
    const named = patches.filter(({ message }) => message.id === answered?.id);
    const topic = topicOf(this.message.subject);
    const alike = patches.filter(({ message }) => topicOf(message.subject) === topic);
    const candidates = named.length > 0 ? named : alike.length > 0 ? alike : patches;
    let most = 0;
    for (const patch of candidates)
      for (const depth of new Set(this.lines.map((line) => line.depth))) {
        if (depth === 0) continue;
        const aligned = this.alignedAt(depth, patch);
        const count = aligned.filter((place, at) => place !== null && saysSomething(this.text(at))).length;
        if (count <= most) continue;
        most = count;
        this.patch = patch;
        this.patchDepth = depth;
        this.aligned = aligned;
      }
    // It answers one, if it quotes none of it.
    this.patch ??= named[0] ?? null;
    if (patches.length === 0) this.readQuotedPatch();
  }

  /** Where the patch is nowhere but in what is quoted of it: the deepest diff. */
  private readQuotedPatch(): void {
    const depths = this.lines.flatMap(({ depth, text }) => (depth > 0 && /^(?:diff --git |@@ -\d)/.test(text) ? [depth] : []));
    if (depths.length === 0) return;
    this.patchDepth = Math.max(...depths);
    const at = this.lines.flatMap(({ depth }, index) => (depth >= this.patchDepth && !this.skipped.has(index) ? [index] : []));
    this.quotedPatch = quotedPatchLines(at.map((index) => this.text(index)));
    this.aligned = this.lines.map(() => null);
    at.forEach((index, nth) => (this.aligned[index] = nth));
  }

  /** Of the lines at a depth, which of the patch they are. */
  private alignedAt(depth: number, patch: PatchMail): (number | null)[] {
    const at = this.lines.flatMap((line, index) => (line.depth === depth && !this.skipped.has(index) ? [index] : []));
    const found = alignLines(
      at.map((index) => lineKey(this.text(index))),
      patch.keys,
    );
    const aligned: (number | null)[] = this.lines.map(() => null);
    at.forEach((index, nth) => (aligned[index] = found[nth] ?? null));
    return aligned;
  }

  /** For each line the one of the patch that was quoted last before it. */
  private anchors(): readonly (Anchor | null)[] {
    let last: Anchor | null = null;
    return this.lines.map(({ depth, text }, at) => {
      const place = this.aligned[at] ?? null;
      if (place !== null) last = { at: place, isExact: true };
      else if (last !== null && depth >= this.patchDepth && saysSomething(text)) last = { ...last, isExact: false };
      return last;
    });
  }

  /** Above the patch: what somebody said of it, or wrote as a diff. */
  private isSaid(at: number): boolean {
    return (this.lines[at]?.depth ?? 0) < this.patchDepth && !this.skipped.has(at);
  }

  private readSuggestions(anchors: readonly (Anchor | null)[]): void {
    const depths = [...new Set(this.lines.map(({ depth }) => depth))].filter((depth) => depth < this.patchDepth);
    const found: Suggestion[] = [];
    for (const depth of depths) {
      const at = this.lines.flatMap((line, index) => (line.depth === depth && this.isSaid(index) ? [index] : []));
      const texts = at.map((index) => this.text(index));
      for (const { hunks, lines } of fragmentsIn(texts, this.isKnown)) {
        const taken = lines.map((line) => at[line] ?? 0);
        for (const line of taken) {
          this.skipped.add(line);
          this.suggested.add(line);
        }
        const voice = this.voices[depth] ?? '';
        if (
          depth > 0 &&
          this.wasSaid(
            voice,
            lines.map((line) => texts[line] ?? ''),
          )
        )
          continue;
        if (depth === 0) for (const line of lines) this.ownLines.add(contentKey(texts[line] ?? ''));
        const begin = taken[0] ?? 0;
        found.push({ ...this.about(depth, begin, anchors[begin] ?? null), number: 0, hunks });
      }
    }
    this.suggestions.push(...found.sort((a, b) => a.bodyLine - b.bodyLine));
  }

  private readRemarks(anchors: readonly (Anchor | null)[]): void {
    let block: Block | null = null;
    let before: string[] = [];
    const close = (): void => {
      if (block !== null) this.remark(block);
      if (block !== null) before = block.lines.slice(-quotedWith);
      block = null;
    };
    this.lines.forEach(({ depth, text }, at) => {
      if (!this.isSaid(at)) {
        close();
        if ((!this.skipped.has(at) || this.suggested.has(at)) && text.trim() !== '') before = [...before, text].slice(-quotedWith);
        return;
      }
      if (block !== null && block.depth !== depth && text.trim() !== '') close();
      if (block === null && text.trim() === '') return;
      block ??= { depth, begin: at, lines: [], quoted: before.join('\n'), anchor: anchors[at] ?? null };
      block.lines.push(text);
    });
    close();
  }

  private remark({ depth, begin, lines, quoted, anchor }: Block): void {
    while (lines.at(-1)?.trim() === '') lines.pop();
    const voice = this.voices[depth] ?? '';
    if (depth === 0) for (const line of lines) this.ownLines.add(contentKey(line));
    if (isClosing(lines, voice) || (depth > 0 && this.wasSaid(voice, lines))) return;
    const about = this.about(depth, begin, anchor);
    this.remarks.push({ ...about, quoted, text: lines.join('\n'), reason: this.reason(about.place, anchor) });
  }

  private about(depth: number, begin: number, anchor: Anchor | null): Omit<Suggestion, 'number' | 'hunks'> {
    const { patch } = this;
    return {
      voice: this.voices[depth] ?? '',
      message: this.message.id,
      date: this.message.date,
      bodyLine: begin + 1,
      patch: patch?.message.id ?? null,
      place: anchor === null ? null : (this.patchLine(anchor)?.place ?? null),
    };
  }

  private patchLine({ at }: Anchor): PatchLine | undefined {
    return (this.patch?.lines ?? this.quotedPatch)?.[at];
  }

  private reason(place: PatchPlace | null, anchor: Anchor | null): string | null {
    if (place !== null) return anchor?.isExact === true ? null : 'the line that it answers is not in the patch; this one comes before it';
    if (this.patch === null && this.quotedPatch === null) return 'no patch is here that it could answer';
    if (anchor === null) return 'it quotes nothing of the patch';
    const part = this.patchLine(anchor)?.part ?? '';
    return `it answers ${part === '' ? 'another part of the mail' : part}`;
  }
}

/** Whom it answers, the nearest first. */
function ancestorsOf(message: ThreadMessage, byId: ReadonlyMap<string, ThreadMessage>): readonly ThreadMessage[] {
  const found: ThreadMessage[] = [];
  for (let at = byId.get(message.parent ?? ''); at !== undefined; at = byId.get(at.parent ?? '')) found.push(at);
  return found;
}

/** Most of the lines are in what somebody said. */
function saidBefore(lines: readonly string[], said: ReadonlySet<string> | undefined): boolean {
  const telling = lines.map(contentKey).filter(saysSomething);
  return said !== undefined && telling.length > 0 && telling.filter((line) => said.has(line)).length * 5 >= telling.length * 4;
}

/** `Thanks,` and a name. */
function isClosing(lines: readonly string[], voice: string): boolean {
  const names = new Set(voice.toLowerCase().split(/\W+/));
  return lines.every((line) => {
    const bare = line
      .toLowerCase()
      .replace(/[^a-z ]/g, '')
      .trim();
    if (bare === '' || /^(?:thanks|thank you|many thanks|thx|cheers|regards|best|best regards|kind regards|br)$/.test(bare)) return true;
    return bare.split(' ').every((word) => names.has(word));
  });
}
