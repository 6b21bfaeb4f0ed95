// Parts of a scenario as people write them.
import type { OperationStep, ScenarioValue } from '../model/scenario.js';

/** A step as a person writes it: `backing-close(id=id)`, without what it is called, expects and may do. */
export function operationText(step: OperationStep): string {
  const given = Object.entries(step.arguments).map(([name, value]) => `${name}=${valueText(value)}`);
  return given.length === 0 ? step.operation : `${step.operation}(${given.join(',')})`;
}

/** An argument as the one-line form has it: flags are joined with `+`. */
export function valueText(value: ScenarioValue): string {
  return typeof value === 'object' ? value.join('+') : `${value}`;
}
