// Functions lowered, for as long as they read the same and all that lowering asked of the program does.
import type { Declaration, FunctionDefinition } from '../syntax/ast.js';
import { originOf, shiftSpans } from '../syntax/shift.js';
import type { Options } from './kconfig.js';
import type { LoweringContext } from './lowering/context.js';
import { lowerFunction, type Lowered } from './lowering/function.js';

/** Results cached for a function, so that a tree before and after a patch don't push each other out. */
const perFunction = 4;

/** Where the lowered form of a function came from; it holds at every place the function moves to. */
interface CachedGraph {
  readonly key: string;
  readonly lowered: Lowered;
  /** Options that lowering asked for. */
  readonly options: ReadonlySet<string>;
}

export class CachedGraphs {
  private readonly graphs = new WeakMap<Declaration, CachedGraph[]>();
  private readonly moved = new WeakMap<Declaration, WeakMap<Lowered, Lowered>>();

  /**
   * A function's lowered form, at the place where the function stands now. `key` is the same for programs that answer
   * lowering's questions alike; options that a cached form depended on are noted in `options` again.
   */
  lowered(definition: FunctionDefinition, context: LoweringContext, key: string, options: Options): Lowered {
    const { declaration: origin, by } = originOf(definition);
    const list = this.graphs.get(origin) ?? [];
    let known = list.find((each) => each.key === key);
    if (known) options.note(known.options);
    else {
      const asked = new Set<string>();
      const option = (name: string): boolean => {
        asked.add(name);
        return context.option(name);
      };
      const lowered = lower(origin.kind === 'function' ? origin : definition, { ...context, option });
      known = { key, lowered, options: asked };
      this.graphs.set(origin, [known, ...list].slice(0, perFunction));
    }
    return by === 0 ? known.lowered : this.at(definition, known.lowered, by);
  }

  private at(definition: FunctionDefinition, lowered: Lowered, by: number): Lowered {
    const places = this.moved.get(definition) ?? new WeakMap<Lowered, Lowered>();
    this.moved.set(definition, places);
    const there = places.get(lowered) ?? shiftSpans(lowered, by);
    places.set(lowered, there);
    return there;
  }
}

function lower(definition: FunctionDefinition, context: LoweringContext): Lowered {
  try {
    return lowerFunction(definition, context);
  } catch (error) {
    // A defect of ours must cost one function, not the review.
    const reason = `internal error: ${error instanceof Error ? error.message : String(error)}`;
    return { kind: 'not-analysed', reason, at: definition.nameSpan };
  }
}
