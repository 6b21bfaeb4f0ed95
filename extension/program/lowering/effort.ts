// How much lowering one function may take. A text can be short and what it stands for without end: macros that double what
// they are given, operands that are looked at twice at each level.

/** Uses of `lowerValue`, `lowerPlace` and `lowerStatement` within each other; each takes some of the stack. */
const deepest = 1200;

/** Forty times what any function of Linux 7.2 takes in `fs`, `mm`, `kernel` and `net/core`. */
const mostSteps = 200_000;

/** Characters that macros become, all uses in a function together: four times what any function there takes. */
const mostCharacters = 200_000;

/** What parsing an expansion costs however short it is, in characters. */
const eachExpansion = 50;

export class Effort {
  private steps = 0;
  private characters = 0;

  /** Why nothing more may be lowered at that depth; null where it may. */
  step(depth: number): string | null {
    if (depth > deepest) return 'nested too deeply';
    return ++this.steps > mostSteps ? `takes more than ${mostSteps} steps to lower` : null;
  }

  /** Why that text of a macro may not be read; null where it may. `outermost` is the macro that the function uses. */
  expand(outermost: string, text: string): string | null {
    this.characters += text.length + eachExpansion;
    return this.characters > mostCharacters ? `macro '${outermost}' expands to too much: more than ${mostCharacters} characters` : null;
  }
}
