// The real analyst: loads the program of a tree and runs the checker over it. Both remember what did not change.
import { kernelLoader } from '../kernel/loader.js';
import { Checker } from '../checker/check.js';
import { describeLadder } from '../checker/ladder.js';
import type { Ladder } from '../model/ladder.js';
import { failed, ok, type Result } from '../model/result.js';
import type { SourceTree } from '../model/source.js';
import type { Subsystem } from '../model/subsystem.js';
import { findSubsystem } from '../program/find-subsystem.js';
import type { ProgramLoader } from '../program/load.js';
import type { Program } from '../program/program.js';
import type { SyntaxParser } from '../syntax/parser.js';
import type { Analysis, AnalysisStore, Analyst } from './analyst.js';

export class ProgramAnalyst implements Analyst {
  private readonly loader: ProgramLoader;
  private readonly checker = new Checker();
  /** Asked of the first program alone: what others have in common with it is known then. */
  private store: AnalysisStore | null;

  constructor(parser: SyntaxParser, store: AnalysisStore | null = null) {
    this.loader = kernelLoader(parser);
    this.store = store;
  }

  find(tree: SourceTree, subsystem: Subsystem): readonly string[] {
    return findSubsystem(tree, subsystem);
  }

  analyse(tree: SourceTree, { folder, headers, config, contracts, wanted, onProgress }: Parameters<Analyst['analyse']>[1]): Analysis {
    const telling = onProgress === undefined ? {} : { onProgress };
    const store = contracts === undefined ? this.store : null;
    this.store = null;
    const texts = new Map<string, string | undefined>();
    const read = (path: string): string | undefined => {
      const text = tree.read(path);
      texts.set(path, text);
      return text;
    };
    const noted: SourceTree = { label: tree.label, read, list: (path) => tree.list(path), problems: () => tree.problems() };
    const program = this.loader.load(store === null ? tree : noted, { folder, headers, config, ...telling });
    const made = { folder, config, texts };
    const known = store?.get(made);
    const result = this.checker.check(program, {
      known,
      ...(wanted === undefined ? {} : { functions: (graph) => wanted(graph.file) }),
      ...(contracts === undefined ? {} : { contracts: (name) => contracts.get(name) }),
      ...telling,
    });
    if (known === undefined) store?.put(made, this.checker.analysed(program));
    return { ...result, units: program.units, functions: program.functions };
  }

  ladder(tree: SourceTree, wanted: Parameters<Analyst['ladder']>[1]): Result<Ladder> {
    const program = this.loader.load(tree, wanted);
    const graph = program.functions.find((each) => each.file === wanted.file && each.name === wanted.function);
    if (graph === undefined) return failed({ where: wanted.file, message: whyNoFunction(program, wanted), severity: 'error' });
    return ok(describeLadder(program, graph));
  }
}

function whyNoFunction(
  program: Program,
  { file, function: name, folder }: { readonly file: string; readonly function: string; readonly folder: string },
): string {
  const unread = program.notAnalysed.find((each) => each.file === file && (each.function === name || each.function === ''));
  if (unread !== undefined) return `${name}() was not analysed: ${unread.reason}`;
  if (!program.units.some((unit) => unit.file === file)) return `is not a file of ${folder}, so it has no ladder to show`;
  const elsewhere = program.functions.find((each) => each.name === name);
  if (elsewhere !== undefined) return `defines no ${name}(); ${elsewhere.file} does`;
  const near = program.functions.filter((each) => each.file === file && (each.name.includes(name) || name.includes(each.name)));
  const hint =
    near.length === 0
      ? ''
      : `; it defines ${near
          .slice(0, 3)
          .map((each) => `${each.name}()`)
          .join(', ')}`;
  return `defines no ${name}() under this configuration${hint}`;
}
