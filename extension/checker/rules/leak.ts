// A reference that this function took is still its own on a way out: nobody is left who could give it up.
//
//   bad:  file = fget(fd);                     good:  file = fget(fd);
//         if (!file)                                  if (!file)
//                 return -EBADF;                              return -EBADF;
//         return use(file);                           err = use(file);
//                                                     fput(file);
//                                                     return err;
import type { Rule } from '../fault.js';
import { resourceName } from './words.js';

export const leak: Rule = {
  id: 'leak',
  claims(fault, context) {
    if (fault.kind !== 'leak') return null;
    return `the ${resourceName(fault.token.resource)} from ${context.acquired(fault.token)} is not released on this path`;
  },
};
