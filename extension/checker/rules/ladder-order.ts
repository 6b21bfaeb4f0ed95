// The labels of a ladder release in another order than the reverse of acquiring, so that no rung is right for a failure
// between the two.
//
//   bad:  a = get_a(); b = get_b(a);           good:  a = get_a(); b = get_b(a);
//   out_a:                                     out_b:
//         put_a(a);                                   put_b(b);
//   out_b:                                     out_a:
//         put_b(b);                                   put_a(a);
import type { Rule } from '../fault.js';
import { resourceName } from './words.js';

export const ladderOrder: Rule = {
  id: 'ladder-order',
  claims(fault) {
    if (fault.kind !== 'order') return null;
    const { first, second } = fault;
    return (
      `label '${fault.label}' releases the ${resourceName(first.resource)} from ${first.callee}() before ` +
      `the ${resourceName(second.resource)} from ${second.callee}(), which was acquired after it`
    );
  },
};
