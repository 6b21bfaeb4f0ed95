// Data races in JSON.
import { z } from 'zod';
import type { DataRace } from '../../../model/simulation.js';

const accessSchema = z.object({
  /** null where no code of the tree runs. */
  file: z.string().nullable(),
  line: z.int().positive().nullable(),
  function: z.string().nullable(),
  write: z.boolean(),
  plain: z.boolean(),
});

/** Two accesses of the same bytes that nothing orders, one of them a write and one of them plain. */
export const dataRaceSchema = z.object({ object: z.string(), accesses: z.array(accessSchema) });

export function dataRaceToJson({ object, accesses }: DataRace): z.infer<typeof dataRaceSchema> {
  return {
    object,
    accesses: accesses.map(({ at, write, plain }) => ({
      file: at?.file ?? null,
      line: at?.line ?? null,
      function: at?.function ?? null,
      write,
      plain,
    })),
  };
}
