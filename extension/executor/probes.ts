// The lines that make the kernel show calls (Documentation/trace/kprobetrace.rst), from what a vocabulary wants to see.
import { shownName, type ProbedFunction, type ProbedValue, type Probes } from '../model/probes.js';
import type { FieldLayout, Layouts } from './layouts.js';

/** What the guest is told to probe, and what can't be. */
export interface ProbePlan {
  /** As the guest takes them: definitions of kprobes, and names of trace events. */
  readonly lines: readonly string[];
  /** What the tree lacks, each once, for people. */
  readonly notes: readonly string[];
}

/** The event system of these probes, which keeps their names from those of the tree's own events. */
const group = 'review';

/** How a type of the vocabulary is fetched; any other is an address. */
const fetched: Readonly<Record<string, string>> = { int: 's32', 'unsigned int': 'u32', long: 's64', 'unsigned long': 'u64' };

/** A call's event has the function's name, its return's event that with `_returns`. */
export function probePlan(probes: Probes, layouts: Layouts, isFunction: (name: string) => boolean): ProbePlan {
  const absent = probes.functions.filter(({ name }) => !isFunction(name)).map(({ name }) => `${name}()`);
  const present = probes.functions.filter(({ name }) => isFunction(name));
  const unknown = Object.entries(layouts).flatMap(([field, layout]) =>
    typeof layout === 'string' ? [`not shown: ${field}: ${layout}`] : [],
  );
  return {
    lines: [...present.flatMap((each) => linesOf(each, layouts)), ...probes.tracepoints],
    notes: [...(absent.length === 0 ? [] : [`not shown: the kernel has no ${absent.join(', ')}`]), ...unknown],
  };
}

/** What is to be known of a line that the kernel did not take. */
export function refusedNote(line: string): string {
  const [definition = '', symbol] = line.split(' ');
  if (symbol === undefined) return `not shown: the kernel has no trace events '${line}'`;
  return `not shown: the kernel refused a probe at the ${definition.startsWith('r') ? 'return of' : 'beginning of'} ${symbol}()`;
}

function linesOf({ name, arguments: given, result }: ProbedFunction, layouts: Layouts): readonly string[] {
  const values = given.flatMap((each) => fetch(each, `$arg${each.index}`, layouts));
  return [
    [`p:${group}/${name}`, name, ...values].join(' '),
    ...(result === null ? [] : [[`r:${group}/${name}_returns`, name, ...fetch(result, '$retval', layouts)].join(' ')]),
  ];
}

function fetch({ name, type, fields }: ProbedValue, from: string, layouts: Layouts): readonly string[] {
  const through = fields.flatMap((field) => {
    const layout = layouts[`${type}.${field}`];
    return typeof layout === 'object' ? [`${shownName(field)}=+${layout.offset}(${from}):${numberType(layout)}`] : [];
  });
  return [`${name}=${from}:${fetched[type] ?? 'x64'}`, ...through];
}

function numberType({ size, kind }: FieldLayout): string {
  return `${{ signed: 's', unsigned: 'u', address: 'x' }[kind]}${size * 8}`;
}
