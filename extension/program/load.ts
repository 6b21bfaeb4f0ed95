// Loads a subsystem's folder of a tree as a program; on the next load what no change touched is the same again.
import type { NotAnalysed } from '../model/finding.js';
import { fitting } from '../model/problem.js';
import type { OnStage } from '../model/progress.js';
import { LineTable, type SourceTree, type Span } from '../model/source.js';
import type { CType, MacroDefinition, SourceUnit } from '../syntax/ast.js';
import type { SyntaxParser } from '../syntax/parser.js';
import { wellKnownType } from '../syntax/well-known-types.js';
import { CachedGraphs } from './cached-graphs.js';
import { CachedUnits } from './cached-units.js';
import { Constants, type Measure } from './constants.js';
import { TreeErrnos } from './errnos.js';
import { Globals } from './globals.js';
import { Options } from './kconfig.js';
import { lookupIn } from './lookup.js';
import type { Api } from './lowering/api.js';
import { CannotLower, type LoweringContext } from './lowering/context.js';
import { stringOf } from './lowering/string-text.js';
import { LoweredFunctions, type DefinedFunction } from './lowered-functions.js';
import { lowerGlobalInitialiser, type Lowered } from './lowering/function.js';
import { excludedFiles } from './makefile.js';
import { Names } from './names.js';
import type { Program } from './program.js';
import { resolvedType } from './types.js';

export interface LoadOptions {
  /** The subsystem's folder, relative to the tree's root, such as `fs/fuse`. */
  readonly folder: string;
  /** Headers elsewhere in the tree whose records and constants it uses (`Subsystem.headers`). */
  readonly headers?: readonly string[];
  /** Options that the user sets, by name with or without `CONFIG_`. */
  readonly config: ReadonlyMap<string, boolean>;
  /**
   * Headers that every file of the program sees besides its own, such as a model of the kernel around it. What the tree
   * defines itself goes before them. In them, `#ifdef HAVE_x` asks whether the tree defines a function, macro, record
   * or typedef `x`, and `#ifdef HAVE_x__y` whether its record `x` has the field `y`. They may call a function that is
   * static in one of the tree's files, as the kernel does with one that `module_init()` names.
   */
  readonly prelude?: readonly { readonly file: string; readonly text: string }[];
  /** Told of each file before it is parsed, and before its functions are lowered. */
  readonly onProgress?: OnStage;
  /** Functions are lowered when somebody asks for them, and not all before the program is there; false unless said otherwise. */
  readonly asAsked?: boolean;
}

/** Loads programs with one parser; what it parsed and lowered is cached for the next load. */
export class ProgramLoader {
  private readonly units: CachedUnits;
  private readonly graphs = new CachedGraphs();
  private readonly errnos = new TreeErrnos();
  /** Of macros that stand for a type; null for others. */
  private readonly macroTypes = new WeakMap<MacroDefinition, CType | null>();

  /** `api` answers for headers that are not read. */
  constructor(
    parser: SyntaxParser,
    private readonly api: Api,
  ) {
    this.units = new CachedUnits(parser);
  }

