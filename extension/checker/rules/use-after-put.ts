// An object is read after this function gave up the reference that kept it alive.
//
//   bad:  backing_put(fb);                     good:  file = fb->file;
//         use(fb->file);                              use(file);
//                                                     backing_put(fb);
import { ruleOf } from '../fault.js';

export const useAfterPut = ruleOf(
  'use-after-put',
  (fault) => {
    if (fault.kind !== 'use-after-release') return null;
    const { callee, resource } = fault.release;
    return { returned: fault.returned, subject: fault.returned ? '' : fault.subject, callee, resource };
  },
  ({ returned, subject, callee, resource }) => {
    const after = `after ${callee}() has ${resource === 'memory' ? 'freed' : 'given up'} the reference that kept it alive`;
    return returned ? `returns a pointer ${after}` : `${subject} is dereferenced ${after}`;
  },
);
