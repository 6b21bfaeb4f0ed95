// Loads a subsystem's folder of a tree as a program, and on the next load does again only what a change touches.
import { fitting } from '../model/problem.js';
import type { OnStage } from '../model/progress.js';
import type { Result } from '../model/result.js';
import { LineTable, type SourceTree, type Span } from '../model/source.js';
import type { NotAnalysed } from '../model/finding.js';
import type {
  Block,
  CType,
  Declaration,
  Expression,
  FunctionDefinition,
  MacroDefinition,
  RecordDefinition,
  SourceUnit,
} from '../syntax/ast.js';
import type { SyntaxParser } from '../syntax/parser.js';
import { originOf, shiftSpans } from '../syntax/shift.js';
import { Constants } from './constants.js';
import { errnosIn, linuxErrnos } from './errnos.js';
import { errnoHeaders } from './headers.js';
import type { FunctionGraph } from './graph.js';
import { Names } from './names.js';
import { Options } from './kconfig.js';
import type { Api } from './lowering/api.js';
import type { LoweringContext } from './lowering/context.js';
import { Globals } from './globals.js';
import { lowerFunction, lowerGlobalInitialiser, type Lowered } from './lowering/function.js';
import { excludedFiles } from './makefile.js';
import type { Program } from './program.js';

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
}

/** Results kept for a file or function, so that a tree before and after a patch don't push each other out. */
const kept = 4;

interface CachedUnit {
  readonly text: string;
  readonly key: string;
  readonly unit: SourceUnit;
}

/** Where the lowered form of a function came from; it holds at every place the function moves to. */
interface CachedGraph {
  readonly key: string;
  readonly lowered: Lowered;
  /** Options that lowering asked for. */
  readonly options: ReadonlySet<string>;
}

/** Loads programs with one parser. Keeps what it parsed and lowered for the next load. */
export class ProgramLoader {
  private readonly units = new Map<string, CachedUnit[]>();
  private readonly graphs = new WeakMap<Declaration, CachedGraph[]>();
  private readonly moved = new WeakMap<Declaration, WeakMap<Lowered, Lowered>>();
  private readonly constants = new Map<string, bigint>();
  private errnoTexts: readonly string[] = [];
  /** Every number by its name: what is lowered depends on them. */
  private errnoKey = '';
  private readonly expressions = new Map<string, Result<Expression, string>>();

  /** `api` answers for headers that are not read. */
  constructor(
    private readonly parser: SyntaxParser,
    private readonly api: Api,
  ) {}

  /** The subsystem as a program. Never throws for what the tree or the options hold. */
  load(tree: SourceTree, { folder: given, headers: outside = [], config, prelude = [], onProgress }: LoadOptions): Program {
    const folder = given.replace(/\/+$/, '');
    const options = new Options(tree.read(join(folder, 'Kconfig')) ?? '', config);
    const excluded = excludedFiles(tree.read(join(folder, 'Makefile')) ?? tree.read(join(folder, 'Kbuild')) ?? '', (name) =>
      options.get(name),
    );
    const files = tree.list(folder).filter((name) => /\.[ch]$/.test(name) && !excluded.has(name));
    const notAnalysed: NotAnalysed[] = [];
    const units: SourceUnit[] = [];
    for (const [done, name] of files.entries()) {
      const file = join(folder, name);
      onProgress?.({ phase: 'parse', done, total: files.length, text: file });
      const unit = this.unit(tree, file, options, notAnalysed);
      if (unit) units.push(unit);
    }
    const headers = outside.map((file) => this.unit(tree, file, options, [])).filter((unit) => unit !== undefined);
    for (const unit of units)
      for (const error of unit.errors)
        notAnalysed.push({ file: unit.file, function: '', reason: withLine(error.message, unit, error.span) });
    if (prelude.length > 0) {
      const own = new Names(units, headers);
      for (const { file, text } of prelude)
        units.push(this.parser.parse(file, text, { option: (name) => options.get(name), defined: has(own) }));
    }
    const names = new Names(units, headers);
    const errnos = this.errnos(tree);
    const key = `${options.key}\n${this.errnoKey}\n${names.key}`;
    const functions: FunctionGraph[] = [];
    for (const [done, unit] of units.entries()) {
      onProgress?.({ phase: 'lower', done, total: units.length, text: unit.file });
      const context = this.context(unit, names, options, errnos);
      for (const declaration of unit.declarations) {
        if (declaration.kind !== 'function') continue;
        const lowered = this.lowered(declaration, context, key, options);
        if (lowered.kind === 'graph') functions.push(lowered.graph);
        else notAnalysed.push({ file: unit.file, function: declaration.name, reason: withLine(lowered.reason, unit, lowered.at) });
      }
    }
    for (const unit of units) options.note(unit.options.map(({ name }) => name));
    const constants = this.constantsOf(names, undefined, errnos);
    const globals = new Globals(
      units,
      (declaration, unit) => lowerGlobalInitialiser(declaration, this.context(unit, names, options, errnos)),
      (e) => constants.valueOf(e),
      (macro) => this.api.declares(macro),
    );
    const preludes = new Set(prelude.map((each) => each.file));
    return program(folder, units, functions, notAnalysed, names, constants, options, globals, preludes);
  }

