// Caller and callee disagree who owns a reference after the call, on success or on failure.
//
//   bad:  err = uncached_io_open(ff, fb);      good:  err = uncached_io_open(ff, fb);
//         return err;                                 if (err)
//                                                             backing_put(fb);  /* kept on failure */
//                                                     return err;
import { valid } from '../../kernel/contract.js';
import { ruleOf, type Violation, type RuleContext } from '../violation.js';
import { overlaps } from '../integer-set.js';
import { resourceName } from './display-names.js';

export const transferMismatch = ruleOf('transfer-mismatch', factsOf, (facts) =>
  facts.case === 'refused'
    ? `${facts.callee}() takes the ${resourceName(facts.resource)} over only on success; on this path it failed and nobody releases it`
    : `${facts.callee}(${facts.subject}) puts a reference that ${facts.before}() already put on this path: ` +
      `what it drops now belongs to somebody else`,
);

type TransferFacts =
  | { readonly case: 'refused'; readonly callee: string; readonly resource: string }
  | { readonly case: 'put-again'; readonly callee: string; readonly subject: string; readonly before: string };

function factsOf(violation: Violation, context: RuleContext): TransferFacts | null {
  if (violation.kind === 'leak' && violation.refusedBy !== null) {
    return { case: 'refused', callee: violation.refusedBy.callee, resource: violation.token.resource };
  }
  if (violation.kind !== 'over-release' || typeof violation.previous?.tokenId !== 'string') return null;
  const { callee, subject, previous } = violation;
  const contract = context.contract(previous.callee);
  // NULL is not a reference, so doing nothing with it says nothing
  const outcomes = contract?.outcomes.filter((outcome) => outcome.requires.every(({ set }) => overlaps(set, valid))) ?? [];
  const consumes = outcomes.map((outcome) => outcome.effects.some((effect) => effect.kind === 'release'));
  return consumes.includes(true) && consumes.includes(false) ? { case: 'put-again', callee, subject, before: previous.callee } : null;
}
