// C in, graphs as text out, for the tests of the program room.
import { kernelLoader } from '../../extension/kernel/loader.js';
import { afterAll, beforeAll } from 'vitest';
import type { FunctionGraph } from '../../extension/program/graph.js';
import { printGraph } from '../../extension/program/print.js';
import type { Program } from '../../extension/program/program.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { fuse } from '../support/fuse.js';
import { memoryTree } from '../support/memory-tree.js';
import { createParser } from '../support/parser.js';

export interface Lowering {
  readonly parser: SyntaxParser;
  load(files: Readonly<Record<string, string>>, config?: Readonly<Record<string, boolean>>): Program;
  /** The graph of the last function of a file, as text, without its head. */
  print(text: string, config?: Readonly<Record<string, boolean>>): string;
  graph(text: string, config?: Readonly<Record<string, boolean>>): FunctionGraph;
  /** Why the last function could not be lowered. */
  reason(text: string): string | undefined;
}

/** To be called at the top of a test file; the parser lives as long as its tests. */
export function lowering(): Lowering {
  let parser: SyntaxParser | undefined;
  beforeAll(async () => {
    parser = await createParser();
  });
  afterAll(() => parser?.dispose());
  const load: Lowering['load'] = (files, config = {}) => {
    const paths = Object.fromEntries(Object.entries(files).map(([name, text]) => [name.includes('/') ? name : `fs/fuse/${name}`, text]));
    if (!parser) throw new Error('the parser is there in tests only');
    return kernelLoader(parser).load(memoryTree(paths), {
      folder: 'fs/fuse',
      headers: fuse.headers,
      config: new Map(Object.entries(config)),
    });
  };
  const graph: Lowering['graph'] = (text, config) => {
    const program = load({ 'x.c': text }, config);
    const last = program.functions.at(-1);
    if (!last || program.notAnalysed.length > 0) throw new Error(JSON.stringify(program.notAnalysed));
    return last;
  };
  return {
    get parser() {
      if (!parser) throw new Error('the parser is there in tests only');
      return parser;
    },
    load,
    graph,
    print: (text, config) => printGraph(graph(text, config)).split('\n').slice(1).join('\n'),
    reason: (text) => load({ 'x.c': text }).notAnalysed.at(-1)?.reason,
  };
}

/** Text of a graph as written in a test, without its indentation. */
export function lines(text: string): string {
  const all = text.replace(/^\n/, '').trimEnd().split('\n');
  const indent = Math.min(...all.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  return all.map((line) => line.slice(indent)).join('\n');
}
