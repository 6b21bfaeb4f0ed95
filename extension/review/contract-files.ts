// Files of contracts: what a user says of kernel functions that the table does not know, or knows differently.
import { placeIn, userContracts, type UserContracts } from '../kernel/contracts.js';
import { counted } from '../model/plural.js';
import { fitting, type InputProblem } from '../model/problem.js';
import { failed, ok, type Result } from '../model/result.js';
import { lineOfPath, parseJson } from './json-path.js';

export interface ReadContracts {
  readonly contracts: UserContracts['contracts'];
  readonly warnings: readonly InputProblem[];
}

/**
 * The contracts that a text holds (a JSON array of rows), with warnings; or the first problem that keeps it from being
 * used. A row that does not fit spoils the file: findings that rest on half of what a user said help nobody. `name` is the
 * file as the user named it.
 */
export function parseContracts(text: string, name: string): Result<ReadContracts> {
  const read = parseJson(text);
  if ('line' in read) return failed({ where: name, line: read.line, message: 'not JSON from here on', severity: 'error' });
  if (!Array.isArray(read.value)) {
    return failed({ where: name, line: 1, message: 'not a list of contracts: it has to be a JSON array', severity: 'error' });
  }
  const { contracts, problems } = userContracts(read.value, name);
  const placed = problems.map(({ path, reason, severity }): InputProblem => {
    return { where: name, line: lineOfPath(text, path), message: fitting(`${placeIn(path)}: ${reason}`), severity };
  });
  const [first, ...more] = placed.filter(({ severity }) => severity === 'error');
  if (first === undefined) return ok({ contracts, warnings: placed });
  const others = more.length === 0 ? '' : ` (and ${counted(more.length, 'more place')})`;
  return failed({ ...first, message: fitting(`${first.message}${others}`) });
}
