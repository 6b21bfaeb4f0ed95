// A cause in words: what is wrong, where, and what else it shows as. One place, so that the terminal and the editor say the same.
import { heldText, underText, type SimulationErrorKind } from '../../../model/simulation.js';
import type { ChangedBehaviour } from '../../behaviour.js';
import { isAllowed, kindOf, type Cause } from '../../causes.js';
import type { HeldChange } from '../../held.js';
import { heldOnlyIn } from '../../held.js';
import { counted } from '../../../model/plural.js';
import { rules } from '../../rules.js';

/** Of a cause that changes no answer. */
export const heldOtherwise = 'references held otherwise';

/** What happens to whoever runs it. */
const kindWords: Readonly<Record<SimulationErrorKind, string>> = {
  leak: 'leak',
  'use-after-free': 'use after free',
  'double-free': 'double free',
  'dangling-reference': 'dangling reference',
  refcount: 'reference count',
  'null-dereference': 'NULL dereference',
  'wild-dereference': 'wild dereference',
  uninitialised: 'uninitialised value',
  warning: 'warning',
  bug: 'BUG',
  'lock-imbalance': 'lock imbalance',
  'index-without-lock': 'index without lock',
  'list-without-lock': 'list without lock',
  deadlock: 'deadlock',
  'sleep-in-atomic': 'sleep in atomic context',
  'rcu-outside': 'RCU outside of a reader',
  'wrong-result': 'wrong answer',
  'live-lock': 'endless loop',
};

/** `use after free`, `leak`, `changed answer`: the worst that the cause comes to, in a few words. */
export function causeKind({ errors, findings, changes }: Cause): string {
  const [error] = errors;
  if (error !== undefined) return kindWords[error.counterexample.error.kind];
  const [finding] = findings;
  if (finding !== undefined) return rules[finding.rule].words;
  return changes.some((change) => kindOf(change) !== 'held') ? 'changed answer' : heldOtherwise;
}

/** `fs/fuse/backing.c:213`; null where it has no place. */
export function causePlace({ findings, errors, blame }: Cause): string | null {
  const at = findings[0] ?? blame?.at ?? errors[0]?.counterexample.error.at ?? null;
  return at === null ? null : `${at.file}:${at.line}`;
}

/** What is wrong, in one sentence. */
export function causeText({ errors, findings, changes, blame }: Cause): string {
  const [finding, ...others] = findings;
  if (finding !== undefined) {
    const alike = others.filter(({ rule }) => rule === finding.rule).map((each) => `${each.function}(), ${each.file}:${each.line}`);
    const also = alike.length === 0 ? '' : `; the same in ${unique(alike).join(' and ')}`;
    return `${finding.function}(): ${finding.message}${also}`;
  }
  const error = errors[0]?.counterexample.error;
  if (error !== undefined) {
    const where = error.at === null ? '' : `, in ${error.at.function}()`;
    if (typeof blame?.object !== 'string' || blame.function === error.at?.function) return `${error.message}${where}`;
    return `${blame.function}() leaves ${blame.object} with a wrong count: ${error.message}${where}`;
  }
  return changesText(changes);
}

/** How the answers change: `backing-open: 1 → 0`; several of one kind in one sentence. */
function changesText(changes: readonly ChangedBehaviour[]): string {
  const [first] = changes;
  if (first === undefined) return '';
  const kind = kindOf(first);
  if (kind === 'held') {
    const held = new Map(changes.flatMap((change) => change.held).map((change) => [JSON.stringify(change), change]));
    return [...held.values()].map(heldChangeText).join('; ');
  }
  const names = unique(changes.map(({ operation }) => nameOf(operation))).join(', ');
  const answers = unique(changes.map(({ after }) => after.answer)).join(', ');
  const before = unique(changes.map((change) => change.before.answer)).join(', ');
  const rights = unique(
    changes.map(({ capabilities }) =>
      capabilities === null ? '' : capabilities.length === 0 ? ' without capabilities' : ` with ${capabilities.join(', ')} alone`,
    ),
  );
  const who = `${names}${rights.length === 1 ? (rights[0] ?? '') : ''}`;
  if (kind.startsWith('error ')) {
    const through = unique(changes.filter(isAllowed).map(({ operation }) => nameOf(operation)));
    const others = unique(changes.filter((change) => !isAllowed(change)).map(({ after }) => after.answer));
    const first =
      others.length === 0
        ? []
        : [`${through.length > 0 ? 'also ' : ''}${before} is no longer what is answered first: ${others.join(', ')}`];
    // Named again only where it is not all of them.
    const which = through.join(', ') === names ? '' : `${through.join(', ')} `;
    return `${who}: ${[...(through.length > 0 ? [`${which}goes through where ${before} was answered`] : []), ...first].join('; ')}`;
  }
  if (kind.startsWith('refused ')) return `${who} went through and answers ${answers} now`;
  return `${who} answers ${answers} where it answered ${before}`;
}

