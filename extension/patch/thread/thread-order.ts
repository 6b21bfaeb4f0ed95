// Mails as a thread: who answers whom, which of them carry which patch of which version of a series.
import type { InputProblem } from '../../model/problem.js';
import type { ThreadMessage } from '../../model/mail-thread.js';
import { warningAt } from '../problems.js';
import { isReply, seriesNumber, versionOf, type SeriesMessage } from '../series.js';

/** In the order of the thread: each after what it answers, those that answer one by date. */
export function messagesOf(given: readonly SeriesMessage[]): readonly ThreadMessage[] {
  const nodes = given.map((each, at) => new Node(each, at));
  const byId = new Map<string, Node>();
  for (const node of nodes) {
    if (node.id !== '' && !byId.has(node.id)) byId.set(node.id, node);
    else node.rename(`${node.id === '' ? 'message' : node.id}#${node.at + 1}`);
  }
  for (const node of nodes) node.parent = parentOf(node, byId, nodes);
  for (const node of nodes) if (isInCircle(node)) node.parent = null;
  const children = new Map<Node | null, Node[]>();
  for (const node of nodes) children.set(node.parent, [...(children.get(node.parent) ?? []), node]);
  const ordered: ThreadMessage[] = [];
  const open = [...(children.get(null) ?? [])]
    .sort(byOrder)
    .reverse()
    .map((node) => ({ node, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    ordered.push(node.message(depth));
    const answers = [...(children.get(node) ?? [])].sort(byOrder).reverse();
    open.push(...answers.map((each) => ({ node: each, depth: depth + 1 })));
  }
  return ordered;
}

class Node {
  id: string;
  parent: Node | null = null;
  readonly isReply: boolean;
  readonly time: number;
  private readonly problems: InputProblem[];

  constructor(
    readonly given: SeriesMessage,
    readonly at: number,
  ) {
    this.id = given.mail.messageId;
    this.isReply = isReply(given.mail.subject);
    const time = Date.parse(given.mail.date);
    this.time = Number.isNaN(time) ? Infinity : time;
    this.problems = [...given.mail.problems];
  }

  rename(id: string): void {
    if (this.id !== '') this.problems.push(warningAt('mail', `has the message id of another one: ${this.id}`));
    this.id = id;
  }

  /** The subject without tags and `Re:`. */
  get topic(): string {
    return topicOf(this.given.mail.subject);
  }

  /** The place of a patch or a cover letter among those of all versions. */
  get rank(): number {
    const { subject } = this.given.mail;
    const number = seriesNumber(subject)?.number;
    return this.isReply || number === undefined ? 1e9 : 1e4 * versionOf(subject) + number;
  }

  get carriesPatch(): boolean {
    return !this.isReply && this.given.patches.length > 0;
  }

  message(depth: number): ThreadMessage {
    const { subject, author, date, body } = this.given.mail;
    const bare = withoutReply(subject);
    return {
      id: this.id,
      subject,
      author,
      date,
      parent: this.parent?.id ?? null,
      depth,
      version: versionOf(bare),
      patch: seriesNumber(bare)?.number ?? (this.carriesPatch ? 1 : null),
      isPatch: this.carriesPatch,
      isCover: !this.isReply && !this.carriesPatch && seriesNumber(bare)?.number === 0,
      body,
      problems: this.problems,
    };
  }
}

/** By its headers; where these name nothing that is there, and it is an answer, by its subject. */
function parentOf(node: Node, byId: ReadonlyMap<string, Node>, nodes: readonly Node[]): Node | null {
  const { inReplyTo, references } = node.given.mail;
  for (const id of [inReplyTo, ...[...references].reverse()]) {
    const found = byId.get(id);
    if (found !== undefined && found !== node) return found;
  }
  if (!node.isReply) return null;
  const { topic } = node;
  const version = versionOf(withoutReply(node.given.mail.subject));
  const alike = nodes.filter((each) => each !== node && !each.isReply && each.topic === topic);
  return alike.find((each) => versionOf(each.given.mail.subject) === version) ?? alike[0] ?? null;
}

/** Whoever follows what it answers comes back to it. */
function isInCircle(node: Node): boolean {
  const seen = new Set<Node>();
  for (let at = node.parent; at !== null; at = at.parent) {
    if (at === node) return true;
    if (seen.has(at)) return false;
    seen.add(at);
  }
  return false;
}

/** Patches by version and number before what answers, then by date, then as they were given. */
function byOrder(a: Node, b: Node): number {
  return a.rank - b.rank || compared(a.time, b.time) || a.at - b.at;
}

function compared(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

export function withoutReply(subject: string): string {
  let bare = subject;
  while (isReply(bare)) bare = bare.replace(/^[^:]*:\s*/, '');
  return bare;
}

/** What a subject is about, however it is tagged. */
export function topicOf(subject: string): string {
  return withoutReply(subject)
    .replace(/^(?:\[[^\]]*\]\s*)*/, '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}
