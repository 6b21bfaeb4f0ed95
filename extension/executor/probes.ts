// The lines that make the kernel show calls (Documentation/trace/kprobetrace.rst), from what a vocabulary wants to see.
import type { KernelEvent } from '../model/execution.js';
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

/** What the name of a call's event has at its end where it is its return's. */
const returning = '_returns';

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

/** The event without members that could not be read, for which the kernel says 0: those of no structure. */
export function withoutUnread(event: KernelEvent, { functions }: Probes): KernelEvent {
  const probed = functions.find(({ name }) => event.name === name || event.name === `${name}${returning}`);
  const values = event.name === probed?.name ? probed.arguments : probed?.result ? [probed.result] : [];
  const unread = values.filter(({ name }) => !isAddress(event.fields[name] ?? '')).flatMap(({ fields }) => fields.map(shownName));
  if (unread.length === 0) return event;
  return { ...event, fields: Object.fromEntries(Object.entries(event.fields).filter(([name]) => !unread.includes(name))) };
}

/** Whether something may lie there: neither in the first page nor an error number (include/linux/err.h, IS_ERR_OR_NULL). */
function isAddress(value: string): boolean {
  return /^0x[\da-f]+$/.test(value) && BigInt(value) >= 4096n && BigInt.asIntN(64, BigInt(value)) < -4095n;
}

function linesOf({ name, arguments: given, result }: ProbedFunction, layouts: Layouts): readonly string[] {
  const values = given.flatMap((each) => fetch(each, `$arg${each.index}`, layouts));
  return [
    [`p:${group}/${name}`, name, ...values].join(' '),
    ...(result === null ? [] : [[`r:${group}/${name}${returning}`, name, ...fetch(result, '$retval', layouts)].join(' ')]),
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
