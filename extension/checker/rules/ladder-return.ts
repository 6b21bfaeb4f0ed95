// A return leaves something held where the other ways out of the function go through the error ladder.
//
//   bad:  if (!fb)                             good:  if (!fb)
//                 return -ENOMEM;                             goto out_fput;
//   out_fput:                                  out_fput:
//         fput(file);                                 fput(file);
import { ruleOf } from '../violation.js';
import { wayOut } from '../rungs.js';
import { resourceName } from './display-names.js';

export const ladderReturn = ruleOf(
  'ladder-return',
  (violation, context) => {
    if (violation.kind !== 'leak' || wayOut(context.graph, violation.trace, violation.token.trace) !== null) return null;
    const [label] = context.labelsReleasing(violation.token);
    return label === undefined ? null : { label, resource: violation.token.resource, from: context.acquired(violation.token) };
  },
  ({ label, resource, from }) =>
    `returns with the ${resourceName(resource)} from ${from} held; other error paths go to '${label}', which releases it`,
);
