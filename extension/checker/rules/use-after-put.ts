// An object is read after this function gave up the reference that kept it alive.
//
//   bad:  backing_put(fb);                     good:  file = fb->file;
//         use(fb->file);                              use(file);
//                                                     backing_put(fb);
import type { Rule } from '../fault.js';

export const useAfterPut: Rule = {
  id: 'use-after-put',
  claims(fault) {
    if (fault.kind !== 'use-after-release') return null;
    const what = fault.release.resource === 'memory' ? 'freed' : 'given up';
    if (fault.returned) return `returns a pointer after ${fault.release.callee}() has ${what} the reference that kept it alive`;
    return `${fault.subject} is dereferenced after ${fault.release.callee}() has ${what} the reference that kept it alive`;
  },
};
