// A verdict in words: one line a patch.
import type { ReviewedPatch } from '../../../model/review.js';
import { causeKind, heldOtherwise } from './cause-text.js';
import { counted } from '../../../model/plural.js';
import type { Gap, PatchVerdict } from '../../verdict.js';

/**
 * `3 flaws (use after free, reference count, dead-default), 1 change of behaviour; not reviewed as a whole: only 4 of 9 hunks apply`.
 * `whole` are the gaps of the whole review; those that are not in `tell` are told elsewhere.
 */
export function verdictWords({ causes, gaps, passing, fixed }: PatchVerdict, whole: readonly Gap[], tell = whole): string {
  const flaws = causes.filter(({ severity }) => severity !== 'behaviour');
  const others = causes.filter(({ severity }) => severity === 'behaviour');
  const changes = others.filter((cause) => causeKind(cause) !== heldOtherwise).length;
  const kinds = [...new Set(flaws.map(causeKind))];
  const found = [
    ...(flaws.length > 0 ? [`${counted(flaws.length, 'flaw')} (${kinds.join(', ')})`] : []),
    ...(changes > 0 ? [counted(changes, 'change of behaviour', 'changes of behaviour')] : []),
    ...(changes < others.length ? [heldOtherwise] : []),
    ...(passing > 0 ? [`${counted(passing, 'finding')} that a later patch fixes again`] : []),
  ];
  const good = fixed > 0 ? [`${fixed} fixed`] : [];
  const shown = [...gaps, ...tell];
  const missing = shown.map(gapText);
  if (shown.some(({ kind }) => kind === 'outside')) return missing.join('; ');
  const nothing = gaps.length + whole.length === 0 ? 'nothing introduced' : 'nothing introduced in what was looked at';
  return [[...(found.length === 0 ? [nothing] : found), ...good].join(', '), ...missing].join('; ');
}

/** What was not looked at, in a few words. */
export function gapText(gap: Gap): string {
  switch (gap.kind) {
    case 'half applied':
      return `not reviewed as a whole: only ${gap.applied} of ${counted(gap.hunks, 'hunk')} ${gap.hunks === 1 ? 'applies' : 'apply'}`;
    case 'left out':
      return `not reviewed as a whole: ${counted(gap.parts, 'part')} of the input left out`;
    case 'outside':
      return `not reviewed: it touches nothing of ${gap.folder}`;
    case 'not analysed': {
      const [first] = gap.functions;
      const name = first === undefined ? '' : first.function === '' ? first.file : `${first.function}()`;
      return `not analysed: ${name}${gap.functions.length > 1 ? ` and ${gap.functions.length - 1} more` : ''}`;
    }
    case 'not simulated':
      return `not simulated: ${gap.reason}`;
    case 'simulating':
      return 'simulating…';
    case 'not run':
      return `${counted(gap.scenarios, 'scenario')} not run: ${gap.reason}`;
    case 'not exhaustive':
      return `${counted(gap.scenarios, 'scenario')} not run to the end: ${gap.reason}`;
  }
}

/** The subject of a patch, or where it came from. */
export function patchTitle({ subject, source }: ReviewedPatch): string {
  return subject === '' ? source : subject;
}
