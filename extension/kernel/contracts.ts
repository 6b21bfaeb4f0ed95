// The table: which contract a name of the kernel API has, and what a user adds to it.
import { z } from 'zod';
import type { InputProblem } from '../model/problem.js';
import type { Contract } from './contract.js';
import { topics } from './api/index.js';
import { returnsBoolean, returnsNothing } from './rows.js';

/** Every row that we give, by topic. */
export const allContracts: readonly Contract[] = topics.flatMap(({ contracts }) => contracts);

/** `trace_x(...)` and `trace_x_enabled()`, which TRACE_EVENT(x, ...) makes. */
function tracepoint(name: string): Contract | undefined {
  if (!/^trace_\w+$/.test(name)) {
    return undefined;
  }
  return (name.endsWith('_enabled') ? returnsBoolean : returnsNothing)(name, 'include/linux/tracepoint.h')[0];
}

const byName = new Map(allContracts.map((contract) => [contract.name, contract]));
const tracepoints = new Map<string, Contract | undefined>();

/** The contract of a call to `name`, or undefined where nothing is known. Tracepoints are known by their prefix. */
export function contractOf(name: string): Contract | undefined {
  const contract = byName.get(name);
  if (contract !== undefined || !name.startsWith('trace_')) {
    return contract;
  }
  if (!tracepoints.has(name)) {
    tracepoints.set(name, tracepoint(name));
  }
  return tracepoints.get(name);
}

// ---- rows of the user ----------------------------------------------------------------------------------------------

const setSchema = z
  .array(z.tuple([z.int(), z.int()]))
  .refine((ranges) => ranges.every(([low, high], i) => low <= high && (ranges[i - 1]?.[1] ?? -Infinity) < low), {
    message: 'ranges must be [low, high] with low <= high, in order and apart',
  })
  .readonly();
const subjectSchema = z
  .strictObject({ root: z.union([z.int().nonnegative(), z.literal('result')]), path: z.array(z.string().min(1)).readonly() })
  .readonly();
const resourceSchema = z.string().min(1);

const effectSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('acquire'),
    resource: resourceSchema,
    subject: subjectSchema,
    shared: z.boolean().exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('release'),
    resource: resourceSchema,
    subject: subjectSchema,
    deferred: z.boolean().exactOptional(),
    last: z.boolean().exactOptional(),
  }),
  z.strictObject({ kind: z.literal('transfer'), resource: resourceSchema, subject: subjectSchema, to: z.string().min(1) }),
  z.strictObject({ kind: z.literal('set-count'), subject: subjectSchema, count: z.union([subjectSchema, z.int().nonnegative()]) }),
  z.strictObject({ kind: z.literal('escape'), subject: subjectSchema, unknown: z.boolean().exactOptional() }),
  z.strictObject({ kind: z.literal('dead'), subject: subjectSchema }),
  z.strictObject({ kind: z.literal('write'), subject: subjectSchema }),
]);

const constraintSchema = z.strictObject({ subject: subjectSchema, set: setSchema }).readonly();

const outcomeSchema = z.strictObject({
  name: z.string().min(1),
  requires: z.array(constraintSchema).readonly().default([]),
  returns: z.union([
    z.strictObject({ kind: z.literal('set'), set: setSchema }),
    z.strictObject({ kind: z.literal('same'), subject: subjectSchema }),
    z.null(),
  ]),
  effects: z.array(effectSchema).readonly().default([]),
  ensures: z.array(constraintSchema).readonly().exactOptional(),
});

/**
 * A row as a user may write it, in a file or in the settings; its JSON Schema is derived from it. Lists that are left out
 * are empty. `at` is missing from effects on purpose: it is where a row was inferred, which a written one was not.
 */
export const contractSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z_]\w*$/, 'must be the name of a function or macro'),
  outcomes: z.array(outcomeSchema).readonly(),
  dereferences: z.array(z.int().nonnegative()).readonly().default([]),
  clobbers: z.enum(['none', 'arguments', 'all']).default('arguments'),
  writes: z.array(subjectSchema).readonly().exactOptional(),
  readsCount: z.boolean().exactOptional(),
  borrows: z.boolean().exactOptional(),
  noReturn: z.boolean().exactOptional(),
  allocates: z.boolean().exactOptional(),
  asserts: z.boolean().exactOptional(),
  source: z.string().default('a row of the user'),
}) satisfies z.ZodType<Contract>;

export interface UserContracts {
  /** By name; each replaces the table's row of that name. */
  readonly contracts: ReadonlyMap<string, Contract>;
  readonly problems: readonly ContractProblem[];
}

/** A problem with its place: `[2].outcomes[0].returns` below the list is the path 2, 'outcomes', 0, 'returns'. */
export interface ContractProblem extends InputProblem {
  readonly path: readonly PropertyKey[];
  /** The message without what became of the row. */
  readonly reason: string;
}

/**
 * The rows that a user adds to the table, or replaces in it. A row that does not fit is left out and told of: `where` is
 * the name of the setting or file, to which the place in it is added.
 */
export function userContracts(rows: readonly unknown[], where: string): UserContracts {
  const problems: ContractProblem[] = [];
  const contracts = new Map<string, Contract>();
  const say = (path: readonly PropertyKey[], message: string, severity: InputProblem['severity'] = 'error'): void => {
    const row = severity === 'error' ? 'is no contract and was left out: ' : '';
    problems.push({ where: `${where}${placeIn(path)}`, message: `${row}${message}`, severity, path, reason: message });
  };
  rows.forEach((candidate, index) => {
    const parsed = contractSchema.safeParse(candidate);
    if (!parsed.success) {
      for (const issue of parsed.error.issues) say([index, ...issue.path], issue.message);
      return;
    }
    const { name, outcomes, noReturn } = parsed.data;
    if (outcomes.length === 0 && noReturn !== true) {
      say([index, 'outcomes'], `${name} has no outcome; give one, or say "noReturn": true`);
      return;
    }
    if (contracts.has(name)) say([index], `a second contract of ${name} replaces the first`, 'warning');
    contracts.set(name, parsed.data);
  });
  return { contracts, problems };
}

/** A path into JSON as people write it. */
export function placeIn(path: readonly PropertyKey[]): string {
  return path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
}
