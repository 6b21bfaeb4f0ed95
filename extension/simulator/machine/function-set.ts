// A set of functions of one program that is added to at each call.
import type { CompiledFunction } from '../code/compiled-function.js';

export class FunctionSet implements Iterable<CompiledFunction> {
  private readonly functions: CompiledFunction[] = [];
  /** By the functions' numbers. */
  private readonly has: (true | undefined)[] = [];

  add(fn: CompiledFunction): void {
    if (this.has[fn.id] === true) return;
    this.has[fn.id] = true;
    this.functions.push(fn);
  }

  clear(): void {
    for (const { id } of this.functions) this.has[id] = undefined;
    this.functions.length = 0;
  }

  [Symbol.iterator](): Iterator<CompiledFunction> {
    return this.functions[Symbol.iterator]();
  }
}
