// A goto enters the error ladder at the wrong rung: past the release of something held, or at the release of something
// that is not held.
//
//   bad:  file = fget(fd);                     good:  file = fget(fd);
//         ...                                         ...
//         if (!fb)                                    if (!fb)
//                 goto out;                                   goto out_fput;
//   out_fput:                                  out_fput:
//         fput(file);                                 fput(file);
//   out:                                       out:
//         return err;                                 return err;
import type { Rule } from '../fault.js';
import { isDown, labelsSince, wayOut } from '../rungs.js';
import { resourceName } from './words.js';

export const ladderLabel: Rule = {
  id: 'ladder-label',
  claims(fault, context) {
    if (fault.kind === 'leak') {
      const jump = wayOut(context.graph, fault.trace, fault.token.trace);
      const releasing = context.labelsReleasing(fault.token);
      const label = jump !== null && isDown(context.graph, jump) ? jump.message : undefined;
      if (label === undefined || releasing.length === 0 || releasing.includes(label)) return null;
      const right = releasing[0] ?? '';
      return `goto ${label} skips the release under '${right}': the ${resourceName(fault.token.resource)} from ${context.acquired(fault.token)} is lost`;
    }
    const labels = labelsSince(context.graph, fault.trace, null);
    const label = labels[labels.length - 1];
    if (label === undefined) return null;
    if (fault.kind === 'over-release' && fault.uninitialised) {
      return `goto ${label} runs into ${fault.callee}(${fault.subject}), but ${fault.subject} was never assigned on this path`;
    }
    if (fault.kind === 'bad-dereference' && fault.untested === null && fault.passedTo !== null && fault.releases) {
      const what = fault.what === 'null' ? 'NULL' : 'an ERR_PTR';
      return `goto ${label} runs into ${fault.passedTo}(${fault.subject}), but ${fault.subject} is ${what} on this path`;
    }
    return null;
  },
};
