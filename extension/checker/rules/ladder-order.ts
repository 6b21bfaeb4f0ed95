// The labels of a ladder release in another order than the reverse of acquiring, so that no rung is right for a failure
// between the two.
//
//   bad:  a = get_a(); b = get_b(a);           good:  a = get_a(); b = get_b(a);
//   out_a:                                     out_b:
//         put_a(a);                                   put_b(b);
//   out_b:                                     out_a:
//         put_b(b);                                   put_a(a);
import { ruleOf } from '../violation.js';
import { resourceName } from './display-names.js';

export const ladderOrder = ruleOf(
  'ladder-order',
  (violation) => {
    if (violation.kind !== 'order') return null;
    const { label, first, second } = violation;
    return { label, first: first.resource, firstFrom: first.callee, second: second.resource, secondFrom: second.callee };
  },
  ({ label, first, firstFrom, second, secondFrom }) =>
    `label '${label}' releases the ${resourceName(first)} from ${firstFrom}() before ` +
    `the ${resourceName(second)} from ${secondFrom}(), which was acquired after it`,
);