  private unit(tree: SourceTree, file: string, options: Options, notAnalysed: NotAnalysed[]): SourceUnit | undefined {
    const text = tree.read(file);
    if (text === undefined) return undefined;
    const key = options.key;
    const list = this.units.get(file) ?? [];
    const known = list.find((each) => each.text === text && each.key === key);
    if (known) return known.unit;
    try {
      const unit = this.parser.parse(file, text, {
        option: (name) => options.get(name),
        defined: (name) => (name === '__KERNEL__' ? true : undefined),
      });
      this.units.set(file, [{ text, key, unit }, ...list].slice(0, kept));
      return unit;
    } catch (error) {
      notAnalysed.push({ file, function: '', reason: `could not be parsed: ${error instanceof Error ? error.message : String(error)}` });
      return undefined;
    }
  }

  private errnos(tree: SourceTree): ReadonlyMap<string, bigint> {
    const texts = errnoHeaders.map((file) => tree.read(file) ?? '');
    if (this.constants.size === 0 || texts.some((text, at) => text !== this.errnoTexts[at])) {
      this.errnoTexts = texts;
      this.constants.clear();
      for (const [name, value] of linuxErrnos) this.constants.set(name, BigInt(value));
      for (const text of texts) errnosIn(text, this.constants);
      this.errnoKey = [...this.constants].map(([name, value]) => `${name}=${value}`).join(' ');
    }
    return this.constants;
  }

  private lowered(declaration: FunctionDefinition, context: LoweringContext, key: string, options: Options): Lowered {
    const { declaration: origin, by } = originOf(declaration);
    const list = this.graphs.get(origin) ?? [];
    let known = list.find((each) => each.key === key);
    if (known) options.note(known.options);
    else {
      const asked = new Set<string>();
      const option = (name: string): boolean => {
        asked.add(name);
        return context.option(name);
      };
      const lowered = this.lower(origin.kind === 'function' ? origin : declaration, { ...context, option });
      known = { key, lowered, options: asked };
      this.graphs.set(origin, [known, ...list].slice(0, kept));
    }
    const { lowered } = known;
    if (by === 0) return lowered;
    const places = this.moved.get(declaration) ?? new WeakMap<Lowered, Lowered>();
    this.moved.set(declaration, places);
    const there = places.get(lowered) ?? shiftSpans(lowered, by);
    places.set(lowered, there);
    return there;
  }

  private lower(definition: FunctionDefinition, context: LoweringContext): Lowered {
    try {
      return lowerFunction(definition, context);
    } catch (error) {
      // A defect of ours must cost one function, not the review.
      const reason = `internal error: ${error instanceof Error ? error.message : String(error)}`;
      return { kind: 'not-analysed', reason, at: definition.nameSpan };
    }
  }

