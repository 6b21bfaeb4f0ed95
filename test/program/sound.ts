// What holds of every graph, whatever it was made from.
import type { FunctionGraph } from '../../extension/program/graph.js';

/** What is wrong with a graph; empty where nothing is. */
export function problems(graph: FunctionGraph): string[] {
  const found: string[] = [];
  const reached = new Set([0]);
  const open = [0];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const block = graph.blocks[id];
    if (!block) {
      found.push(`block ${id} is missing`);
      continue;
    }
    if (block.id !== id) found.push(`block ${id} calls itself ${block.id}`);
    const end = block.terminator;
    const next =
      end.kind === 'goto'
        ? [end.to]
        : end.kind === 'branch'
          ? [end.then, end.else]
          : end.kind === 'switch'
            ? [...end.cases.map((each) => each.to), end.default]
            : [];
    if (end.kind === 'goto' && end.label !== null && !graph.blocks[end.to]?.labels.includes(end.label))
      found.push(`goto ${end.label} does not reach its label`);
    for (const to of next)
      if (!reached.has(to)) {
        reached.add(to);
        open.push(to);
      }
  }
  if (reached.size !== graph.blocks.length) found.push(`${graph.blocks.length - reached.size} blocks are not reached`);
  for (const label of graph.labels)
    if (!graph.blocks[label.block]?.labels.includes(label.name)) found.push(`label ${label.name} has no block`);
  graph.variables.forEach((variable, at) => {
    if (variable.id !== at) found.push(`variable ${variable.name} has a wrong id`);
  });
  if (graph.variables.slice(0, graph.parameterCount).some((variable) => variable.kind !== 'parameter')) found.push('parameters come first');
  for (const id of variableIds(graph.blocks)) if (!graph.variables[id]) found.push(`variable ${id} is missing`);
  return found;
}

function variableIds(value: unknown): number[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(variableIds);
  const record = value as Record<string, unknown>;
  const own = typeof record.variable === 'number' ? [record.variable] : [];
  return [...own, ...Object.entries(record).flatMap(([key, part]) => (key === 'type' ? [] : variableIds(part)))];
}
