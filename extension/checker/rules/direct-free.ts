// An object is freed outright though it is counted and others may hold it, though an index still points at it, or with a
// function that is not the one for it.
//
//   bad:  out_fb:                              good:  out_fb:
//                 kfree(fb);  /* count is 2 */                backing_put(fb);
import { ruleOf } from '../violation.js';

export const directFree = ruleOf(
  'direct-free',
  (violation) => {
    if (violation.kind !== 'direct-free') return null;
    const { why, callee, subject, holders } = violation;
    const [first] = holders;
    const many = why === 'other-references' ? holders.length : 0;
    const wrong = why === 'wrong-release' ? first : undefined;
    return { why, callee, subject, holders: many, resource: wrong?.resource ?? '', from: wrong?.callee ?? '' };
  },
  ({ why, callee, subject: given, holders, resource, from }) => {
    const subject = given === '' ? 'the object' : given;
    switch (why) {
      case 'other-references':
        return `${callee}() frees ${subject} outright though ${holders} references to it are held`;
      case 'in-index':
        return `${callee}() frees ${subject} though it was stored where others still find it`;
      case 'counted':
        return `${callee}() frees ${subject} outright, but it is counted and others may hold it: put it instead`;
      case 'wrong-release':
        return `${callee}() is not how the ${resource} from ${from}() is released`;
    }
  },
);
