// Small programs of threads with known verdicts (threads/README.md): how they are read, run and judged.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SimulationErrorKind, SimulationResult } from '../../extension/model/simulation.js';
import type { ProgramLoader } from '../../extension/program/load.js';
import { defaultBounds } from '../../extension/simulator/simulator.js';
import { call, scenario, simulatorOf } from './small.js';

const folder = join(import.meta.dirname, '../../test/simulator/threads');

export interface ThreadProgram {
  /** The folder that it is in. */
  readonly kind: string;
  readonly name: string;
  readonly text: string;
  /** Functions that run at the same time, between setup() and teardown(). */
  readonly threads: readonly string[];
  /** Each can be had and no other; empty where it is right. */
  readonly verdict: readonly string[];
}

/** What the words of the programs' verdicts are called here, where that is something else. */
const kinds: Readonly<Record<string, SimulationErrorKind>> = {
  'out-of-bounds': 'wild-dereference',
  'uninitialised-read': 'uninitialised',
  'wait-forever': 'deadlock',
};

export function threadPrograms(): readonly ThreadProgram[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name: kind }) =>
      readdirSync(join(folder, kind))
        .filter((file) => file.endsWith('.c'))
        .map((file) => programIn(kind, file)),
    );
}

function programIn(kind: string, file: string): ThreadProgram {
  const text = readFileSync(join(folder, kind, file), 'utf8');
  const field = (name: string): readonly string[] => {
    const found = new RegExp(`^ \\* ${name}: (.+)$`, 'm').exec(text)?.[1];
    if (found === undefined) throw new Error(`${kind}/${file} has no line '${name}:'`);
    return found.split(/[\s,]+/).filter((word) => word !== '');
  };
  const verdict = field('verdict').filter((word) => word !== 'no-error');
  return { kind, name: file.replace(/\.c$/, ''), text, threads: field('threads'), verdict };
}

/** Its text with the functions that a run begins and ends with. */
export function wholeText({ text }: ThreadProgram): string {
  const lacking = ['setup', 'teardown'].filter((name) => !new RegExp(`^long ${name}\\(`, 'm').test(text));
  return [text, ...lacking.map((name) => `long ${name}(void) { return 0; }`)].join('\n');
}

/** Runs a program over all orders of its threads, without faults. */
export function runProgram(loader: ProgramLoader, program: ThreadProgram): SimulationResult {
  const { threads } = program;
  const simulator = simulatorOf(loader, wholeText(program), Object.fromEntries(threads.map((name) => [name, 0])));
  return simulator.run(scenario(threads.map((name) => [call(name)])), { bounds: { ...defaultBounds, faults: 0 } });
}

/** What a result has otherwise than the program's verdict; empty where it is as it should be. */
export function differences({ verdict }: ThreadProgram, result: SimulationResult): readonly string[] {
  const wanted = new Set(verdict.map((word) => kinds[word] ?? word));
  // What only comes after another error of the same path is no verdict of the program.
  const first = result.counterexamples.filter(({ error, trace }) => {
    const tells = trace.steps.findIndex(({ kind }) => kind === 'error' || kind === 'warning');
    return tells < 0 || error.step === undefined || tells >= error.step;
  });
  const found = new Set<string>(first.map(({ error }) => error.kind));
  return [
    ...(result.reason === null ? [] : [`not run: ${result.reason}`]),
    ...(result.bounds.exhaustive ? [] : [`not exhaustive: ${result.bounds.stopped}`]),
    ...[...wanted].filter((kind) => !found.has(kind)).map((kind) => `${kind} is not found`),
    ...first.filter(({ error }) => !wanted.has(error.kind)).map(({ error }) => `${error.kind}: ${error.message}`),
    ...result.assumed.map(({ kind, name, assumed }) => `assumed: ${kind} ${name} ${assumed}`),
  ];
}
