// The least machine that intrinsics can be tried on: bytes in a map, decisions from a list, and a diary of what they did.
import {
  type Deferred,
  type Sleep,
  blocked,
  type Allocation,
  type Intrinsic,
  type IntrinsicCall,
  type Machine,
  type NextArgument,
  type Value,
} from '../../../extension/kernel/intrinsics/machine.js';
import { intrinsicNamed } from '../../../extension/kernel/intrinsics/index.js';
import { nameOfType } from '../../../extension/kernel/intrinsics/types.js';
import type { CType } from '../../../extension/syntax/ast.js';

export class FakeMachine implements Machine {
  thread = 0;
  inReader = false;
  readonly bytes = new Map<number, number>();
  readonly state = new Map<string, Value>();
  /** Errors by kind and message, in order. */
  readonly reports: string[] = [];
  readonly printed: string[] = [];
  readonly assumed: string[] = [];
  readonly slept: string[] = [];
  readonly atomic: string[] = [];
  readonly allocations: (Allocation & { readonly address: number })[] = [];
  readonly freed: string[] = [];
  readonly pending: Deferred[] = [];
  readonly amongThreads = false;
  readonly woken: string[] = [];
  /** Names of calls that fail, each once. */
  readonly failing: string[] = [];
  readonly asked: string[] = [];
  /** Owner by lock: a thread, or the threads that share it. */
  readonly locks = new Map<Value, { readonly mode: string; readonly by: number[] }>();
  readonly capabilities = new Set<number>();
  private next = 0x10000;

  goesInto(): void {
    // Nobody else is there.
  }

  glance(address: Value): Value | undefined {
    return this.bytes.has(Number(address)) ? this.load(address, 8, true) : undefined;
  }

  load(address: Value, bytes: 1 | 2 | 4 | 8, signed: boolean): Value {
    let value = 0n;
    for (let at = bytes - 1; at >= 0; at--) {
      const byte = this.bytes.get(Number(address) + at);
      if (byte === undefined) return NaN;
      value = (value << 8n) | BigInt(byte);
    }
    const result = signed ? BigInt.asIntN(bytes * 8, value) : value;
    return Number.isSafeInteger(Number(result)) ? Number(result) : result;
  }

  store(address: Value, bytes: 1 | 2 | 4 | 8, value: Value): void {
    for (let at = 0; at < bytes; at++) {
      if (typeof value === 'number' && Number.isNaN(value)) this.bytes.delete(Number(address) + at);
      else this.bytes.set(Number(address) + at, Number((BigInt(value) >> BigInt(8 * at)) & 0xffn));
    }
  }

  fill(address: Value, byte: number, bytes: number): void {
    for (let at = 0; at < bytes; at++) this.bytes.set(Number(address) + at, byte);
  }

  copy(to: Value, from: Value, bytes: number): void {
    const moved = Array.from({ length: bytes }, (_, at) => this.bytes.get(Number(from) + at));
    moved.forEach((byte, at) => {
      if (byte === undefined) this.bytes.delete(Number(to) + at);
      else this.bytes.set(Number(to) + at, byte);
    });
  }

  text(address: Value): string {
    let text = '';
    for (let at = Number(address); ; at++) {
      const byte = this.bytes.get(at);
      if (byte === undefined || byte === 0) return text;
      text += String.fromCharCode(byte);
    }
  }

  hidden(address: Value, key: string): Value | undefined {
    return this.state.get(`${address} ${key}`);
  }

  setHidden(address: Value, key: string, value: Value | undefined): void {
    if (value === undefined) this.state.delete(`${address} ${key}`);
    else this.state.set(`${address} ${key}`, value);
  }

  usable(address: Value, what: string): boolean {
    if (address !== 0) return true;
    this.report('null-dereference', what);
    return false;
  }

  allocate(allocation: Allocation): number {
    const address = this.next;
    this.next += Math.ceil((allocation.bytes + 64) / 16) * 16;
    this.allocations.push({ ...allocation, address });
    if (allocation.zeroed) this.fill(address, 0, allocation.bytes);
    return address;
  }

  bytesAt(address: Value): number | undefined {
    return this.allocations.find((each) => each.address === address)?.bytes;
  }

  free(address: Value, options: { readonly by: string; readonly afterGracePeriod?: boolean }): void {
    if (address !== 0) this.freed.push(`${address} as ${options.by}${options.afterGracePeriod ? ' after a grace period' : ''}`);
  }

  later(when: Deferred['when'], fn: Value, argument: Value): void {
    this.pending.push({ when, fn, argument });
  }

  takeLater(when: Deferred['when']): Deferred | undefined {
    const at = this.pending.findIndex((each) => each.when === when);
    return at < 0 ? undefined : this.pending.splice(at, 1)[0];
  }

  isDeferred(fn: Value, argument: Value): 'queued' | null {
    return this.pending.some((each) => each.fn === fn && each.argument === argument) ? 'queued' : null;
  }

  standIn(queue: Value, sleep: Sleep): void {
    this.slept.push(`stands in ${queue}: ${sleep}`);
  }

  leaveQueue(queue: Value): void {
    this.slept.push(`leaves ${queue}`);
  }

