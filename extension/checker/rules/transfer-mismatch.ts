// Caller and callee disagree who owns a reference after the call, on success or on failure.
//
//   bad:  err = uncached_io_open(ff, fb);      good:  err = uncached_io_open(ff, fb);
//         return err;                                 if (err)
//                                                             backing_put(fb);  /* kept on failure */
//                                                     return err;
import { valid } from '../../kernel/contract.js';
import type { Rule } from '../fault.js';
import { overlaps } from '../integer-set.js';
import { resourceName } from './words.js';

export const transferMismatch: Rule = {
  id: 'transfer-mismatch',
  claims(fault, context) {
    if (fault.kind === 'leak' && fault.refusedBy !== null) {
      const { callee } = fault.refusedBy;
      return `${callee}() takes the ${resourceName(fault.token.resource)} over only on success; on this path it failed and nobody releases it`;
    }
    if (fault.kind === 'over-release' && fault.previous !== null && fault.previous.tokenId !== null) {
      const contract = context.contract(fault.previous.callee);
      // NULL is not a reference, so doing nothing with it says nothing
      const outcomes = contract?.outcomes.filter((outcome) => outcome.requires.every(({ set }) => overlaps(set, valid))) ?? [];
      const consumes = outcomes.map((outcome) => outcome.effects.some((effect) => effect.kind === 'release'));
      if (!consumes.includes(true) || !consumes.includes(false)) return null;
      return (
        `${fault.callee}(${fault.subject}) puts a reference that ${fault.previous.callee}() already put on this path: ` +
        `what it drops now belongs to somebody else`
      );
    }
    return null;
  },
};
