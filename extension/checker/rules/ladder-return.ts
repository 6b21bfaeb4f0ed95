// A return leaves something held where the other ways out of the function go through the error ladder.
//
//   bad:  if (!fb)                             good:  if (!fb)
//                 return -ENOMEM;                             goto out_fput;
//   out_fput:                                  out_fput:
//         fput(file);                                 fput(file);
import { ruleOf } from '../fault.js';
import { wayOut } from '../rungs.js';
import { resourceName } from './words.js';

export const ladderReturn = ruleOf(
  'ladder-return',
  (fault, context) => {
    if (fault.kind !== 'leak' || wayOut(context.graph, fault.trace, fault.token.trace) !== null) return null;
    const [label] = context.labelsReleasing(fault.token);
    return label === undefined ? null : { label, resource: fault.token.resource, from: context.acquired(fault.token) };
  },
  ({ label, resource, from }) =>
    `returns with the ${resourceName(resource)} from ${from} held; other error paths go to '${label}', which releases it`,
);
