// The steps of a scenario, read from located values and held against the vocabulary.
import type { OperationDefinition, OperationStep, ScenarioStep, Vocabulary } from '../model/scenario.js';
import type { Offset } from '../model/source.js';
import { isWord, readArguments, type WrongReference } from './arguments.js';
import { readExpectation } from './expectation.js';
import { namesOf, parallelField, stepFields } from './fields.js';
import { describe, entryOf, type Complaints, type Located, type LocatedEntry, type LocatedMap } from './located-values.js';
import { expectedOneOf, namePattern, quoted } from './vocabulary-words.js';

/** A name that a step gave to its answer. `to` is null where what it stands for could not be read. */
interface Named {
  readonly to: string | null;
  readonly at: Offset;
}

/** Names that are known at a step: those of the steps that are sure to have run before it. */
type Scope = Map<string, Named>;

const fields = namesOf(stepFields);

export class StepReader {
  private readonly operations: ReadonlyMap<string, OperationDefinition>;
  /** All names given so far, known at the step or not. */
  private readonly given: Scope = new Map();

  constructor(
    private readonly vocabulary: Vocabulary,
    private readonly complaints: Complaints,
  ) {
    this.operations = new Map(vocabulary.operations.map((operation) => [operation.name, operation]));
  }

  /** The steps of a list; what is wrong with them is complained of, and such steps are left out. */
  steps(node: Located): readonly ScenarioStep[] {
    const scope: Scope = new Map();
    return this.items(node, 'steps', (item) => {
      const parallel = item.kind === 'map' ? entryOf(item, 'parallel') : undefined;
      return item.kind === 'map' && parallel !== undefined
        ? this.parallel(item, parallel, scope)
        : this.operation(item, scope, item.kind === 'map');
    });
  }

  /** The privileges of a list, each of which the vocabulary must have. */
  capabilities(node: Located): readonly string[] {
    const known = this.vocabulary.capabilities;
    const read = this.items(node, 'capabilities', (item) => {
      if (isWord(item) && known.includes(item.value)) return item.value;
      const found = isWord(item) ? item.value : '';
      this.complaints.add(item.at, `${describe(item)} is no capability here; ${expectedOneOf(found, known, 'expected none')}`, {
        word: found,
        known,
      });
      return null;
    });
    return [...new Set(read)];
  }

  private items<T>(node: Located, what: string, read: (item: Located) => T | null): readonly T[] {
    if (node.kind === 'list') return node.items.map(read).filter((each) => each !== null);
    this.complaints.add(node.at, `expected a list of ${what}, found ${describe(node)}`);
    return [];
  }

  private parallel(step: LocatedMap, { value, at }: LocatedEntry, scope: Scope): ScenarioStep {
    for (const { key, at: place } of step.entries) {
      if (key !== 'parallel') this.complaints.add(place, `${quoted(key)} does not belong to parallel; expected a step of its own`);
    }
    const before = new Map(scope);
    const branches = this.items(value, 'branches, each a list of operations', (branch) => {
      const inside = new Map(before);
      const steps = this.items(branch, 'operations as a branch of parallel', (item) => {
        const inner = item.kind === 'map' ? entryOf(item, 'parallel') : undefined;
        if (inner === undefined) return this.operation(item, inside, false);
        this.complaints.add(inner.at, 'parallel inside parallel; expected an operation, or one more branch of the outer one');
        return null;
      });
      if (branch.kind === 'list' && branch.items.length === 0) this.complaints.add(branch.at, 'an empty branch; expected operations');
      for (const [name, named] of inside) scope.set(name, named);
      return steps;
    });
    if (value.kind === 'list' && value.items.length === 0) this.complaints.add(value.at, 'no branches; expected lists of operations');
    return { kind: 'parallel', branches, line: this.complaints.line(at) };
  }

