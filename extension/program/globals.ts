// Variables of file scope: which one a name means, its type and how it begins.
import type { SourceUnit, VariableDeclaration } from '../syntax/ast.js';
import type { Lowered } from './lower-function.js';
import type { GlobalVariable } from './program.js';

export class Globals {
  private readonly byName = new Map<string, { readonly declaration: VariableDeclaration; readonly unit: SourceUnit }[]>();
  private readonly known = new Map<VariableDeclaration, GlobalVariable>();

  /** `lower` is asked for a variable when it is first looked up. */
  constructor(
    units: readonly SourceUnit[],
    private readonly lower: (declaration: VariableDeclaration, unit: SourceUnit) => Lowered | null,
  ) {
    for (const unit of units)
      for (const declaration of unit.declarations) {
        if (declaration.kind !== 'variable') continue;
        const list = this.byName.get(declaration.name);
        if (list) list.push({ declaration, unit });
        else this.byName.set(declaration.name, [{ declaration, unit }]);
      }
  }

  /** A static of that file, else one with external linkage or of a header; a definition before a declaration. */
  get(name: string, file: string): GlobalVariable | undefined {
    const all = this.byName.get(name) ?? [];
    const seen = all.filter(({ declaration, unit }) => unit.file === file || !declaration.storage.static || unit.file.endsWith('.h'));
    const rank = ({ declaration, unit }: (typeof all)[number]): number =>
      (unit.file === file && declaration.storage.static ? 4 : 0) + (declaration.initialiser ? 2 : 0) + (declaration.storage.extern ? 0 : 1);
    const best = seen.sort((a, b) => rank(b) - rank(a))[0];
    if (!best) return undefined;
    const known = this.known.get(best.declaration);
    if (known) return known;
    const lowered = this.lower(best.declaration, best.unit);
    const variable: GlobalVariable = {
      name,
      file: best.unit.file,
      type: best.declaration.type,
      span: best.declaration.span,
      initialiser: lowered?.kind === 'graph' ? lowered.graph : null,
      notLowered: lowered?.kind === 'not-analysed' ? lowered.reason : null,
    };
    this.known.set(best.declaration, variable);
    return variable;
  }
}
