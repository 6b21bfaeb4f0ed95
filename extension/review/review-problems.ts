// All that went wrong with a review's input, in the order of the series.
import type { InputProblem } from '../model/problem.js';
import type { Review } from '../model/review.js';

/** The problems of the review, of each patch and of each file in it, each once. */
export function allProblems(review: Review): InputProblem[] {
  const all = [
    ...review.patches.flatMap((patch) => [...patch.problems, ...patch.files.flatMap((file) => file.problems)]),
    ...review.problems,
  ];
  return [...new Map(all.map((problem) => [JSON.stringify([problem.where, problem.line, problem.message]), problem])).values()];
}