  /** `canBeParallel`: `parallel` could stand there instead, with branches. */
  private operation(node: Located, scope: Scope, canBeParallel: boolean): OperationStep | null {
    if (isWord(node)) {
      const entry = { key: node.value, at: node.at, value: { kind: 'scalar', value: null, at: node.at } } as const;
      return this.operation({ kind: 'map', entries: [entry], at: node.at }, scope, false);
    }
    if (node.kind !== 'map') {
      this.complaints.add(node.at, `expected an operation or parallel, found ${describe(node)}`);
      return null;
    }
    const named = this.operationOf(node, canBeParallel);
    const field = (name: string): Located | undefined => entryOf(node, name)?.value;
    // Before the step's own name is known: no step can refer to itself.
    const values =
      named === null
        ? {}
        : readArguments(
            named.entry.value,
            named.definition.parameters,
            { name: named.definition.name, at: named.entry.at },
            (name, to) => this.mistakenReference(name, to, scope),
            this.complaints,
          );
    const as = field('as');
    const capabilities = field('capabilities');
    const expect = field('expect');
    const step = {
      as: as === undefined ? null : this.name(as, named?.definition ?? null, scope),
      capabilities: capabilities === undefined ? null : this.capabilities(capabilities),
      expect: expect === undefined ? null : readExpectation(expect, this.complaints),
    };
    if (named === null) return null;
    const line = this.complaints.line(named.entry.at);
    return { kind: 'operation', operation: named.definition.name, arguments: values, ...step, line };
  }

  /** The entry of a step that is its operation; everything else in it must be a field. */
  private operationOf(
    step: LocatedMap,
    canBeParallel: boolean,
  ): { readonly entry: LocatedEntry; readonly definition: OperationDefinition } | null {
    const others = step.entries.filter(({ key }) => !fields.includes(key));
    const entry = others.find(({ key }) => this.operations.has(key));
    const definition = this.operations.get(entry?.key ?? '');
    if (entry === undefined || definition === undefined) {
      const first = others[0];
      const names = [...this.operations.keys(), parallelField.name];
      if (first === undefined) this.complaints.add(step.at, `this step has no operation; ${expectedOneOf('', names, 'there is none')}`);
      else {
        const known = canBeParallel && step.entries.length === 1 ? names : [...this.operations.keys()];
        const message = `there is no operation ${quoted(first.key)}; ${expectedOneOf(first.key, names, 'there is none')}`;
        this.complaints.add(first.at, message, { word: first.key, known });
      }
      return null;
    }
    for (const { key, at } of others) {
      if (key === entry.key) continue;
      const isArgument = definition.parameters.some(({ name }) => name === key);
      const isOperation = this.operations.has(key);
      const mistake = isOperation
        ? `a second operation, ${key}, in the step of ${entry.key}; expected a step of its own`
        : isArgument
          ? `${key} is an argument of ${entry.key}; expected it below ${entry.key}, indented further`
          : `${quoted(key)} does not belong to a step; ${expectedOneOf(key, [...fields, entry.key], '')}`;
      const known = fields.filter((name) => entryOf(step, name) === undefined);
      this.complaints.add(at, mistake, isOperation || isArgument ? undefined : { word: key, known });
    }
    return { entry, definition };
  }

  /** The name that a step gives its answer, entered in the scope; null where it can't have it. */
  private name(node: Located, operation: OperationDefinition | null, scope: Scope): string | null {
    if (!isWord(node) || !namePattern.test(node.value)) {
      this.complaints.add(node.at, `expected a name of letters, digits, "-" and "_" that begins with a letter, found ${describe(node)}`);
      return null;
    }
    if (operation?.answers === null) {
      this.complaints.add(node.at, `${operation.name} answers nothing to refer to; expected no "as"`);
    }
    const earlier = this.given.get(node.value);
    if (earlier !== undefined) {
      const line = this.complaints.line(earlier.at);
      this.complaints.add(node.at, `${quoted(node.value)} is given in line ${line} already; expected a name not used yet`);
      return null;
    }
    const named: Named = { to: operation?.answers ?? null, at: node.at };
    scope.set(node.value, named);
    this.given.set(node.value, named);
    return node.value;
  }

  /** What is wrong with a reference to a name, or null. */
  private mistakenReference(name: string, to: string, scope: Scope): WrongReference | null {
    const named = scope.get(name);
    if (named?.to === to || named?.to === null) return null;
    const known = [...scope].filter(([, each]) => each.to === to).map(([each]) => each);
    const expected = expectedOneOf(name, known, `no earlier step gives a name to a ${to}`);
    if (named !== undefined) {
      const message = `${quoted(name)} is a ${named.to} (line ${this.complaints.line(named.at)}), expected a ${to}; ${expected}`;
      return { message, known };
    }
    const elsewhere = this.given.get(name);
    const why = elsewhere === undefined ? 'no earlier step gives the name' : 'only a step of another branch gives the name';
    return { message: `${why} ${quoted(name)}; ${expected}${known.length > 0 ? ' or a number' : ''}`, known };
  }
}
