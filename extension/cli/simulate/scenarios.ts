// Which scenarios are meant: bundled ones by name, or files.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { InputProblem } from '../../model/problem.js';
import { failed, ok, type Result } from '../../model/result.js';
import type { Scenario } from '../../model/scenario.js';
import type { Runtime } from '../../scenario/runtime.js';
import { readScenario } from '../../scenario/read.js';
import { exitCodes, refused, type CommandResult, type Io } from '../io.js';
import { whyUnreadable } from '../named-files.js';

/** The scenarios in the order named, all bundled ones where none is; or all that is wrong with the names and files. */
export function chooseScenarios(
  named: readonly string[],
  { scenarios: bundled, vocabulary }: Runtime,
  cwd: string,
): Result<readonly Scenario[], readonly InputProblem[]> {
  if (named.length === 0) return ok(bundled);
  const scenarios: Scenario[] = [];
  const problems: InputProblem[] = [];
  for (const name of named) {
    const known = bundled.find((each) => each.name === name);
    if (known !== undefined) {
      scenarios.push(known);
      continue;
    }
    try {
      const read = readScenario(name, readFileSync(resolve(cwd, name), 'utf8'), vocabulary);
      problems.push(...read.problems);
      if (read.scenario !== null) scenarios.push(read.scenario);
    } catch (error) {
      const why = /[./]/.test(name)
        ? `the scenario cannot be read: ${whyUnreadable(error)}`
        : 'no bundled scenario is called that, and it is no file; `fuse-review simulate --list` lists the bundled ones';
      problems.push({ where: name, message: why, severity: 'error' });
    }
  }
  return problems.length > 0 ? failed(problems) : ok(scenarios);
}

/** The bundled scenarios of all subsystems, or what is wrong with one. */
export function bundledScenarios(io: Pick<Io, 'runtimes'>): Result<readonly Scenario[]> {
  const runtimes = io.runtimes();
  if (!runtimes.ok) return runtimes;
  const broken = runtimes.value.all.flatMap(({ problems }) => problems).find(({ severity }) => severity === 'error');
  return broken === undefined ? ok(runtimes.value.all.flatMap(({ scenarios }) => scenarios)) : failed(broken);
}

/** Prints the bundled scenarios, one line each. */
export function listScenarios(io: Io): CommandResult {
  const scenarios = bundledScenarios(io);
  if (!scenarios.ok) return refused(scenarios.failure);
  const width = Math.max(0, ...scenarios.value.map(({ name }) => name.length));
  io.out(scenarios.value.map(({ name, title }) => `${name.padEnd(width)}  ${title}\n`).join(''));
  return ok(exitCodes.clean);
}