  private context(unit: SourceUnit, names: Names, options: Options, errnos: ReadonlyMap<string, bigint>): LoweringContext {
    const { file } = unit;
    const constants = this.constantsOf(names, file, errnos);
    return {
      file,
      api: this.api,
      macro: (name) => names.macro(name, file),
      constant: (name) => constants.get(name),
      constantType: (name) => constants.typeOf(name),
      option: (name) => options.get(name),
      returns: (name) => names.returns(name, file),
      global: (name) => names.global(name, file),
      record: (tag) => names.record(tag, file),
      typedef: (name) => names.typedef(name, file),
      enumeration: (tag) => names.enumeration(tag, file),
      free: (name) => names.free(name),
      guardClass: (name) => names.guardClass(name),
      parseStatements: (text, span) => this.parseStatements(text, span),
      parseExpression: (text, span) => this.parseExpression(text, span),
    };
  }

  private constantsOf(names: Names, file: string | undefined, errnos: ReadonlyMap<string, bigint>): Constants {
    return new Constants(
      {
        macro: (name) => names.macro(name, file),
        enumerator: (name) => names.enumerator(name, file),
        typedef: (name) => names.typedef(name, file),
        parseExpression: (text, span) => this.parseExpression(text, span),
      },
      errnos,
    );
  }

  private parseStatements(text: string, span: Span): Result<Block, string> {
    return this.parser.parseStatements(text, span);
  }

  private parseExpression(text: string, span: Span): Result<Expression, string> {
    if (span.end !== 0) return this.parser.parseExpression(text, span);
    // Constants are asked for without a place, once for every file.
    const known = this.expressions.get(text);
    if (known) return known;
    const parsed = this.parser.parseExpression(text, span);
    if (this.expressions.size > 5000) this.expressions.clear();
    this.expressions.set(text, parsed);
    return parsed;
  }
}

function program(
  folder: string,
  units: readonly SourceUnit[],
  functions: readonly FunctionGraph[],
  notAnalysed: readonly NotAnalysed[],
  names: Names,
  constants: Constants,
  options: Options,
  globals: Globals,
  outside: ReadonlySet<string>,
): Program {
  const byName = new Map<string, FunctionGraph[]>();
  for (const each of functions) {
    const list = byName.get(each.name);
    if (list) list.push(each);
    else byName.set(each.name, [each]);
  }
  return {
    folder,
    units,
    functions,
    notAnalysed,
    resolve(name, file) {
      const all = byName.get(name);
      return (
        all?.find((each) => each.file === file) ??
        all?.find((each) => !each.storage.static || each.file.endsWith('.h')) ??
        (outside.has(file) ? all?.[0] : undefined)
      );
    },
    global: (name, file) => globals.get(name, file),
    returns: (name, file): CType | undefined => names.returns(name, file),
    constant: (name) => constants.get(name),
    record: (tag): RecordDefinition | undefined => names.record(tag, undefined),
    typedef: (name): CType | undefined => names.typedef(name, undefined),
    enumeration: (tag) => names.enumeration(tag, undefined),
    macro: (name): MacroDefinition | undefined => names.macro(name, undefined),
    assumedOptions: options.assumed,
  };
}

/** Answers `HAVE_x` and `HAVE_x__y` of a prelude. */
function has(names: Names): (name: string) => boolean | undefined {
  return (asked) => {
    if (!asked.startsWith('HAVE_')) return undefined;
    const name = asked.slice('HAVE_'.length);
    const [tag = '', field] = name.split('__');
    if (field !== undefined && names.record(tag, undefined)?.fields.some((each) => each.name === field)) return true;
    return [names.returns(name, ''), names.macro(name, undefined), names.record(name, undefined), names.typedef(name, undefined)].some(
      (each) => each !== undefined,
    );
  };
}

function withLine(reason: string, unit: SourceUnit, at: Span): string {
  return fitting(/^line \d/.test(reason) ? reason : `line ${new LineTable(unit.text).lineNumber(at.start)}: ${reason}`);
}

function join(folder: string, name: string): string {
  return folder === '' || folder === '.' ? name : `${folder}/${name}`;
}
