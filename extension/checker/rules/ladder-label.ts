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
import { ruleOf, type Violation, type RuleContext } from '../violation.js';
import { labelsSince, wayOut } from '../rungs.js';
import { resourceName } from './display-names.js';

export const ladderLabel = ruleOf('ladder-label', factsOf, (facts) => {
  const { label } = facts;
  switch (facts.case) {
    case 'skipped':
      return `goto ${label} skips the release under '${facts.right}': the ${resourceName(facts.resource)} from ${facts.from} is lost`;
    case 'never-assigned':
      return `goto ${label} runs into ${facts.callee}(${facts.subject}), but ${facts.subject} was never assigned on this path`;
    case 'bad-pointer': {
      const what = facts.what === 'null' ? 'NULL' : 'an ERR_PTR';
      return `goto ${label} runs into ${facts.callee}(${facts.subject}), but ${facts.subject} is ${what} on this path`;
    }
  }
});

type LadderLabelFacts =
  | { readonly case: 'skipped'; readonly label: string; readonly right: string; readonly resource: string; readonly from: string }
  | { readonly case: 'never-assigned'; readonly label: string; readonly callee: string; readonly subject: string }
  | {
      readonly case: 'bad-pointer';
      readonly label: string;
      readonly callee: string;
      readonly subject: string;
      readonly what: 'null' | 'error';
    };

function factsOf(violation: Violation, context: RuleContext): LadderLabelFacts | null {
  if (violation.kind === 'leak') {
    const jump = wayOut(context.graph, violation.trace, violation.token.trace);
    const releasing = context.labelsReleasing(violation.token);
    const label = jump?.down === true ? jump.label : undefined;
    const [right] = releasing;
    if (label === undefined || right === undefined || releasing.includes(label)) return null;
    return { case: 'skipped', label, right, resource: violation.token.resource, from: context.acquired(violation.token) };
  }
  const label = labelsSince(context.graph, violation.trace, null).at(-1);
  if (label === undefined) return null;
  const { subject } = violation;
  if (violation.kind === 'over-release' && violation.uninitialised)
    return { case: 'never-assigned', label, callee: violation.callee, subject };
  if (violation.kind === 'bad-dereference' && violation.untested === null && violation.passedTo !== null && violation.releases)
    return { case: 'bad-pointer', label, callee: violation.passedTo, subject, what: violation.what };
  return null;
}
