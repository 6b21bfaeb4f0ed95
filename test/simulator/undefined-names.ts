// What functions of a program, and those that they call, use without that the program defines it.
import type { PlaceExpression } from '../../extension/program/graph.js';
import type { Program } from '../../extension/program/program.js';

export interface UndefinedNames {
  /** Functions that are called and that the program does not define. */
  readonly callees: readonly string[];
  /** Names that are used as variables and that the program does not declare. */
  readonly names: readonly string[];
}

/** Of `entries`, which are functions of any file, those that the program has. */
export function undefinedNames(program: Program, entries: readonly string[]): UndefinedNames {
  const callees = new Set<string>();
  const names = new Set<string>();
  const work = program.functions.filter((each) => entries.includes(each.name));
  const seen = new Set(work);
  for (const graph of work)
    for (const block of graph.blocks)
      for (const each of [...block.instructions, block.terminator]) {
        for (const name of globalsIn(each)) if (!program.global(name, graph.file)) names.add(name);
        if (each.kind !== 'call' || each.callee.kind !== 'direct') continue;
        const callee = program.resolve(each.callee.name, graph.file);
        if (!callee) callees.add(each.callee.name);
        else if (!seen.has(callee)) {
          seen.add(callee);
          work.push(callee);
        }
      }
  return { callees: [...callees], names: [...names] };
}

function globalsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(globalsIn);
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(globalsIn);
  return isGlobal(value) ? [value.name, ...inside] : inside;
}

function isGlobal(value: object): value is PlaceExpression & { readonly kind: 'global' } {
  return 'kind' in value && value.kind === 'global';
}
