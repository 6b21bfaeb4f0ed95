// A scenario on one line, for traces and replays: `backing-open(fd=regular)->a; {backing-close(id=a) | backing-close(id=a)}`.
import type { OperationStep, Scenario, ScenarioStep, Vocabulary } from '../model/scenario.js';
import type { Offset } from '../model/source.js';
import { expectationWords } from './expectation.js';
import { operationText, valueText } from './step-text.js';
import { scenarioOf, type ReadScenario } from './read.js';
import { Complaints, type Located, type LocatedEntry } from './located-values.js';
import { quoted } from './vocabulary-words.js';

/** All that a run depends on. `parseScenarioLine` reads it back as the same but for name, title, description, source and lines. */
export function scenarioLine(scenario: Scenario): string {
  const { config, setup, capabilities, steps } = scenario;
  const given = [
    ...Object.entries(config).map(([name, value]) => `config.${name}=${value}`),
    ...Object.entries(setup).map(([name, value]) => `setup.${name}=${valueText(value)}`),
  ];
  const whole = given.length === 0 && capabilities === null ? '' : `with(${given.join(',')})${list(capabilities)}: `;
  return whole + steps.map(stepLine).join('; ');
}

function stepLine(step: ScenarioStep): string {
  if (step.kind === 'operation') return operationLine(step);
  return `{${step.branches.map((branch) => branch.map(operationLine).join('; ')).join(' | ')}}`;
}

function operationLine(step: OperationStep): string {
  const as = step.as === null ? '' : `->${step.as}`;
  const expect = step.expect === null ? '' : ` = ${expectationWords(step.expect).join('/')}`;
  return operationText(step) + list(step.capabilities) + as + expect;
}

function list(capabilities: readonly string[] | null): string {
  return capabilities === null ? '' : `[${capabilities.join(',')}]`;
}

/**
 * The scenario of such a line, or all that is wrong with it; places are line 1 and the column. It is called `replay`, its
 * title is the line, and its steps are in line 0, as no file has them.
 */
export function parseScenarioLine(text: string, vocabulary: Vocabulary, where = 'the scenario'): ReadScenario {
  const complaints = new Complaints(where, text);
  const root = new LineReader(text, complaints).scenario();
  const scenario = complaints.none ? scenarioOf(root, vocabulary, 'generated', complaints) : null;
  if (scenario === null || !complaints.none) return { scenario: null, problems: complaints.problems };
  return { scenario: { ...scenario, title: text, steps: scenario.steps.map(withoutLine) }, problems: [] };
}

function withoutLine(step: ScenarioStep): ScenarioStep {
  if (step.kind === 'operation') return { ...step, line: 0 };
  return { ...step, line: 0, branches: step.branches.map((branch) => branch.map((each) => ({ ...each, line: 0 }))) };
}

/** Reads a line into the values that a file would have. After the first mistake nothing can be made of the rest. */
class LineReader {
  private at: Offset = 0;
  private broken = false;

  constructor(
    private readonly text: string,
    private readonly complaints: Complaints,
  ) {}

