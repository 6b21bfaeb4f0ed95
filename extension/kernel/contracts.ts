// The table: which contract a name of the kernel API has, and what a user adds to it.
import { z } from 'zod';
import type { InputProblem } from '../model/problem.js';
import type { Contract } from './contract.js';
import { control } from './control.js';
import { counting } from './counting.js';
import { credentials } from './creds.js';
import { files } from './files.js';
import { indexes } from './index.js';
import { memory } from './memory.js';
import { pages } from './pages.js';
import { returnsBoolean, returnsNothing } from './rows.js';

/** Every row that we give, by topic. */
export const allContracts: readonly Contract[] = [...memory, ...files, ...credentials, ...indexes, ...pages, ...counting, ...control];

export interface ContractTable {
  /** The contract of a call to `name`, or undefined where nothing is known. Tracepoints are known by their prefix. */
  contractOf(name: string): Contract | undefined;
  readonly contracts: readonly Contract[];
}

/** `trace_x(...)` and `trace_x_enabled()`, which TRACE_EVENT(x, ...) makes. */
function tracepoint(name: string): Contract | undefined {
  if (!/^trace_\w+$/.test(name)) {
    return undefined;
  }
  const details = { source: 'include/linux/tracepoint.h' };
  return (name.endsWith('_enabled') ? returnsBoolean(name, details) : returnsNothing(name, details))[0];
}

function table(contracts: readonly Contract[]): ContractTable {
  const byName = new Map(contracts.map((contract) => [contract.name, contract]));
  const tracepoints = new Map<string, Contract | undefined>();
  return {
    contracts,
    contractOf(name) {
      const contract = byName.get(name);
      if (contract !== undefined || !name.startsWith('trace_')) {
        return contract;
      }
      if (!tracepoints.has(name)) {
        tracepoints.set(name, tracepoint(name));
      }
      return tracepoints.get(name);
    },
  };
}

const builtIn = table(allContracts);

/** The contract of a call to `name` in the table that we give. */
export function contractOf(name: string): Contract | undefined {
  return builtIn.contractOf(name);
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
  z.strictObject({ kind: z.literal('acquire'), resource: resourceSchema, subject: subjectSchema }),
  z.strictObject({
    kind: z.literal('release'),
    resource: resourceSchema,
    subject: subjectSchema,
    deferred: z.boolean().exactOptional(),
    last: z.boolean().exactOptional(),
  }),
  z.strictObject({ kind: z.literal('transfer'), resource: resourceSchema, subject: subjectSchema, to: z.string().min(1) }),
  z.strictObject({ kind: z.literal('set-count'), subject: subjectSchema, count: z.union([subjectSchema, z.int().nonnegative()]) }),
  z.strictObject({ kind: z.literal('escape'), subject: subjectSchema }),
  z.strictObject({ kind: z.literal('dead'), subject: subjectSchema }),
  z.strictObject({ kind: z.literal('write'), subject: subjectSchema }),
]);

const constraintSchema = z.strictObject({ subject: subjectSchema, set: setSchema }).readonly();

const outcomeSchema = z.strictObject({
  name: z.string().min(1),
  requires: z.array(constraintSchema).readonly(),
  returns: z.union([
    z.strictObject({ kind: z.literal('set'), set: setSchema }),
    z.strictObject({ kind: z.literal('same'), subject: subjectSchema }),
    z.null(),
  ]),
  effects: z.array(effectSchema).readonly(),
  ensures: z.array(constraintSchema).readonly().exactOptional(),
});

/** A row as it may stand in the settings; its JSON Schema is derived from it. */
export const contractSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z_]\w*$/, 'must be the name of a function or macro'),
  outcomes: z.array(outcomeSchema).readonly(),
  dereferences: z.array(z.int().nonnegative()).readonly(),
  clobbers: z.enum(['none', 'arguments', 'all']),
  readsCount: z.boolean().exactOptional(),
  borrows: z.boolean().exactOptional(),
  noReturn: z.boolean().exactOptional(),
  allocates: z.boolean().exactOptional(),
  asserts: z.boolean().exactOptional(),
  source: z.string(),
}) satisfies z.ZodType<Contract>;

/**
 * The table with rows of the user's settings added; a row of a name that we have replaces ours. A row that does not fit is
 * left out and told of, with its place: `where` is the setting's name, `[2].outcomes[0].returns` a place in it.
 */
export function withUserContracts(
  rows: readonly unknown[],
  where: string,
): { readonly table: ContractTable; readonly problems: readonly InputProblem[] } {
  const problems: InputProblem[] = [];
  const added = new Map<string, Contract>();
  rows.forEach((candidate, index) => {
    const parsed = contractSchema.safeParse(candidate);
    if (!parsed.success) {
      for (const issue of parsed.error.issues) {
        problems.push({
          where: `${where}${place([index, ...issue.path])}`,
          message: `Contract left out: ${issue.message}`,
          severity: 'error',
        });
      }
      return;
    }
    if (parsed.data.outcomes.length === 0 && parsed.data.noReturn !== true) {
      problems.push({
        where: `${where}${place([index, 'outcomes'])}`,
        message: `Contract left out: ${parsed.data.name} has no outcome; give one, or say "noReturn": true`,
        severity: 'error',
      });
      return;
    }
    if (added.has(parsed.data.name)) {
      problems.push({
        where: `${where}${place([index])}`,
        message: `A second contract of ${parsed.data.name} replaces the first`,
        severity: 'warning',
      });
    }
    added.set(parsed.data.name, parsed.data);
  });
  return { table: table([...allContracts.filter((contract) => !added.has(contract.name)), ...added.values()]), problems };
}

function place(path: readonly PropertyKey[]): string {
  return path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
}
