// What code prints.
import type { NextArgument, Value } from '../../kernel/intrinsics/machine.js';
import type { Accesses } from './memory-accesses.js';
import type { Core } from './core.js';
import { formatPrintf } from './printf.js';

export class Log {
  private printing = false;

  constructor(
    private readonly core: Core,
    private readonly accesses: Accesses,
  ) {}

  print(text: () => string): void {
    const { recorder, pieces } = this.core;
    if (!recorder || pieces.repeats) return;
    this.printing = true;
    recorder.print(text());
    this.printing = false;
  }

  /** In the log an address is told by what is there; what the code itself formats has to read the same on every run. */
  format(format: string, next: NextArgument): string {
    const { recorder } = this.core;
    const pointer = (address: Value): string =>
      this.printing && recorder ? recorder.pointer(address) : BigInt.asUintN(64, BigInt(address)).toString(16);
    return formatPrintf(format, next, (address) => this.accesses.text(address), pointer);
  }
}