  scenario(): Located {
    const entries: LocatedEntry[] = [{ key: 'name', at: 0, value: { kind: 'scalar', value: 'replay', at: 0 } }];
    if (/^\s*with[([:]/.test(this.text)) entries.push(...this.whole());
    const at = this.here();
    const steps: Located[] = [];
    while (!this.atEnd() && !this.broken) {
      steps.push(this.peek('{') ? this.parallel() : this.operation());
      if (!this.atEnd()) this.expect(';', 'a ";" and the next step');
    }
    entries.push({ key: 'steps', at, value: { kind: 'list', items: steps, at } });
    return { kind: 'map', entries, at: 0 };
  }

  /** `with(config.X=true,setup.y=1)[CAP_A]:` */
  private whole(): readonly LocatedEntry[] {
    const at = this.here();
    this.word('"with"');
    const given = this.peek('(') ? this.arguments() : [];
    const part = (name: string): LocatedEntry[] => {
      const prefix = `${name}.`;
      const own = given.filter(({ key }) => key.startsWith(prefix)).map((entry) => ({ ...entry, key: entry.key.slice(prefix.length) }));
      return own.length === 0 ? [] : [{ key: name, at, value: { kind: 'map', entries: own, at } }];
    };
    for (const entry of given) {
      if (!/^(config|setup)\./.test(entry.key)) this.fail(entry.at, 'config.NAME=... or setup.NAME=...');
    }
    const capabilities = this.peek('[') ? [this.capabilities()] : [];
    this.expect(':', 'a ":" before the first step');
    return [...part('config'), ...part('setup'), ...capabilities];
  }

  private parallel(): Located {
    const at = this.here();
    this.expect('{', '"{"');
    const branches: Located[] = [];
    do {
      const start = this.here();
      const items: Located[] = [];
      do items.push(this.operation());
      while (this.take(';'));
      branches.push({ kind: 'list', items, at: start });
    } while (this.take('|'));
    this.expect('}', '";", "|" or "}"');
    return { kind: 'map', entries: [{ key: 'parallel', at, value: { kind: 'list', items: branches, at } }], at };
  }

  private operation(): Located {
    const at = this.here();
    const name = this.word('an operation');
    const entries: LocatedEntry[] = [{ key: name, at, value: { kind: 'map', entries: this.peek('(') ? this.arguments() : [], at } }];
    if (this.peek('[')) entries.push(this.capabilities());
    if (this.take('->')) {
      const start = this.here();
      entries.push({ key: 'as', at: start, value: { kind: 'scalar', value: this.word('a name'), at: start } });
    }
    if (this.take('=')) {
      const start = this.here();
      entries.push({ key: 'expect', at: start, value: this.values('/', '"ok", a number or an error') });
    }
    return { kind: 'map', entries, at };
  }

  private arguments(): readonly LocatedEntry[] {
    const entries: LocatedEntry[] = [];
    this.expect('(', '"("');
    while (!this.peek(')') && !this.broken) {
      const at = this.here();
      const key = this.word('the name of an argument');
      this.expect('=', `"=" and the value of ${key}`);
      const value: Located = /[,)]/.test(this.text[this.here()] ?? '')
        ? { kind: 'list', items: [], at: this.here() }
        : this.values('+', `the value of ${key}`);
      if (entries.some((entry) => entry.key === key)) this.complaints.add(at, `${key} is there a second time; it is given once`);
      entries.push({ key, at, value });
      if (!this.take(',')) break;
    }
    this.expect(')', '"," or ")"');
    return entries;
  }

  private capabilities(): LocatedEntry {
    const at = this.here();
    const items: Located[] = [];
    this.expect('[', '"["');
    while (!this.peek(']') && !this.broken) {
      items.push({ kind: 'scalar', at: this.here(), value: this.word('a capability') });
      if (!this.take(',')) break;
    }
    this.expect(']', '"," or "]"');
    return { key: 'capabilities', at, value: { kind: 'list', items, at } };
  }

  /** One value, or several with a mark between. */
  private values(mark: string, expected: string): Located {
    const at = this.here();
    const items: Located[] = [];
    do items.push({ kind: 'scalar', at: this.here(), value: scalar(this.word(expected)) });
    while (this.take(mark));
    return items.length === 1 && items[0] !== undefined ? items[0] : { kind: 'list', items, at };
  }

  private word(expected: string): string {
    const start = this.here();
    const word = /^(?:[A-Za-z0-9_.]|-(?!>))+/.exec(this.text.slice(start))?.[0] ?? '';
    this.at = start + word.length;
    if (word === '') this.fail(start, expected);
    return word;
  }

  private expect(mark: string, expected: string): void {
    if (!this.take(mark)) this.fail(this.here(), expected);
  }

  private take(mark: string): boolean {
    const found = !this.broken && this.peek(mark);
    if (found) this.at += mark.length;
    return found;
  }

  private peek(mark: string): boolean {
    return this.text.startsWith(mark, this.here());
  }

  private atEnd(): boolean {
    return this.here() >= this.text.length;
  }

  /** Where the next mark or word begins. */
  private here(): Offset {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
    return this.at;
  }

  private fail(at: Offset, expected: string): void {
    if (this.broken) return;
    this.broken = true;
    const rest = this.text.slice(at, at + 12);
    this.complaints.add(at, `expected ${expected}, found ${rest === '' ? 'the end' : quoted(rest)}`);
  }
}

function scalar(word: string): string | number | boolean {
  if (/^(-?\d+|0x[0-9a-f]+)$/i.test(word)) return Number(word);
  return word === 'true' || (word !== 'false' && word);
}
