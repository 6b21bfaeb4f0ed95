// Which patch of a series brings a finding, and which findings come and go within it.
import type { Finding } from '../model/finding.js';
import type { Review } from '../model/review.js';

/** The 0-based patch that brought (or fixed) a finding of the whole series, or undefined where no single one did. */
export function attribution(review: Review, finding: Finding): number | undefined {
  const index = review.patches.findLastIndex((patch) =>
    patch.findings.some((each) => each.id === finding.id && each.status === finding.status),
  );
  return index < 0 ? undefined : index;
}

/** Findings that a patch introduces and a later one fixes: gone in the end, yet there when someone bisects. */
export function passingFindings(review: Review): { readonly finding: Finding; readonly from: number; readonly to: number | undefined }[] {
  const lasting = new Set(review.findings.map((finding) => finding.id));
  const passing: { readonly finding: Finding; readonly from: number; readonly to: number | undefined }[] = [];
  for (const [from, patch] of review.patches.entries()) {
    for (const finding of patch.findings) {
      if (finding.status !== 'introduced' || lasting.has(finding.id)) continue;
      const to = review.patches.findIndex(
        (later, index) => index > from && later.findings.some((each) => each.id === finding.id && each.status === 'fixed'),
      );
      passing.push({ finding, from, to: to < 0 ? undefined : to });
    }
  }
  return passing;
}