/** `backing-open` of `backing-open(fd=bad)` */
function nameOf(operation: string): string {
  return operation.split('(', 1)[0] ?? operation;
}

/** What else shows it, in a few words each: `5 more errors`, `count taken for a state`, `8 changed answers`. */
export function alsoShowsAs({ errors, findings, changes, severity }: Cause): readonly string[] {
  const shown: string[] = [];
  const [first, ...rest] = errors;
  const kinds = unique(
    rest.map(({ counterexample }) => counterexample.error.kind).filter((kind) => kind !== first?.counterexample.error.kind),
  );
  if (rest.length > 0)
    shown.push(`${counted(rest.length, 'more error')}${kinds.length === 0 ? '' : ` (${kinds.map((kind) => kindWords[kind]).join(', ')})`}`);
  const others = unique((errors.length > 0 ? findings : findings.slice(1)).map(({ rule }) => rule));
  const further = others.filter((rule) => errors.length > 0 || rule !== findings[0]?.rule);
  shown.push(...further.map((rule) => rules[rule].words));
  const answers = changes.filter(({ before, after }) => before.answer !== after.answer).length;
  if (severity === 'behaviour') return shown;
  if (answers > 0) shown.push(counted(answers, 'changed answer'));
  if (answers < changes.length) shown.push(heldOtherwise);
  return shown;
}

/** A change of what holds an object: `fuse_conn is held by fuse_chan.conn, and no longer by fuse_dev.fc`. */
export function heldChangeText({ type, alive, count, gone, fresh }: HeldChange): string {
  if (alive === 1) return `${type} is left${fresh.length > 0 ? `, held by ${fresh.join(', ')}` : ', held by nothing'}`;
  if (alive === -1) return `${type} is no longer left${gone.length > 0 ? `, which was held by ${gone.join(', ')}` : ''}`;
  const holders = [
    ...(fresh.length > 0 ? [`held by ${fresh.join(', ')}`] : []),
    ...(gone.length > 0 ? [`no longer held by ${gone.join(', ')}`] : []),
  ];
  const more = count === 0 ? [] : [`its count ${count > 0 ? `${count} more` : `${-count} less`}`];
  return `${type}: ${[...holders, ...more].join(', ')}`;
}

/** The lines of a change: the answers before and after, and what is held on one tree only. */
export function changeLines({
  scenario,
  operation,
  faults,
  before,
  after,
  alsoIn,
  held,
  consequences,
}: ChangedBehaviour): readonly string[] {
  const also = alsoIn.length > 0 ? ` and ${counted(alsoIn.length, 'more scenario')}` : '';
  const where = faults.length === 0 ? '' : `, where ${underText(faults)}`;
  const follow = consequences > 0 ? `; ${counted(consequences, 'later step')} ${consequences === 1 ? 'follows' : 'follow'}` : '';
  if (before.answer === after.answer)
    return held.map((each) => `${operation}${where}: ${heldChangeText(each)} (${scenario}${also}${follow})`);
  return [`${operation}: ${before.answer} → ${after.answer}${where} (${scenario}${also}${follow})`];
}

/** What is held before only, and after only, with counts and keys. */
export function heldLines({ before, after }: ChangedBehaviour): readonly string[] {
  return [
    ...heldOnlyIn(before.held, after.held).map((each) => `- ${heldText(each)}`),
    ...heldOnlyIn(after.held, before.held).map((each) => `+ ${heldText(each)}`),
  ];
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
