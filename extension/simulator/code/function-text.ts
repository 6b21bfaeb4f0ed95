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
  /** By their numbers. */
  private readonly things = new Map<unknown, number>();

  beginStep(): void {
    this.usesMachine = false;
    this.assumes = false;
  }

  /** The name of a thing of ours. */
  constant(thing: unknown): string {
    let known = this.things.get(thing);
    if (known === undefined) this.things.set(thing, (known = this.things.size));
    return `k${known}`;
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
    const names = [...this.things.values()].map((at) => `k${at}`).join(', ');
    const whole = `'use strict';\nreturn (${names}) => ${text};\n//# sourceURL=c/${name.replace(/\W/g, '_')}`;
    let make = made.get(whole);
    if (!make) {
      if (made.size >= mostMade) made.clear();
      // The text is our own, made of a graph: of the C source it has numbers, and strings that JSON.stringify() has quoted.
      // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
      made.set(whole, (make = new Function(...operatorNames, whole)(...operatorValues) as Make));
    }
    return make(...this.things.keys());
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

/** Texts that are remembered before all are forgotten: a few times as many as a program has functions that are run. */
const mostMade = 4000;