  prepareSleep(sleep: Sleep): void {
    this.slept.push(sleep);
  }

  sleepInQueue(): null {
    return null;
  }

  isWoken(): boolean {
    return false;
  }

  isWaitedOn(): boolean {
    return false;
  }

  awaitDeferred(): 0 {
    return 0;
  }

  cancelLater(fn: Value, argument: Value): boolean {
    const at = this.pending.findIndex((each) => each.fn === fn && each.argument === argument);
    if (at >= 0) this.pending.splice(at, 1);
    return at >= 0;
  }

  fails(name: string): boolean {
    this.asked.push(name);
    const at = this.failing.indexOf(name);
    if (at >= 0) this.failing.splice(at, 1);
    return at >= 0;
  }

  choose(_name: string, count: number): number {
    return count - 1;
  }

  enterAtomic(what: string): void {
    this.atomic.push(what);
  }

  leaveAtomic(what: string): void {
    const at = this.atomic.lastIndexOf(what);
    if (at < 0) this.report('lock-imbalance', what);
    else this.atomic.splice(at, 1);
  }

  sleeps(what: string): void {
    this.slept.push(what);
    if (this.atomic.length > 0) this.report('sleep-in-atomic', what);
  }

  waitOn(): typeof blocked | 0 {
    return blocked;
  }

  wake(queue: Value, all: boolean): void {
    this.woken.push(`${queue} ${all ? 'all' : 'one'}`);
  }

  enterReader(): void {
    this.inReader = true;
  }

  leaveReader(): void {
    this.inReader = false;
  }

  waitForReaders(): typeof blocked | 0 {
    return this.inReader ? blocked : 0;
  }

  acquire(lock: Value, mode: 'exclusive' | 'shared', what: string): typeof blocked | 0 {
    return this.tryAcquire(lock, mode, what) ? 0 : blocked;
  }

  tryAcquire(lock: Value, mode: 'exclusive' | 'shared', _what: string): boolean {
    const held = this.locks.get(lock);
    if (held && (held.mode === 'exclusive' || mode === 'exclusive')) return false;
    this.locks.set(lock, { mode, by: [...(held?.by ?? []), this.thread] });
    return true;
  }

  release(lock: Value, mode: 'exclusive' | 'shared', what: string): void {
    const held = this.locks.get(lock);
    if (held?.mode !== mode || !held.by.includes(this.thread)) return this.report('lock-imbalance', what);
    const rest = held.by.filter((each) => each !== this.thread);
    if (rest.length === 0) this.locks.delete(lock);
    else this.locks.set(lock, { mode, by: rest });
  }

  holds(lock: Value): boolean {
    return this.locks.get(lock)?.by.includes(this.thread) === true;
  }

  capable(capability: number): boolean {
    return this.capabilities.has(capability);
  }

  report(kind: string, message: string): void {
    this.reports.push(`${kind}: ${message}`);
  }

  restArguments(): number | null {
    return null;
  }

  print(text: () => string): void {
    this.printed.push(text());
  }

  /** %d, %s and %c only. */
  format(format: string, next: NextArgument): string {
    return format.replace(/%l*[dsuc]/g, (directive) => {
      const value = next(directive.includes('l') || directive.endsWith('s') ? 8 : 4);
      return directive.endsWith('s') ? this.text(value) : value.toString();
    });
  }

  assume(_kind: string, name: string, assumed: string): void {
    this.assumed.push(`${name}: ${assumed}`);
  }

  // ---- for tests -------------------------------------------------------------------------------------------------

  /** Memory of that many bytes, which are 0. */
  room(bytes: number): number {
    const address = this.next;
    this.next += Math.ceil((bytes + 64) / 16) * 16;
    this.fill(address, 0, bytes);
    return address;
  }

  /** A string in memory. */
  string(text: string): number {
    const address = this.room(text.length + 1);
    for (let at = 0; at < text.length; at++) this.bytes.set(address + at, text.charCodeAt(at));
    return address;
  }

  /** Calls an intrinsic; `about` says what is known of its arguments. */
  call(name: string, values: readonly Value[], about: About = {}): ReturnType<Intrinsic> {
    const intrinsic = intrinsicNamed(name);
    if (!intrinsic) throw new Error(`no intrinsic is named ${name}`);
    const call: IntrinsicCall = {
      values,
      types: values.map((_, at) => about.types?.[at] ?? null),
      texts: values.map((value, at) => about.texts?.[at] ?? value.toString()),
      sizeOf: (type) => about.sizes?.[nameOfType(type)],
      integerOf: (type) => (type.kind === 'integer' ? type : undefined),
      scalarOf: (type) => (type.kind === 'integer' ? { bytes: (type.bits / 8) as 1 | 2 | 4 | 8, signed: type.signed } : undefined),
      offsetOf: (type, member) => about.offsets?.[`${nameOfType(type)}.${member}`],
    };
    return intrinsic(this, call);
  }
}

export interface About {
  readonly types?: readonly CType[];
  readonly texts?: readonly string[];
  readonly sizes?: Readonly<Record<string, number>>;
  /** By `record.member`. */
  readonly offsets?: Readonly<Record<string, number>>;
}
