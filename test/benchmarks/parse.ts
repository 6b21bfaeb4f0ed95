// Functions with a parse error, and parse speed, over real trees: stock tree-sitter-c beside kernel-c.
// Usage: npm run bench:parse [-- --trees=.cache/trees] [--errors] [--only=linux-7.2/fs/fuse]
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Language, Parser, type Node, type Tree } from 'web-tree-sitter';
import { preprocess, type PreprocessorOptions } from '../../extension/syntax/preprocessor.js';
import { SyntaxParser } from '../../extension/syntax/parser.js';

const argument = (name: string): string | undefined => process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
const trees = argument('trees') ?? '.cache/trees';
const folders = argument('only')?.split(',') ?? ['linux-6.12/fs/fuse', 'linux-7.2/fs/fuse', 'linux-7.2/fs'];
const listErrors = process.argv.includes('--errors');

/** Every option on, every unknown name undefined. */
const ACTIVE: PreprocessorOptions = { option: () => true };
/** The other choice at every condition on a name; header guards excepted, or nothing would be left. */
const COMPLEMENT: PreprocessorOptions = {
  option: () => false,
  defined: (name) => (/_H_*$|^_.*_H\b/.test(name) ? undefined : true),
};

interface Tally {
  functions: number;
  broken: number;
  bytes: number;
  milliseconds: number;
  readonly failures: string[];
}

const tally = (): Tally => ({ functions: 0, broken: 0, bytes: 0, milliseconds: 0, failures: [] });

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sources(path);
      return entry.isFile() && /\.[ch]$/.test(entry.name) ? [path] : [];
    });
}

const FUNCTIONS = new Set(['function_definition', 'macro_function_definition']);

function functionsOf(root: Node): Node[] {
  const found: Node[] = [];
  const visit = (node: Node): void => {
    for (const child of node.namedChildren) {
      if (FUNCTIONS.has(child.type)) found.push(child);
      // Functions stand at file level; an error or an #if of the stock grammar may lie between.
      else if (child.hasError || child.type.startsWith('preproc') || child.type.startsWith('linkage') || child.type === 'declaration_list')
        visit(child);
    }
  };
  visit(root);
  return found;
}

function firstError(node: Node): Node {
  for (const child of node.children) {
    if (child.isError || child.isMissing) return child;
    if (child.hasError) return firstError(child);
  }
  return node;
}

function parse(parser: Parser, text: string, into: Tally): Tree {
  const start = performance.now();
  const tree = parser.parse(text);
  into.milliseconds += performance.now() - start;
  into.bytes += text.length;
  if (tree === null) throw new Error('parsing was cancelled');
  return tree;
}

function count(tree: Tree, into: Tally, file: string, skip: ReadonlySet<number> = new Set()): Set<number> {
  const starts = new Set<number>();
  for (const node of functionsOf(tree.rootNode)) {
    starts.add(node.startIndex);
    if (skip.has(node.startIndex)) continue;
    into.functions++;
    if (!node.hasError) continue;
    into.broken++;
    const error = firstError(node);
    into.failures.push(
      `${file}:${error.startPosition.row + 1}: ${error.isMissing ? `missing ${error.type}` : error.text.slice(0, 80).replace(/\s+/g, ' ')}`,
    );
  }
  return starts;
}

const share = ({ functions, broken }: Tally): string =>
  `${String(broken).padStart(6)} of ${String(functions).padStart(6)} (${((100 * broken) / Math.max(1, functions)).toFixed(2)} %)`;
const speed = ({ bytes, milliseconds }: Tally): string => `${(bytes / 1000 / Math.max(1, milliseconds)).toFixed(2)} MB/s`;

await Parser.init();
const stock = new Parser().setLanguage(await Language.load('node_modules/tree-sitter-c/tree-sitter-c.wasm'));
const ours = new Parser().setLanguage(await Language.load('grammars/kernel-c/kernel-c.wasm'));

for (const folder of folders) {
  const before = tally();
  const active = tally();
  const complement = tally();
  let blanking = 0;
  let outside = 0;
  const outsides: string[] = [];
  for (const path of sources(join(trees, folder))) {
    const file = relative(trees, path);
    const text = readFileSync(path, 'utf8');
    if (!listErrors) {
      const tree = parse(stock, text, before);
      count(tree, before, file);
      tree.delete();
    }
    const start = performance.now();
    const first = preprocess(text, ACTIVE).text;
    blanking += performance.now() - start;
    const tree = parse(ours, first, active);
    const seen = count(tree, active, file);
    for (const child of tree.rootNode.children)
      if ((child.hasError || child.isMissing) && !FUNCTIONS.has(child.type)) {
        outside++;
        const error = child.isError || child.isMissing ? child : firstError(child);
        outsides.push(`${file}:${error.startPosition.row + 1}: ${child.type}: ${error.text.slice(0, 80).replace(/\s+/g, ' ')}`);
      }
    tree.delete();
    const second = preprocess(text, COMPLEMENT).text;
    if (second !== first) {
      const other = parse(ours, second, tally());
      count(other, complement, file, seen);
      other.delete();
    }
  }
  console.log(folder);
  if (!listErrors) console.log(`  tree-sitter-c      functions with an error ${share(before)}, ${speed(before)}`);
  console.log(`  kernel-c, active   functions with an error ${share(active)}, ${speed(active)}; ${outside} errors outside functions`);
  console.log(
    `  kernel-c, others   functions with an error ${share(complement)} (the other choice at every #if, functions not counted above)`,
  );
  console.log(
    `  preprocessor       ${((blanking * 1000) / Math.max(1, active.bytes / 1000)).toFixed(1)} us a kB, ${blanking.toFixed(0)} ms in all`,
  );
  if (listErrors) {
    for (const failure of [...active.failures, ...complement.failures.map((line) => `${line} [other]`)]) console.log(`    ${failure}`);
    console.log('  outside');
    for (const failure of outsides) console.log(`    ${failure}`);
  }
}

if (!listErrors) {
  // As the product does it: the file as it is, with its directives, and again after a key was struck in a function.
  const file = join(trees, 'linux-7.2/fs/fuse/file.c');
  const text = readFileSync(file, 'utf8');
  const at = text.indexOf('{', text.length >> 1) + 1;
  const parser = await SyntaxParser.create({
    runtime: 'node_modules/web-tree-sitter/web-tree-sitter.wasm',
    grammar: 'grammars/kernel-c/kernel-c.wasm',
  });
  const timed = (edited: string): number => {
    const start = performance.now();
    parser.parse(file, edited, ACTIVE);
    return performance.now() - start;
  };
  const cold: number[] = [];
  const struck: number[] = [];
  for (let round = 0; round < 50; round++) {
    parser.forget(file);
    cold.push(timed(text));
    struck.push(timed(`${text.slice(0, at)} a${round} = b;${text.slice(at)}`));
  }
  parser.dispose();
  const middle = (times: number[]): string => (times.sort((a, b) => a - b)[times.length >> 1] ?? 0).toFixed(1);
  console.log(
    `${relative(trees, file)} (${text.split('\n').length} lines) to declarations: ${middle(cold)} ms at first, ${middle(struck)} ms after a keystroke`,
  );
}
