// The names of the texts before and after a patch: URIs that end with the file's real name, so that C stays C.
import type { Side } from '../../../review/sources.js';
import type { ShownFinding, ShownReview, ShownText } from '../../protocol/messages.js';
import type { ComparedTrees } from './node.js';

export const overlayScheme = 'fuse-review';

export interface OverlayPlace {
  readonly series: string;
  readonly scope: ComparedTrees;
  readonly side: Side;
  /** Relative to the tree's root. */
  readonly path: string;
}

/** The parts of the URI; `path` begins with a slash, as URIs want. */
export function overlayParts({ series, scope, side, path }: OverlayPlace): { readonly path: string; readonly query: string } {
  return { path: `/${path}`, query: JSON.stringify({ series, scope, side }) };
}

export function readOverlay(path: string, query: string): OverlayPlace | undefined {
  try {
    const { series, scope, side } = JSON.parse(query) as Partial<OverlayPlace>;
    if (typeof series !== 'string' || (side !== 'before' && side !== 'after')) return undefined;
    if (scope !== 'series' && typeof scope !== 'number') return undefined;
    return { series, scope, side, path: path.replace(/^\//, '') };
  } catch {
    return undefined;
  }
}

function textsIn(review: ShownReview, scope: ComparedTrees): readonly ShownText[] {
  return scope === 'series' ? review.texts : (review.patches[scope]?.texts ?? []);
}

function findingsIn(review: ShownReview, scope: ComparedTrees): readonly ShownFinding[] {
  return scope === 'series' ? review.findings : (review.patches[scope]?.findings ?? []);
}

/** The file that a finding or step points into, as the patch has it; undefined where the patch does not touch it. */
export function textOf(review: ShownReview, scope: ComparedTrees, path: string): ShownText | undefined {
  const texts = textsIn(review, scope);
  return texts.find((text) => text.path === path) ?? texts.find((text) => text.oldPath === path);
}

/** A document's text; a side on which the file does not exist is empty, one that is not known is undefined. */
export function overlayText(review: ShownReview, place: OverlayPlace): string | undefined {
  const text = textsIn(review, place.scope).find((each) => (place.side === 'before' ? each.oldPath : each.path) === place.path);
  if (text === undefined) return undefined;
  return (place.side === 'before' ? text.before : text.after) ?? '';
}

/** What is to be shown in a document: fixed findings before, all others after. */
export function overlayFindings(review: ShownReview, place: OverlayPlace): readonly ShownFinding[] {
  return findingsIn(review, place.scope).filter(
    (finding) => finding.file === place.path && (finding.status === 'fixed') === (place.side === 'before'),
  );
}

/** What each patch introduces and no later one fixes, where the patch touches the file: what stands in the list of problems. */
export function standingFindings(
  review: ShownReview,
): readonly { readonly place: Omit<OverlayPlace, 'series'>; readonly findings: readonly ShownFinding[] }[] {
  const lasting = new Set(review.findings.map(({ id }) => id));
  return review.patches.flatMap((patch, scope) =>
    patch.texts.flatMap(({ path, after }) => {
      const findings = patch.findings.filter(({ id, file, status }) => status === 'introduced' && file === path && lasting.has(id));
      return after === null || findings.length === 0 ? [] : [{ place: { scope, side: 'after' as const, path }, findings }];
    }),
  );
}
