// What a program of threads can do, found without any reduction: after each access every thread may go on, no state is taken for
// another, and no order is left out. It shares the machine with the exploration, and nothing of how that chooses orders.
import { intrinsicNamed } from '../../extension/kernel/intrinsics/index.js';
import type { Value } from '../../extension/kernel/intrinsics/machine.js';
import type { Program } from '../../extension/program/program.js';
import { Image } from '../../extension/simulator/machine/image.js';
import { yielded, type Later, type MachineState } from '../../extension/simulator/machine/machine-state.js';
import { SimulatedMachine } from '../../extension/simulator/machine/simulated-machine.js';
import { SimulatedMemory } from '../../extension/simulator/machine/simulated-memory.js';
import { Thread } from '../../extension/simulator/machine/thread.js';

export interface Everything {
  /** `kind function`, of errors on any path. */
  readonly errors: ReadonlySet<string>;
  /** What the threads and `last` answered, one after the other, of paths that come to the end. */
  readonly answers: ReadonlySet<string>;
  readonly paths: number;
}

/**
 * Runs `setup`, then the threads in every order, then `last` and `teardown`. null where that is more than `most` paths. Threads take no
 * arguments, and nothing fails.
 */
export function everythingOf(program: Program, threads: readonly string[], last: string, most: number): Everything | null {
  return new Reference(program, threads, last, most).run();
}

class Reference {
  private readonly machine: SimulatedMachine;
  private readonly image: Image;
  private readonly errors = new Set<string>();
  private readonly answers = new Set<string>();
  private paths = 0;

  constructor(
    program: Program,
    private readonly threads: readonly string[],
    private readonly last: string,
    private readonly most: number,
  ) {
    const memory = new SimulatedMemory();
    this.image = new Image(program, memory, intrinsicNamed, {});
    this.machine = new SimulatedMachine(memory, this.image);
  }

  run(): Everything | null {
    const { machine } = this;
    this.begin(0, 'setup');
    this.toEnd();
    for (const [at, name] of this.threads.entries()) this.begin(at + 1, name);
    this.go(machine.save());
    return this.paths > this.most ? null : { errors: this.errors, answers: this.answers, paths: this.paths };
  }

  private begin(id: number, name: string): void {
    const { machine } = this;
    const fn = this.image.named(name);
    if (!fn) throw new Error(`there is no ${name}()`);
    machine.core.threads[id] = new Thread(id, name);
    machine.core.current = id;
    machine.enter(fn, [], -1);
  }

  /** Runs the current thread alone. */
  private toEnd(): void {
    const { machine } = this;
    while (!machine.core.halted && machine.core.running.frames.length > 0)
      if (machine.step() === 'waits') {
        machine.report('deadlock', 'waits for ever');
        return;
      }
  }

  private go(state: MachineState): void {
    const { machine } = this;
    let moved = false;
    const next = [...state.threads.slice(1).map(({ id }) => id), ...machine.deferred.due()];
    for (const each of next) {
      if (this.paths > this.most) return;
      machine.restore(state);
      machine.core.errors = [];
      if (typeof each !== 'number') {
        this.start(each);
        moved = true;
        this.go(machine.save());
        continue;
      }
      machine.core.current = each;
      if (machine.core.running.frames.length === 0 || !this.move()) continue;
      moved = true;
      this.note();
      if (machine.core.halted) this.paths++;
      else this.go(machine.save());
    }
    if (moved) return;
    machine.restore(state);
    machine.core.errors = [];
    this.paths++;
    if (machine.core.threads.some((thread) => thread.frames.length > 0)) {
      machine.core.current = machine.core.threads.findIndex((thread) => thread.frames.length > 0);
      machine.report('deadlock', 'nobody can go on');
    } else this.end();
    this.note();
  }

  /** A thread of its own begins what was put off. */
  private start(later: Later): void {
    const { machine } = this;
    const idle = machine.core.threads.findIndex(({ id, deferred }) => id > this.threads.length && deferred === null);
    const id = idle < 0 ? machine.core.threads.length : idle;
    machine.core.threads[id] ??= new Thread(id, 'deferred');
    machine.deferred.laters = machine.deferred.laters.filter((each) => each !== later);
    machine.core.current = id;
    machine.core.running.deferred = later;
    if (later.when === 'timer' || later.when === 'grace-period') machine.core.running.atomic = [later.when];
    const fn = machine.functionAt(later.fn, 'a callback');
    if (fn === null || typeof fn === 'string') throw new Error('what is put off is no function of the program');
    machine.enter(fn, [later.argument], -1);
  }

  /** The running thread goes on until it has made an access, or called something; false where it can't. */
  private move(): boolean {
    const { machine } = this;
    const { core } = machine;
    let accesses = 0;
    let more = 0;
    const ignored = (): void => undefined;
    core.others = {
      isShared: () => true,
      beforePiece: () => (more > 0 ? stop() : undefined),
      afterPiece: () => more++,
      access: () => ++accesses === 0,
      life: () => ++accesses === 0,
      changes: () => undefined,
      unseen: () => undefined,
      deferred: () => accesses++,
      pointer: ignored,
      inside: ignored,
      reader: ignored,
    };
    try {
      for (;;) {
        const { top } = machine.core.running;
        if (!top) {
          machine.core.running.deferred = null;
          machine.core.running.atomic = [];
        }
        if (!top || machine.core.halted) return true;
        const info = top.fn.info[top.pc];
        const stop = machine.step();
        if (stop === 'waits') return false;
        if (stop === 'stopped') return true;
        more = 0;
        // What the model does, and both halves of an exchange, are one.
        const whole = machine.core.running.top?.fn.model !== true && info?.joined !== true;
        if (whole && (accesses > 0 || info?.kind === 'call')) return true;
      }
    } finally {
      core.others = null;
    }
  }

  /** All threads are done. */
  private end(): void {
    const { machine } = this;
    const results: Value[] = machine.core.threads.slice(1, 1 + this.threads.length).map(({ result }) => result);
    this.begin(0, this.last);
    machine.core.threads = machine.core.threads.slice(0, 1);
    this.toEnd();
    if (machine.core.halted) return;
    this.answers.add([...results, machine.core.running.result].join());
    this.begin(0, 'teardown');
    this.toEnd();
  }

  private note(): void {
    for (const { kind, stack } of this.machine.core.errors) {
      const site = stack.find(({ fn }) => !fn.model) ?? stack[0];
      this.errors.add(`${kind} ${site?.fn.name ?? ''}`);
    }
  }
}

function stop(): never {
  throw yielded;
}
