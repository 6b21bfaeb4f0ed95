// JavaScript as it is made of a function of C, and what it may name: the operators, things of ours, and in each of its functions
// `m` (the machine), `c` (its core), `a` (its accesses of memory), `f` (the frame), `s` (its slots), and `v` and `r` for a moment.
import { blocked, type Value } from '../../kernel/intrinsics/machine.js';
import type { SimulatedMachine } from '../machine/simulated-machine.js';
import { operators } from './operators.js';

/** An address that is the same from when it is first asked for. */
class Once {
  at: number | undefined = undefined;

  constructor(private readonly addressOn: (m: SimulatedMachine) => number) {}

  get(m: SimulatedMachine): number {
    return (this.at = this.addressOn(m));
  }
}

export class FunctionText {
  /** Since the last `beginStep()` something was written that uses more of the machine than the frame's slots. */
  usesMachine = false;
  /** Since then something was written that tells what is assumed. */
  assumes = false;
  private readonly things: unknown[] = [];

  beginStep(): void {
    this.usesMachine = false;
    this.assumes = false;
  }

  /** The name of a thing of ours. */
  constant(thing: unknown): string {
    const known = this.things.indexOf(thing);
    return `k${known < 0 ? this.things.push(thing) - 1 : known}`;
  }

  /** An expression for an address that the machine knows, and is asked for once. */
  once(addressOn: (m: SimulatedMachine) => number): string {
    this.usesMachine = true;
    const name = this.constant(new Once(addressOn));
    return `(${name}.at ?? ${name}.get(m))`;
  }

  /** An expression whose value is worked out by code of ours. */
  asks(answer: (m: SimulatedMachine) => Value): string {
    this.usesMachine = true;
    this.assumes = true;
    return `${this.constant(answer)}(m)`;
  }

  /** An expression without a value, for what is to be told before something else. */
  tells(tell: (m: SimulatedMachine) => void): string {
    this.usesMachine = true;
    this.assumes = true;
    return `${this.constant(tell)}(m)`;
  }

  /** The expression, after something was told. */
  through(tell: (m: SimulatedMachine) => void, text: string): string {
    return `(${this.tells(tell)}, ${text})`;
  }

  /** What the text of an expression, which may use all of that but the names of a frame, gives. Profilers call it by the name. */
  built(text: string, name: string): unknown {
    const names = this.things.map((_, at) => `k${at}`).join(', ');
    const whole = `'use strict';\nreturn (${names}) => ${text};\n//# sourceURL=c/${name}`;
    let make = made.get(whole);
    // The text is our own, made of a graph: of the C source it has numbers, and strings that JSON.stringify() has quoted.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
    if (!make) made.set(whole, (make = new Function(...operatorNames, whole)(...operatorValues) as Make));
    return make(...this.things);
  }
}

type Make = (...things: readonly unknown[]) => unknown;

const operatorNames = [...Object.keys(operators), 'blocked'];
const operatorValues = [...Object.values(operators), blocked];

/**
 * What was made of texts. Programs of which one is a patched form of the other have most functions in common, and what V8 learns of one and
 * makes of it serves the other.
 */
const made = new Map<string, Make>();
