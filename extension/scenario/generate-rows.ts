// The rows that the generator puts together.
import type { OperationDefinition, ParameterDefinition, ScenarioValue, Vocabulary } from '../model/scenario.js';

export interface GeneratedRow {
  /** Its place among all rows of the vocabulary. */
  readonly index: number;
  readonly operation: OperationDefinition;
  /** What the vocabulary's row says. */
  readonly given: Readonly<Record<string, ScenarioValue>>;
  /** References that the row leaves to be bound. */
  readonly open: readonly (ParameterDefinition & { readonly kind: 'reference' })[];
  /** What the driver is called with, by parameter; null for an open reference. */
  readonly numbers: readonly (number | null)[];
}

/** All rows of a vocabulary in order; of rows that call the same driver with the same numbers, the first. */
export function generatedRows(vocabulary: Vocabulary): readonly GeneratedRow[] {
  const rows = new Map<string, GeneratedRow>();
  for (const operation of vocabulary.operations) {
    for (const given of operation.generate) {
      const numbers = operation.parameters.map((parameter) => numberOf(parameter, given[parameter.name]));
      const key = rowKey(operation, numbers);
      if (rows.has(key)) continue;
      const open = operation.parameters.filter((parameter) => parameter.kind === 'reference');
      rows.set(key, { index: rows.size, operation, given, open: open.filter(({ name }) => given[name] === undefined), numbers });
    }
  }
  return [...rows.values()];
}

/** Equal for rows that do the same. */
export function rowKey(operation: OperationDefinition, numbers: readonly (number | null)[]): string {
  return `${operation.name}(${numbers.join()})`;
}

/** The number that a parameter's driver gets for a value, or for none; null for a reference that is left open. */
function numberOf(parameter: ParameterDefinition, given: ScenarioValue | undefined): number | null {
  if (parameter.kind === 'reference') return typeof given === 'number' ? given : null;
  const value = given ?? parameter.default;
  if (parameter.kind === 'choice') return parameter.choices[String(value)] ?? null;
  if (parameter.kind === 'flags') {
    // Not `|`, which has 32 bits.
    const bits = (Array.isArray(value) ? value : [String(value)]).map((name: string) => BigInt(parameter.choices[name] ?? 0));
    return Number(bits.reduce((all, bit) => all | bit, 0n));
  }
  return Number(value);
}
