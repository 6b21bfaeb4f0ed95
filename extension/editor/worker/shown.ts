// From findings with offsets to findings with places in lines, for a host that has no text.
import type { Finding } from '../../model/finding.js';
import type { InputProblem } from '../../model/problem.js';
import type { SourceTree } from '../../model/source.js';
import { noStats } from '../../review/reviewer.js';
import { Sources, sideOf, type Side } from '../../review/sources.js';
import type { SeriesReview } from '../../review/reviewer.js';
import type { Review, ReviewedPatch } from '../../model/review.js';
import type { ShownFinding, ShownReview, ShownText, TextRange } from '../protocol/messages.js';

export function showFindings(findings: readonly Finding[], sources: Sources): ShownFinding[] {
  return findings.map((finding) => {
    const side = sideOf(finding.status);
    const { id, rule, status, file, line, message, trace } = finding;
    return {
      ...{ id, rule, status, file, function: finding.function, line, message },
      range: rangeOf(finding, side, sources),
      steps: trace.map((step) => ({ file: step.file, range: rangeOf(step, side, sources), message: step.message })),
    };
  });
}

/** A series in which there is no patch. */
export function nothingReviewed(problems: readonly InputProblem[]): ShownReview {
  const none = { patches: [], findings: [], notAnalysed: [], problems };
  return { ...none, texts: [], thread: null, review: { ...none, stats: noStats, files: [] } };
}

export function showReview(review: SeriesReview): ShownReview {
  const base = review.trees[0];
  const last = review.trees[review.trees.length - 1];
  return {
    patches: review.patches.map((patch, index) => {
      const before = review.trees[index];
      const after = review.trees[index + 1];
      const { source, subject, author, date, messageId, files, problems } = patch;
      return {
        ...{ source, subject, author, date, messageId, files, problems },
        findings: showFindings(patch.findings, sourcesBetween(before, after)),
        texts: textsOf(patch, before, after),
      };
    }),
    findings: showFindings(review.findings, sourcesBetween(base, last)),
    texts: review.files.map(({ path, before, after }) => ({ path, oldPath: path, before, after })),
    notAnalysed: review.notAnalysed,
    problems: review.problems,
    thread: null,
    review: withoutTexts(review),
  };
}

function withoutTexts({ findings, notAnalysed, stats, patches, problems, files, outside }: SeriesReview): Review {
  return {
    ...{ findings, notAnalysed, stats, patches, problems },
    files: files.map(({ path }) => ({ path, before: null, after: null })),
    ...(outside === undefined ? {} : { outside }),
  };
}

function sourcesBetween(before: SourceTree | undefined, after: SourceTree | undefined): Sources {
  return new Sources((file, side) => (side === 'before' ? before : after)?.read(file));
}

function textsOf(patch: ReviewedPatch, before: SourceTree | undefined, after: SourceTree | undefined): ShownText[] {
  return patch.files.map(({ path, oldPath, change }) => ({
    path,
    oldPath,
    before: change === 'added' ? null : (before?.read(oldPath) ?? null),
    after: change === 'deleted' ? null : (after?.read(path) ?? null),
  }));
}

function rangeOf({ file, span, line }: Pick<Finding, 'file' | 'span' | 'line'>, side: Side, sources: Sources): TextRange {
  const region = sources.region(file, span, side);
  if (region === undefined) return { startLine: line - 1, startColumn: 0, endLine: line - 1, endColumn: 0 };
  return {
    startLine: region.line - 1,
    startColumn: region.column - 1,
    endLine: region.endLine - 1,
    endColumn: region.endColumn - 1,
  };
}
