// The functions of a program in lowered form: all of them, or those of a name when somebody asks for them.
import type { NotAnalysed } from '../model/finding.js';
import type { FunctionGraph } from './graph.js';
import type { Lowered } from './lowering/function.js';

/** A function that a file defines. */
export interface DefinedFunction {
  readonly name: string;
  readonly file: string;
  /** Lowers it; asked once. */
  readonly lower: () => Lowered;
  /** The reason why it could not be lowered, with the line. */
  readonly placed: (lowered: Extract<Lowered, { kind: 'not-analysed' }>) => string;
}

export interface LoweredGroup {
  readonly functions: readonly FunctionGraph[];
  readonly notAnalysed: readonly NotAnalysed[];
}

export class LoweredFunctions {
  private readonly lowered = new Map<DefinedFunction, FunctionGraph | NotAnalysed>();
  private readonly byName = new Map<string, DefinedFunction[]>();
  private readonly ofName = new Map<string, LoweredGroup>();
  private everything: LoweredGroup | null = null;

  /** In order of file and place. */
  constructor(private readonly defined: readonly DefinedFunction[]) {
    for (const each of defined) {
      const list = this.byName.get(each.name);
      if (list) list.push(each);
      else this.byName.set(each.name, [each]);
    }
  }

  /** All of the program, in order of file and place. */
  all(): LoweredGroup {
    return (this.everything ??= this.those(this.defined));
  }

  /** Those of a name, in order of file and place. */
  named(name: string): LoweredGroup {
    let known = this.ofName.get(name);
    if (!known) this.ofName.set(name, (known = this.those(this.byName.get(name) ?? [])));
    return known;
  }

  private those(defined: readonly DefinedFunction[]): LoweredGroup {
    const functions: FunctionGraph[] = [];
    const notAnalysed: NotAnalysed[] = [];
    for (const each of defined) {
      const one = this.of(each);
      if (isGraph(one)) functions.push(one);
      else notAnalysed.push(one);
    }
    return { functions, notAnalysed };
  }

  private of(defined: DefinedFunction): FunctionGraph | NotAnalysed {
    let known = this.lowered.get(defined);
    if (!known) {
      const lowered = defined.lower();
      const { file, name } = defined;
      known = lowered.kind === 'graph' ? lowered.graph : { file, function: name, reason: defined.placed(lowered) };
      this.lowered.set(defined, known);
    }
    return known;
  }
}

function isGraph(one: FunctionGraph | NotAnalysed): one is FunctionGraph {
  return 'blocks' in one;
}