  /** The subsystem as a program. Never throws for what the tree or the options hold. */
  load(
    tree: SourceTree,
    { folder: given, headers: outside = [], config, prelude = [], onProgress, asAsked = false }: LoadOptions,
  ): Program {
    const folder = given.replace(/\/+$/, '');
    const options = new Options(tree.read(join(folder, 'Kconfig')) ?? '', config);
    const notAnalysed: NotAnalysed[] = [];
    const units = this.parsed(tree, filesOf(tree, folder, options), options, notAnalysed, onProgress);
    const headers = this.parsed(tree, outside, options, [], undefined);
    for (const unit of units)
      for (const error of unit.errors)
        notAnalysed.push({ file: unit.file, function: '', reason: withLine(error.message, unit, error.span) });
    if (prelude.length > 0) {
      const own = new Names(units, headers);
      for (const { file, text } of prelude) units.push(this.units.prelude(file, text, options, (asked) => own.answers(asked)));
    }
    const names = new Names(units, headers);
    const errnos = this.errnos.of(tree);
    const contextOf = (unit: SourceUnit): LoweringContext => this.context(unit, names, globals, options, errnos.values);
    const constants = this.constants(names, undefined, errnos.values, () => globals);
    const measured = (measure: Measure): Constants => this.constants(names, undefined, errnos.values, () => globals, measure);
    const resolve = (type: CType): CType => resolvedType(type, (name) => this.typedef(names, name, undefined));
    const globals = new Globals(
      units,
      (declaration, unit) => lowerGlobalInitialiser(declaration, contextAt(contextOf(unit), names, declaration.span)),
      {
        string: (e) => stringOf(e, (name) => names.macro(name, undefined)),
        constant: (e) => constants.valueOf(e),
        resolve,
        fields: (type) => names.fieldsOf(resolve(type)),
        names: {
          macro: (name) => names.macro(name, undefined),
          isValue: (name) => names.anyGlobal(name) !== undefined || constants.get(name) !== undefined,
          parse: (text, span) => this.units.expression(text, span),
        },
      },
      (macro) => this.api.declares(macro),
    );
    const key = `${options.key}\n${errnos.key}\n${names.key}`;
    const defined: DefinedFunction[] = [];
    for (const [done, unit] of units.entries()) {
      const context = contextOf(unit);
      let told = onProgress === undefined;
      for (const declaration of unit.declarations) {
        if (declaration.kind !== 'function') continue;
        const lower = (): Lowered => {
          if (!told) onProgress?.({ phase: 'lower', done, total: units.length, text: unit.file });
          told = true;
          const meanings = names.meaningsAt(unit.file, declaration.span);
          return this.graphs.lowered(declaration, contextAt(context, names, declaration.span), `${key}\n${meanings}`, options);
        };
        const placed: DefinedFunction['placed'] = ({ reason, at }) => withLine(reason, unit, at);
        defined.push({ name: declaration.name, file: unit.file, lower, placed });
      }
    }
    const functions = new LoweredFunctions(defined);
    if (!asAsked) functions.all();
    for (const unit of units) options.note(unit.options.map(({ name }) => name));
    const everywhere = new Set(prelude.map((each) => each.file));
    const lookup = lookupIn(functions, {
      names,
      typedef: (name) => this.typedef(names, name, undefined),
      constants,
      measured,
      globals,
      everywhere,
    });
    return {
      folder,
      units,
      declarations: key,
      get functions() {
        return functions.all().functions;
      },
      get notAnalysed() {
        return [...notAnalysed, ...functions.all().notAnalysed];
      },
      functionsNamed: (name) => functions.named(name).functions,
      notAnalysedNamed: (name) => functions.named(name).notAnalysed[0],
      ...lookup,
      get assumedOptions() {
        return options.assumed;
      },
    };
  }

  /** The files that the tree has; why one could not be parsed goes to `notAnalysed`. */
  private parsed(
    tree: SourceTree,
    files: readonly string[],
    options: Options,
    notAnalysed: NotAnalysed[],
    onProgress: OnStage | undefined,
  ): SourceUnit[] {
    const units: SourceUnit[] = [];
    for (const [done, file] of files.entries()) {
      onProgress?.({ phase: 'parse', done, total: files.length, text: file });
      const text = tree.read(file);
      if (text === undefined) continue;
      const unit = this.units.unit(file, text, options);
      if (unit.ok) units.push(unit.value);
      else notAnalysed.push({ file, function: '', reason: unit.failure });
    }
    return units;
  }

  private context(
    { file }: SourceUnit,
    names: Names,
    globals: Globals,
    options: Options,
    errnos: ReadonlyMap<string, bigint>,
  ): LoweringContext {
    const constants = this.constants(names, file, errnos, () => globals);
    return {
      file,
      api: this.api,
      macro: (name) => names.macro(name, file),
      constant: (name) => constants.get(name),
      enumerator: (name) => names.enumerator(name, file),
      valueOf: (e) => constants.valueOf(e),
      constantType: (name) => constants.typeOf(name),
      option: (name) => options.get(name),
      returns: (name) => names.returns(name, file),
      global: (name) => (names.global(name, file) === undefined ? undefined : globals.typeOf(name, file)),
      record: (tag) => names.record(tag, file),
      typedef: (name) => this.typedef(names, name, file),
      enumeration: (tag) => names.enumeration(tag, file),
      free: (name) => names.free(name),
      guardClass: (name) => names.guardClass(name),
      parseStatements: (text, span) => this.units.statements(text, span),
      parseExpression: (text, span) => this.units.expression(text, span),
    };
  }

