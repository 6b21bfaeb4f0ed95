// The table against real trees: rows fit the prototypes in their headers, and few calls of fs/fuse are left without a row.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Language, Parser, type Node } from 'web-tree-sitter';
import type { Contract } from '../../extension/kernel/contract.js';
import { allContracts, contractOf } from '../../extension/kernel/contracts.js';
import { skipWithoutTree, treeFolder } from '../support/trees.js';

const trees = ['linux-7.2', 'linux-6.12'] as const;

// ---- prototypes ----------------------------------------------------------------------------------------------------

interface Prototype {
  readonly parameters: string;
  /** null for a macro. */
  readonly returns: string | null;
}

function headersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? headersIn(path) : path.endsWith('.h') ? [path] : [];
  });
}

const nested = String.raw`\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)`;
const annotation = new RegExp(
  String.raw`\b__(?:printf|scanf|malloc|realloc_size|alloc_size|attribute__|nonnull|must_hold|acquires|releases|cond_acquires|cond_releases)\s*${nested}`,
  'g',
);
const macroDefinition = /^#\s*define\s+(\w+)\(([^)]*)\)/gm;
const functionHead = new RegExp(
  String.raw`^((?:[A-Za-z_]\w*[ \t\n*]+)+\**)(\w+)\s*\(((?:[^()]|${nested})*)\)\s*(?:__\w+(?:\([^()]*\))?\s*)*(?=[;{])`,
  'gm',
);

