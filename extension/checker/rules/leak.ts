// A reference that this function took is still its own on a way out: nobody is left who could give it up.
//
//   bad:  file = fget(fd);                     good:  file = fget(fd);
//         if (!file)                                  if (!file)
//                 return -EBADF;                              return -EBADF;
//         return use(file);                           err = use(file);
//                                                     fput(file);
//                                                     return err;
import { ruleOf } from '../violation.js';
import { resourceName } from './display-names.js';

export const leak = ruleOf(
  'leak',
  (violation, context) =>
    violation.kind === 'leak' ? { resource: violation.token.resource, from: context.acquired(violation.token) } : null,
  ({ resource, from }) => `the ${resourceName(resource)} from ${from} is not released on this path`,
);
