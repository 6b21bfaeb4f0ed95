// Variables of file scope: which one a name means, its type and how it begins.
import type { CType, Declaration, SourceUnit, VariableDeclaration } from '../syntax/ast.js';
import { completedType, flexibleMember, type Declared } from './lowering/initialiser.js';
import type { Lowered } from './lowering/function.js';
import type { GlobalVariable } from './program.js';

export class Globals {
  private readonly byName = new Map<string, { readonly declaration: VariableDeclaration; readonly unit: SourceUnit }[]>();
  /** Variables that a macro declares, with its name. */
  private readonly macros = new Map<VariableDeclaration, string>();
  private readonly known = new Map<VariableDeclaration, GlobalVariable>();
  private readonly types = new Map<VariableDeclaration, CType>();

  /** `lower` is asked for a variable when it is first looked up. */
  constructor(
    units: readonly SourceUnit[],
    private readonly lower: (declaration: VariableDeclaration, unit: SourceUnit) => Lowered | null,
    private readonly declared: Declared,
    /** The type of the variable that a macro declares. */
    private readonly declares: (macro: string) => CType | undefined,
  ) {
    for (const unit of units)
      for (const declaration of unit.declarations) {
        if (declaration.kind === 'variable') this.note(declaration, unit);
        else if (declaration.kind === 'macro-use') this.noteMacro(declaration, unit);
      }
  }

  private note(declaration: VariableDeclaration, unit: SourceUnit): void {
    const list = this.byName.get(declaration.name);
    if (list) list.push({ declaration, unit });
    else this.byName.set(declaration.name, [{ declaration, unit }]);
  }

  /** `static LIST_HEAD(name);` declares a variable, which is set up by a call to the macro's name with its address. */
  private noteMacro(use: Extract<Declaration, { kind: 'macro-use' }>, unit: SourceUnit): void {
    const type = this.declares(use.name);
    const name = use.arguments[0]?.text.trim();
    if (!type || name === undefined || name === '') return;
    const { span } = use;
    const storage = { static: true, inline: false, extern: false };
    this.note({ kind: 'variable', name, nameSpan: span, span, type, storage, attributes: [], initialiser: null }, unit);
    const made = this.byName.get(name)?.at(-1)?.declaration;
    if (made) this.macros.set(made, use.name);
  }

  /** The type of the variable that the name means in a file, or in any, with the length that its initialiser tells. */
  typeOf(name: string, file: string | undefined): CType | undefined {
    const found = this.find(name, file)?.declaration;
    return found && this.completed(found);
  }

  private completed(declaration: VariableDeclaration): CType {
    let type = this.types.get(declaration);
    if (type === undefined) this.types.set(declaration, (type = completedType(declaration.type, declaration.initialiser, this.declared)));
    return type;
  }

  get(name: string, file: string): GlobalVariable | undefined {
    const best = this.find(name, file);
    if (!best) return undefined;
    const known = this.known.get(best.declaration);
    if (known) return known;
    const { type, initialiser, attributes } = best.declaration;
    const aliased = attributes.some((text) => /\b_*alias_*\s*\(/.test(text)) ? 'it is an alias of another variable' : null;
    const macro = this.macros.get(best.declaration);
    const lowered = macro === undefined ? this.lower(best.declaration, best.unit) : setUpBy(macro, best.declaration, best.unit.file);
    const variable: GlobalVariable = {
      name,
      file: best.unit.file,
      type: this.completed(best.declaration),
      flexible: flexibleMember(type, initialiser, this.declared) ?? null,
      span: best.declaration.span,
      initialiser: lowered?.kind === 'graph' ? lowered.graph : null,
      notLowered: aliased ?? (lowered?.kind === 'not-analysed' ? lowered.reason : null),
    };
    this.known.set(best.declaration, variable);
    return variable;
  }

  /** A static of that file, else one with external linkage or of a header; a definition before a declaration. */
  private find(
    name: string,
    file: string | undefined,
  ): { readonly declaration: VariableDeclaration; readonly unit: SourceUnit } | undefined {
    const all = this.byName.get(name) ?? [];
    const seen = all.filter(
      ({ declaration, unit }) => file === undefined || unit.file === file || !declaration.storage.static || unit.file.endsWith('.h'),
    );
    const rank = ({ declaration, unit }: (typeof all)[number]): number =>
      (unit.file === file && declaration.storage.static ? 4 : 0) + (declaration.initialiser ? 2 : 0) + (declaration.storage.extern ? 0 : 1);
    return seen.sort((a, b) => rank(b) - rank(a))[0];
  }
}

/** A function that hands the variable's address to the macro, as to a function. */
function setUpBy(macro: string, { name, nameSpan, span, storage }: VariableDeclaration, file: string): Lowered {
  const address = { kind: 'address', place: { kind: 'global', name, span }, span } as const;
  return {
    kind: 'graph',
    graph: {
      name,
      file,
      span,
      nameSpan,
      storage,
      returns: { kind: 'void' },
      variables: [],
      parameterCount: 0,
      variadic: false,
      labels: [],
      ifs: [],
      blocks: [
        {
          id: 0,
          labels: [],
          instructions: [
            {
              kind: 'call',
              target: null,
              callee: { kind: 'direct', name: macro },
              arguments: [{ kind: 'value', value: address }],
              implicit: null,
              span,
            },
          ],
          terminator: { kind: 'return', value: null, span },
        },
      ],
    },
  };
}
