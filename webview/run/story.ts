// A counterexample as a reviewer writes it down: each operation, what it answered, and what it did to the objects that the error is about.
import type { RunBlame, RunSide } from '../../extension/editor/protocol/webview-messages.js';
import { errorStep, type ObjectMoment, type PerformedOperation, type SimulationError } from '../../extension/model/simulation.js';
import type { SimulatedObject, SimulationTrace } from '../../extension/model/simulation.js';
import { objectPairs, type ObjectPair } from './object-pairs.js';
import { lastingHolders, momentAt } from './objects.js';
import { Parts, spansOf } from './parts.js';
import type { Traces } from './step-rows.js';
import { failureText } from './story-text.js';

/** What there is to say of the error that a path leads to. */
export interface ExplainedError {
  readonly error: SimulationError | null;
  readonly blame: RunBlame | null;
}

/** An object before and after an operation; undefined where it is not there. */
export interface Course {
  readonly before: ObjectMoment | undefined;
  readonly after: ObjectMoment | undefined;
  /** Who still pointed to it as it was freed meanwhile. */
  readonly freedUnder: readonly string[];
}

/** What an operation did on one of the trees; null where it was not performed there. */
export interface Deed {
  readonly operation: PerformedOperation;
  /** By the objects of the story. */
  readonly courses: readonly Course[];
}

export interface Chapter {
  /** Index among the operations. */
  readonly operation: number;
  readonly text: string;
  readonly actor: PerformedOperation['actor'];
  readonly thread: number;
  readonly base: Deed | null;
  readonly run: Deed | null;
  /** The error is told here, or before the next operation begins. */
  readonly fails: boolean;
  /** What is wrong with it where it is the one to blame. */
  readonly blame: RunBlame | null;
}

export interface Story {
  /** The objects that the error is about, named as in the run. */
  readonly objects: readonly ObjectPair[];
  readonly chapters: readonly Chapter[];
  /** Whether there is a base to compare with. */
  readonly compared: boolean;
  readonly threads: number;
  /** What goes wrong, and where; empty where nothing does. */
  readonly failure: string;
  /** Where that is no operation of the scenario. */
  readonly failing: 'setup' | 'teardown' | null;
}

/** The story of a path, beside that of the base where there is one; who shows it need not show the base's steps. */
export function storyOf(traces: Traces, { error, blame }: ExplainedError): Story {
  const { base, run } = traces;
  const parts = new Parts(traces);
  const objects = objectPairs(traces).filter((pair) => pair.run !== null && isAbout(error, pair.run));
  const step = errorStep(error, run);
  const part = step === undefined ? null : parts.at('run', step);
  const own = step === undefined ? -1 : (run.steps[step]?.operation ?? -1);
  const failing = own < 0 ? (part?.operations.at(-1) ?? -1) : own;
  const deeds = { base: base === null ? [] : deedsOf(base, objects, parts, 'base'), run: deedsOf(run, objects, parts, 'run') };
  const chapters = Array.from({ length: Math.max(deeds.base.length, deeds.run.length) }, (_, operation): readonly Chapter[] => {
    const [before, after] = [deeds.base[operation] ?? null, deeds.run[operation] ?? null];
    const either = (after ?? before)?.operation;
    if (either === undefined) return [];
    const { text, actor, thread } = either;
    const blamed = blame?.operation === operation ? blame : null;
    return [{ operation, text, actor, thread, base: before, run: after, fails: failing === operation, blame: blamed }];
  });
  return {
    objects,
    chapters: chapters.flat(),
    compared: base !== null,
    threads: run.threads.length,
    failure: error === null ? (run.steps[step ?? -1]?.text ?? '') : failureText(error),
    failing: part === null || part.kind === 'operations' ? null : part.kind,
  };
}

/** By its number, or by its name. */
function isAbout(error: SimulationError | null, { id, name, moments }: SimulatedObject): boolean {
  if (error === null || moments.length === 0) return false;
  return error.object === id || new RegExp(`(^|\\W)${name.replace(/\W/g, '\\$&')}(\\W|$)`).test(error.message);
}

function deedsOf(trace: SimulationTrace, objects: readonly ObjectPair[], parts: Parts, side: RunSide): readonly Deed[] {
  const spans = spansOf(trace);
  return trace.operations.map((operation, index) => {
    const { first, last } = spans[index] ?? { first: 0, last: 0 };
    const alone = parts.at(side, first).operations.length === 1;
    const end = alone ? lastOfPart(trace, parts, side, last) : last;
    const courses = objects.map(({ [side]: object }): Course => {
      if (object === null) return { before: undefined, after: undefined, freedUnder: [] };
      return { before: momentAt(object, first - 1), after: momentAt(object, end), freedUnder: freedUnder(object, first, end) };
    });
    return { operation, courses };
  });
}

/** What follows an operation before the next one begins is its doing. */
function lastOfPart(trace: SimulationTrace, parts: Parts, side: RunSide, from: number): number {
  let last = from;
  while (last + 1 < trace.steps.length && parts.at(side, last + 1) === parts.at(side, from)) last++;
  return last;
}

/** Of what was freed only the moment before tells who points to it. */
function freedUnder({ moments }: SimulatedObject, first: number, end: number): readonly string[] {
  const freed = moments.findIndex(({ state, step }) => state === 'freed' && step >= first && step <= end);
  const before = moments[freed - 1];
  return before === undefined ? [] : lastingHolders(before);
}

/** Whether the two trees answer otherwise. */
export function answersDiffer({ base, run }: Chapter): boolean {
  return base !== null && run !== null && base.operation.answer !== run.operation.answer;
}
