// A return leaves something held where the other ways out of the function go through the error ladder.
//
//   bad:  if (!fb)                             good:  if (!fb)
//                 return -ENOMEM;                             goto out_fput;
//   out_fput:                                  out_fput:
//         fput(file);                                 fput(file);
import { labelsSince, type Rule } from '../fault.js';
import { resourceName } from './words.js';

export const ladderReturn: Rule = {
  id: 'ladder-return',
  claims(fault, context) {
    if (fault.kind !== 'leak' || labelsSince(fault.trace, fault.token.trace).length > 0) return null;
    const [label] = context.labelsReleasing(fault.token);
    if (label === undefined) return null;
    return `returns with the ${resourceName(fault.token.resource)} from ${fault.token.callee}() held; other error paths go to '${label}', which releases it`;
  },
};
