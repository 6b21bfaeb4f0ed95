// Data races of several runs: hints, as a plain access that nothing orders is no error by itself.
import type { DataRace, SimulationResult } from '../model/simulation.js';

/** The data races of several runs, each pair of places once. */
export function dataRacesIn(results: readonly SimulationResult[]): readonly DataRace[] {
  return [...new Map(results.flatMap(({ dataRaces = [] }) => dataRaces).map((race) => [placesOf(race), race])).values()];
}

/** Those that the runs of before do not have: told apart by object, functions and what each does there, as lines shift. */
export function newDataRaces(before: readonly SimulationResult[], after: readonly SimulationResult[]): readonly DataRace[] {
  const known = new Set(dataRacesIn(before).map(keyOf));
  return dataRacesIn(after).filter((race) => !known.has(keyOf(race)));
}

function keyOf({ object, accesses }: DataRace): string {
  return JSON.stringify([object, ...accesses.map(({ at, write, plain }) => JSON.stringify([at?.function, write, plain])).sort()]);
}

function placesOf({ object, accesses }: DataRace): string {
  return JSON.stringify([object, ...accesses.map(({ at, write, plain }) => [at?.file, at?.line, at?.function, write, plain])]);
}
