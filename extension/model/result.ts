// What a function answers that may fail by what its user gave it: the value, or why there is none. Exceptions are for bugs.
import type { InputProblem } from './problem.js';

/** A value, or what kept it from being made: one problem with the input unless said otherwise. Plain data. */
export type Result<T, Failure = InputProblem> = Success<T> | Failed<Failure>;

export interface Success<T> {
  readonly ok: true;
  readonly value: T;
}

export interface Failed<Failure> {
  readonly ok: false;
  readonly failure: Failure;
}

export function ok<T>(value: T): Success<T> {
  return { ok: true, value };
}

export function failed<Failure>(failure: Failure): Failed<Failure> {
  return { ok: false, failure };
}
