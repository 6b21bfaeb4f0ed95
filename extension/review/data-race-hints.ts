// Data races in words and in JSON: hints, as a plain access that nothing orders is no error by itself.
import { z } from 'zod';
import type { DataRace, RacingAccess, SimulationResult } from '../model/simulation.js';
import { printable } from './terminal.js';

/** `fuse_inode.fb: fs/fuse/a.c:10 f() writes it, plain; fs/fuse/b.c:20 g() reads it, marked` */
export function dataRaceText({ object, accesses }: DataRace): string {
  return `${printable(object)}: ${accesses.map(accessText).join('; ')}`;
}

function accessText({ at, write, plain }: RacingAccess): string {
  const where = at === null ? 'the modelled kernel' : `${printable(at.file)}:${at.line} ${at.function}()`;
  return `${where} ${write ? 'writes' : 'reads'} it, ${plain ? 'plain' : 'marked'}`;
}

/** The data races of several runs, each pair of places once. */
export function dataRacesIn(results: readonly SimulationResult[]): readonly DataRace[] {
  return [...new Map(results.flatMap(({ dataRaces = [] }) => dataRaces).map((race) => [dataRaceText(race), race])).values()];
}

/** Those that the runs of before do not have: told apart by object, functions and what each does there, as lines shift. */
export function newDataRaces(before: readonly SimulationResult[], after: readonly SimulationResult[]): readonly DataRace[] {
  const known = new Set(dataRacesIn(before).map(keyOf));
  return dataRacesIn(after).filter((race) => !known.has(keyOf(race)));
}

function keyOf({ object, accesses }: DataRace): string {
  return JSON.stringify([object, ...accesses.map(({ at, write, plain }) => JSON.stringify([at?.function, write, plain])).sort()]);
}

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