/** The heads of functions and macros of the table, as a simple search finds them in a tree's headers. */
function prototypesOf(tree: string): ReadonlyMap<string, readonly Prototype[]> {
  const found = new Map<string, Prototype[]>();
  const add = (name: string, prototype: Prototype): void => {
    if (contractOf(name) !== undefined) found.set(name, [...(found.get(name) ?? []), prototype]);
  };
  for (const folder of ['include/linux', 'include/asm-generic', 'include/net', 'include/uapi/linux']) {
    for (const header of headersIn(join(tree, folder))) {
      const text = readFileSync(header, 'latin1')
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .replace(/\\\n/g, ' ');
      for (const [, name = '', parameters = ''] of text.matchAll(macroDefinition)) add(name, { parameters, returns: null });
      const code = text.replace(/^#.*$/gm, '').replace(annotation, '');
      for (const [, returns = '', name = '', parameters = ''] of code.matchAll(functionHead)) add(name, { parameters, returns });
    }
  }
  return found;
}

function arity(parameters: string): number {
  if (/^\s*(void\s*)?$/.test(parameters)) return 0;
  if (parameters.includes('...')) return Infinity;
  let depth = 0;
  let commas = 0;
  for (const character of parameters) {
    if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (character === ',' && depth === 0) commas++;
  }
  return commas + 1;
}

/** How many arguments a row speaks of. */
function argumentsNamed(contract: Contract): number {
  const roots = contract.outcomes.flatMap((each) => [
    ...each.requires.map(({ subject }) => subject.root),
    ...each.effects.flatMap((effect) => [
      effect.subject.root,
      ...(effect.kind === 'set-count' && typeof effect.count === 'object' ? [effect.count.root] : []),
    ]),
    ...(each.returns?.kind === 'same' ? [each.returns.subject.root] : []),
  ]);
  return Math.max(0, ...[...contract.dereferences, ...roots].map((root) => (root === 'result' ? 0 : root + 1)));
}

const qualifiers = /\b(static|inline|extern|const|asmlinkage|__always_inline|__must_check|__init|__\w+)\b/g;

/** What is wrong with the row, given all that a tree declares under its name. */
function misfit(contract: Contract, prototypes: readonly Prototype[]): string | undefined {
  if (prototypes.length === 0) return undefined;
  const most = Math.max(...prototypes.map(({ parameters }) => arity(parameters)));
  if (argumentsNamed(contract) > most) return `${contract.name} takes ${most} arguments, the row speaks of ${argumentsNamed(contract)}`;
  const types = prototypes.flatMap(({ returns }) =>
    returns === null ? [] : [returns.replace(qualifiers, '').replace(/\s+/g, ' ').trim()],
  );
  if (types.length === 0 || contract.outcomes.length === 0) return undefined;
  const returned = contract.outcomes.map(({ returns }) => returns);
  if (types.every((type) => type === 'void') && returned.some((each) => each !== null)) return `${contract.name} is void`;
  if (types.every((type) => type !== 'void') && returned.some((each) => each === null)) return `${contract.name} returns ${types[0]}`;
  const ranges = returned.flatMap((each) => (each?.kind === 'set' ? [...each.set] : []));
  if (types.every((type) => type === 'bool') && ranges.some(([low, high]) => low < 0 || high > 1)) return `${contract.name} is bool`;
  const pointers = types.every((type) => type.endsWith('*'));
  if (pointers && returned.every((each) => each?.kind === 'set') && ranges.every(([, high]) => high <= 1))
    return `${contract.name} returns a pointer`;
  return undefined;
}

/** Rows that can't be true of both kernels; the row's source says what differs. */
const differing = {
  'linux-7.2': [],
  'linux-6.12': ['iomap_read_folio returns int', 'revert_creds is void'],
};

describe.each(trees)('the prototypes of %s', (tree) => {
  test.skipIf(skipWithoutTree(tree))('take the arguments that the rows speak of, and return what they say', () => {
    const prototypes = prototypesOf(treeFolder(tree) ?? '');
    const wrong = allContracts.flatMap((contract) => misfit(contract, prototypes.get(contract.name) ?? []) ?? []);
    expect(wrong.sort()).toEqual(differing[tree]);
    // If the search found little, it would have tested little.
    expect(prototypes.size).toBeGreaterThan(allContracts.length * 0.9);
  });
});

// ---- calls of fs/fuse ----------------------------------------------------------------------------------------------

/** Macros that open a scope or a loop, or annotate: lowered where the program is built, never called. */
const noCalls =
  /^(__acquires|__releases|__must_hold|__free|if|(hlist_|list_|idr_|xa_|rb)?for_each\w*|(hlist_|list_|xa_|idr_)\w*for_each\w*|EXPORT_SYMBOL\w*|MODULE_\w+|module_\w+)$/;

interface Calls {
  readonly defined: ReadonlySet<string>;
  /** By file, the callees with the number of calls. */
  readonly byFile: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

function callsIn(folder: string, parser: Parser): Calls {
  const defined = new Set<string>();
  const byFile = new Map<string, Map<string, number>>();
  for (const file of readdirSync(folder).filter((name) => /\.[ch]$/.test(name))) {
    const text = readFileSync(join(folder, file), 'utf8').replace(/\b__(init|exit|net_init)\b/g, '');
    const tree = parser.parse(text);
    if (tree === null) throw new Error(`${file} was not parsed`);
    const calls = new Map<string, number>();
    byFile.set(file, calls);
    for (const declarator of named(tree.rootNode, 'function_declarator')) {
      const name = declarator.childForFieldName('declarator');
      if (name?.type === 'identifier') defined.add(name.text);
    }
    for (const macro of named(tree.rootNode, 'preproc_function_def')) defined.add(macro.childForFieldName('name')?.text ?? '');
    for (const call of named(tree.rootNode, 'function_definition').flatMap((body) => named(body, 'call_expression'))) {
      const callee = call.childForFieldName('function');
      if (callee?.type === 'identifier' && !noCalls.test(callee.text)) calls.set(callee.text, (calls.get(callee.text) ?? 0) + 1);
    }
    tree.delete();
  }
  // A name that the table has is the kernel's, even where a header of fs/fuse says it again.
  return { defined: new Set([...defined].filter((name) => contractOf(name) === undefined)), byFile };
}

function named(node: Node, type: string): Node[] {
  return node.descendantsOfType(type);
}

const strict = ['backing.c', 'passthrough.c', 'iomode.c'];
const main = ['file.c', 'inode.c', 'dev.c'];

describe('the calls of fs/fuse into the rest of the kernel', () => {
  let parser: Parser;
  beforeAll(async () => {
    await Parser.init();
    parser = new Parser();
    parser.setLanguage(await Language.load(resolve(import.meta.dirname, '../../node_modules/tree-sitter-c/tree-sitter-c.wasm')));
  });
  afterAll(() => {
    parser.delete();
  });

  test.skipIf(trees.some(skipWithoutTree)).each(trees)('are known, of %s', (tree) => {
    const { defined, byFile } = callsIn(join(treeFolder(tree) ?? '', 'fs/fuse'), parser);
    const lines: string[] = [];
    const shareOf = (file: string): { readonly left: readonly string[]; readonly share: number } => {
      const outward = [...(byFile.get(file) ?? [])].filter(([name]) => !defined.has(name) && !/^(fuse|FUSE|virtio_fs|cuse)_/.test(name));
      const left = outward.filter(([name]) => contractOf(name) === undefined);
      const sum = (pairs: readonly (readonly [string, number])[]): number => pairs.reduce((total, [, count]) => total + count, 0);
      const share = sum(left) / Math.max(1, sum(outward));
      if (outward.length > 0) lines.push(`${file}: ${sum(outward)} calls of ${outward.length} names, ${sum(left)} without a row`);
      return { left: left.map(([name]) => name), share };
    };
    for (const file of strict.filter((name) => byFile.has(name))) expect(shareOf(file).left, file).toEqual([]);
    for (const file of main) expect(shareOf(file).share, `${file}: ${shareOf(file).left.join(', ')}`).toBeLessThan(0.01);
    for (const file of [...byFile.keys()].filter((name) => name.endsWith('.c') && !strict.includes(name) && !main.includes(name))) {
      const { left, share } = shareOf(file);
      expect(share, `${file}: ${left.join(', ')}`).toBeLessThan(0.05);
    }
    console.log(`${tree}\n  ${[...new Set(lines)].join('\n  ')}`);
  });
});
