// Which steps were left out or went on with what they were not given, as text: what a verdict of "no error" does not say by itself.
import type { MissingAnswer } from '../../../model/missing.js';
import { counted } from '../../../model/plural.js';
import type { SimulationResult } from '../../../model/simulation.js';
import { printable, type Paint } from './terminal.js';

/** Steps that were left out, and those that went on with a number that nobody was given. */
export function missingLines({ missing = [] }: SimulationResult, paint: Paint): string[] {
  return missing.map((each) => {
    const orders = each.always ? '' : ' on some paths';
    const line = missingText(each);
    return each.instead === null ? `  ${paint.warning(`left out${orders}:`)} ${line}` : `  ${line}${orders}`;
  });
}

/** `read(file=a), as open(inode=1) answers -EIO`. */
export function missingText({ operation, refersTo, answered, instead }: MissingAnswer): string {
  const reason = `as ${printable(refersTo)} ${answered === null ? 'is left out' : `answers ${answered}`}`;
  return instead === null ? `${printable(operation)}, ${reason}` : `${printable(operation)} is given ${instead}, ${reason}`;
}

/** For a verdict: `, 1 step left out`, or in how many of several scenarios; nothing for none. */
export function leftOutText(results: readonly Pick<SimulationResult, 'missing'>[]): string {
  const counts = results.map(({ missing = [] }) => missing.filter(({ instead }) => instead === null).length).filter((count) => count > 0);
  if (counts.length === 0) return '';
  if (results.length > 1) return `, steps left out in ${counts.length} of ${results.length} scenarios`;
  return `, ${counted(counts[0] ?? 0, 'step')} left out`;
}
