// The part of a vocabulary that says what a traced run shows (docs/scenarios.md).
import { z } from 'zod';
import { probedTypes, shownName, type ProbedFunction, type ProbedValue, type Probes } from '../model/probes.js';

const identifier = /^[A-Za-z_]\w*$/;
const nameSchema = z.string().regex(identifier, 'expected the name of a C function or variable');
const fieldSchema = z
  .string()
  .regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/, 'expected a member of a structure, such as "count" or "refs.counter"');
const typeSchema = z
  .string()
  .refine(
    (type) => (probedTypes as readonly string[]).includes(type) || /^struct [A-Za-z_]\w*$/.test(type),
    `expected ${probedTypes.join(', ')}, or the address of a structure: struct NAME`,
  );

/** The arguments that are passed in registers (System V ABI, AMD64 supplement, 3.2.3). */
const mostArguments = 6;

const valueShape = { type: typeSchema, fields: z.array(fieldSchema).default([]) };
const functionSchema = z.strictObject({
  arguments: z.record(nameSchema, z.strictObject({ index: z.int().min(1).max(mostArguments), ...valueShape })).default({}),
  result: z.strictObject({ name: nameSchema.default('result'), ...valueShape }).exactOptional(),
});

export const probesSchema = z.strictObject({
  headers: z.array(z.string().regex(/^[\w./-]+$/, 'expected a file below the folder of the subsystem')).default([]),
  functions: z.record(nameSchema, functionSchema).default({}),
  tracepoints: z.array(z.string().regex(/^\w+(\/\w+)?$/, 'expected SYSTEM or SYSTEM/EVENT')).default([]),
});

/** The probes of a file that fits the schema. */
export function probesOf({ headers, functions, tracepoints }: z.infer<typeof probesSchema>): Probes {
  return {
    headers,
    tracepoints,
    functions: Object.entries(functions).map(([name, { arguments: given, result }]): ProbedFunction => ({
      name,
      arguments: Object.entries(given).map(([argument, rest]) => ({ name: argument, ...rest })),
      result: result ?? null,
    })),
  };
}

/** What no schema can say: what is wrong with a function's probe, or null. */
export function mistakeInProbe({ arguments: given, result }: ProbedFunction): string | null {
  for (const values of [given, result === null ? [] : [result]]) {
    const plain = values.find(({ type, fields }) => fields.length > 0 && !type.startsWith('struct '));
    if (plain !== undefined) return `${plain.name}: only the address of a structure has fields`;
    const names = values.flatMap(shownNames);
    const twice = names.find((name, index) => names.indexOf(name) < index);
    if (twice !== undefined) return `two values are shown as ${twice}`;
  }
  return null;
}

function shownNames({ name, fields }: ProbedValue): readonly string[] {
  return [name, ...fields.map(shownName)];
}