  /** A typedef, or an object-like macro that stands for a type. */
  private typedef(names: Names, name: string, file: string | undefined): CType | undefined {
    const meant = names.typedef(name, file);
    if (meant) return meant;
    const macro = names.macro(name, file);
    if (!macro || macro.parameters) return undefined;
    let type = this.macroTypes.get(macro);
    if (type === undefined) this.macroTypes.set(macro, (type = this.typeOfMacro(macro)));
    if (type?.kind !== 'named') return type ?? undefined;
    const known = type.name !== name && (wellKnownType(type.name) ?? this.typedef(names, type.name, file)) !== undefined;
    return known ? type : undefined;
  }

  private typeOfMacro({ body }: MacroDefinition): CType | null {
    if (!/^[\s\w*]*[a-zA-Z_][\s\w*]*$/.test(body)) return null;
    const cast = this.units.expression(`(${body})0`, { start: 0, end: 0 });
    return cast.ok && cast.value.kind === 'cast' && cast.value.type.kind !== 'unknown' ? cast.value.type : null;
  }

  private constants(
    names: Names,
    file: string | undefined,
    errnos: ReadonlyMap<string, bigint>,
    globals: () => Globals,
    measure: Measure | null = null,
  ): Constants {
    return new Constants(
      {
        macro: (name) => names.macro(name, file),
        isRedefined: (name) => names.isRedefined(name, file),
        enumerator: (name) => names.enumerator(name, file),
        enumeration: (tag) => names.enumeration(tag, file),
        typedef: (name) => this.typedef(names, name, file),
        global: (name) => {
          const declared = file === undefined ? names.anyGlobal(name) : names.global(name, file);
          return declared?.kind === 'array' || declared?.kind === 'named' ? (globals().typeOf(name, file) ?? declared) : declared;
        },
        parseExpression: (text, span) => this.units.expression(text, span),
      },
      errnos,
      measure,
    );
  }
}

/** The C files and headers of a folder that its Makefile builds with these options. */
function filesOf(tree: SourceTree, folder: string, options: Options): string[] {
  const makefile = tree.read(join(folder, 'Makefile')) ?? tree.read(join(folder, 'Kbuild')) ?? '';
  const excluded = excludedFiles(makefile, (name) => options.get(name));
  return tree
    .list(folder)
    .filter((name) => /\.[ch]$/.test(name) && !excluded.has(name))
    .map((name) => join(folder, name));
}

function withLine(reason: string, unit: SourceUnit, at: Span): string {
  return fitting(/^line \d/.test(reason) ? reason : `line ${new LineTable(unit.text).lineNumber(at.start)}: ${reason}`);
}

function join(folder: string, name: string): string {
  return folder === '' || folder === '.' ? name : `${folder}/${name}`;
}

/** The context for what stands at a place of its file: a name that the file defines several times means what it does there. */
function contextAt(context: LoweringContext, names: Names, at: Span): LoweringContext {
  const { file } = context;
  if (names.meaningsAt(file, at) === '') return context;
  const macro = (name: string): MacroDefinition | undefined => {
    const changes = names.changes(name, file) ?? [];
    const within = changes.filter((each) => each.macro !== null && each.at >= at.start && each.at < at.end);
    if (within.length > 1) throw new CannotLower(at, `${name} is defined several times within it`);
    return names.macro(name, file, at);
  };
  // A macro goes before whatever else has its name.
  const enumerator: LoweringContext['enumerator'] = (name) =>
    names.changes(name, file) && macro(name) ? undefined : context.enumerator(name);
  return { ...context, macro, enumerator };
}
