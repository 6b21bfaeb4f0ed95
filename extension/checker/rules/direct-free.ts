// An object is freed outright though it is counted and others may hold it, though an index still points at it, or with a
// function that is not the one for it.
//
//   bad:  out_fb:                              good:  out_fb:
//                 kfree(fb);  /* count is 2 */                backing_put(fb);
import type { Rule } from '../fault.js';

export const directFree: Rule = {
  id: 'direct-free',
  claims(fault) {
    if (fault.kind !== 'direct-free') return null;
    const subject = fault.subject === '' ? 'the object' : fault.subject;
    switch (fault.why) {
      case 'other-references':
        return `${fault.callee}() frees ${subject} outright though ${fault.holders.length} references to it are held`;
      case 'in-index':
        return `${fault.callee}() frees ${subject} though it was stored where others still find it`;
      case 'counted':
        return `${fault.callee}() frees ${subject} outright, but it is counted and others may hold it: put it instead`;
      case 'wrong-release':
        return `${fault.callee}() is not how the ${fault.holders[0]?.resource ?? ''} from ${fault.holders[0]?.callee ?? ''}() is released`;
    }
  },
};
