// What the threads of a scenario answer together, before and after a patch: a combination that only one of the trees gives.
import type { Combinations } from '../model/combinations.js';
import type { SimulationResult } from '../model/simulation.js';
import type { ChangedBehaviour } from './behaviour.js';

/**
 * The change of a scenario whose threads answer other combinations; null where both trees give the same ones, or the scenario has
 * none. `changed` are operations that answer otherwise by themselves: it follows from them, as from an error that ends the paths.
 */
export function changedRace(before: SimulationResult, after: SimulationResult, changed: ReadonlySet<string>): ChangedBehaviour | null {
  const [old, now] = [before.combinations, after.combinations];
  if (old === undefined || now === undefined) return null;
  // Shown by the operations that tell combinations apart on either tree.
  const apart = [...new Set([...old.differing, ...now.differing])].sort((a, b) => a - b);
  const differing = now.operations.flatMap((_, at) => (answersAt(old, at) === answersAt(now, at) ? [] : [at]));
  const shown = apart.length > 0 ? apart : differing;
  const [was, is] = [textsOf(old, shown), textsOf(now, shown)];
  if (was === is && differing.length === 0) return null;
  const { scenario } = after;
  return {
    scenario: scenario.name,
    alsoIn: [],
    operation: shown.map((at) => now.operations[at]?.text ?? '').join(' | '),
    line: 0,
    capabilities: scenario.capabilities,
    faults: [],
    before: { answer: was, held: [] },
    after: { answer: is, held: [] },
    held: [],
    follows: after.verdict === 'errors' || now.operations.some(({ text }) => changed.has(text)),
    consequences: 0,
    schedule: now.each.find((each) => !textsOf(old, shown).split(', or ').includes(textOf(each.answers, shown)))?.schedule ?? 'straight',
  };
}

function answersAt({ each }: Combinations, at: number): string {
  return [...new Set(each.map(({ answers }) => answers[at] ?? 'does not end'))].sort().join();
}

/** `ok and -EIO, or -EIO and ok` */
function textsOf({ each }: Combinations, shown: readonly number[]): string {
  return [...new Set(each.map(({ answers }) => textOf(answers, shown)))].sort().join(', or ');
}

function textOf(answers: readonly (string | null)[], shown: readonly number[]): string {
  return shown.map((at) => answers[at] ?? 'does not end').join(' and ');
}
