// Scenarios: what a server, clients and the kernel do, step by step, told in the words of one subsystem's vocabulary.
import type { Probes } from './probes.js';
import type { LineNumber } from './source.js';

/** What an argument may be: a number, the name of a choice, a name given by an earlier step's `as`, or a list of flags. */
export type ScenarioValue = number | string | boolean | readonly string[];

export interface OperationStep {
  readonly kind: 'operation';
  /** A name of the vocabulary, such as `backing-open`. */
  readonly operation: string;
  readonly arguments: Readonly<Record<string, ScenarioValue>>;
  /** The name that later steps use for what this one answers; null where nobody asked. */
  readonly as: string | null;
  /** Privileges while the step runs; null leaves the scenario's. */
  readonly capabilities: readonly string[] | null;
  readonly expect: Expectation | null;
  /** 1-based line in the scenario's file; 0 for a generated step. */
  readonly line: LineNumber;
}

export interface ParallelStep {
  readonly kind: 'parallel';
  /** Each branch is a thread of its own; the step ends when all have. Branches hold operations only. */
  readonly branches: readonly (readonly OperationStep[])[];
  readonly line: LineNumber;
}

export type ScenarioStep = OperationStep | ParallelStep;

/** One answer that a step may give, or several errors. `errno` names error numbers (`EBUSY`), any of which will do; `ok` is 0 or more. */
export type ExpectedAnswer =
  | { readonly kind: 'ok' }
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'errno'; readonly names: readonly string[] };

/** What a step is to answer. `any`: what two threads race for may be answered in more than one way, such as `ok` or `EIO`. */
export type Expectation = ExpectedAnswer | { readonly kind: 'any'; readonly of: readonly ExpectedAnswer[] };

export interface Scenario {
  /** Unique, of lower-case letters, digits and `-`; names a scenario on the command line. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Which vocabulary the steps are of, such as `fuse-backing`. */
  readonly subsystem: string;
  /** Configuration options that differ from the tree's defaults, with or without `CONFIG_`. */
  readonly config: Readonly<Record<string, boolean>>;
  /** Arguments of the vocabulary's setup, such as `max-stack-depth`. */
  readonly setup: Readonly<Record<string, ScenarioValue>>;
  /** Privileges of all threads, such as `CAP_SYS_ADMIN`; null is the vocabulary's default. */
  readonly capabilities: readonly string[] | null;
  readonly steps: readonly ScenarioStep[];
  /** Where it was read from: a path, `bundled` or `generated`. */
  readonly source: string;
}

// ---- vocabularies ----------------------------------------------------------------------------------------------

/**
 * An argument of an operation, as its driver function takes it: always a number in the end. `alike`: before their first
 * use nothing tells the values of all parameters with that word apart, so that the generator tries one order of them.
 */
export type ParameterDefinition = { readonly name: string; readonly description: string } & (
  | {
      readonly kind: 'integer';
      readonly minimum: number;
      readonly maximum: number;
      readonly default: number | null;
      readonly alike?: string;
    }
  /** One of the names, each standing for a number. */
  | {
      readonly kind: 'choice';
      readonly choices: Readonly<Record<string, number>>;
      readonly default: string | null;
      readonly alike?: string;
    }
  /** Any of the names, whose numbers are or-ed. */
  | { readonly kind: 'flags'; readonly choices: Readonly<Record<string, number>>; readonly default: readonly string[] }
  | { readonly kind: 'boolean'; readonly default: boolean }
  /**
   * What an earlier step of that kind answered, by its `as`, or a plain number (an id that nobody was given). `onFailure` is the
   * number where that step failed; without it the operation can't be named and is left out. A number outside of `minimum` to
   * `maximum` would be another one to the kernel.
   */
  | {
      readonly kind: 'reference';
      readonly to: string;
      readonly default: number | null;
      readonly minimum?: number;
      readonly maximum?: number;
      readonly onFailure?: number;
    }
);

export interface OperationDefinition {
  readonly name: string;
  readonly description: string;
  /** One of the subsystem's. */
  readonly actor: string;
  /** The C function of the model that performs it; it takes the parameters in order as `long` and returns a `long`. */
  readonly driver: string;
  readonly parameters: readonly ParameterDefinition[];
  /** What a result of 0 or more is a reference to, for `as`; null where it is a plain status. */
  readonly answers: string | null;
  /** The number of such a reference says nothing: any of 0 or more is the same answer, as with a file descriptor. */
  readonly opaque?: boolean;
  /** The generator may use it, with every combination of these arguments; empty keeps it out. */
  readonly generate: readonly Readonly<Record<string, ScenarioValue>>[];
}

export interface Vocabulary {
  readonly subsystem: string;
  readonly operations: readonly OperationDefinition[];
  /** Parameters of the setup, in the order of its driver's. */
  readonly setup: readonly ParameterDefinition[];
  /** Runs before the first step; takes the setup's parameters. */
  readonly setupDriver: string;
  /** Runs after the last step and brings everything to rest: what is alive then has leaked. */
  readonly teardownDriver: string;
  /**
   * Functions of the tree that a function of the model stands in for, with the same parameters and result: where the
   * simulated kernel ends, such as the sending of a request. Only those of a tree that has them.
   */
  readonly boundary: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly defaultCapabilities: readonly string[];
  /** What a traced run in a real kernel shows; absent where it shows nothing. */
  readonly probes?: Probes;
}
