// Who imports whom under extension/, read from the syntax trees, and which of it the design forbids.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

/** A source file by its path below the repository's root, with `/`, such as `extension/model/source.ts`. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

export interface Import {
  readonly specifier: string;
  /** 1-based. */
  readonly line: number;
  /** Gone after compilation: `import type`, or `import('…')` as a type. */
  readonly typeOnly: boolean;
}

/** The rooms from bottom to top; a row's rooms don't know each other. */
export const rows: readonly (readonly string[])[] = [
  ['model'],
  ['syntax'],
  ['program'],
  ['kernel'],
  ['scenario'],
  ['checker', 'simulator', 'executor', 'patch'],
  ['review'],
  ['runner'],
  ['editor'],
  ['main', 'cli'],
];

/**
 * The folders of a room from bottom to top, which load each other only downward; types may name what is above. Those of a row don't know
 * each other, not even by types. The room's own files are `.`.
 */
const layers: Readonly<Record<string, readonly (readonly string[])[]>> = {
  simulator: [['code'], ['machine'], ['explore'], ['trace']],
  review: [['.'], ['report']],
  editor: [['protocol'], ['worker', 'host']],
};

/** Packages that only these rooms may import, and why is in docs/architecture.md. */
const reserved: Readonly<Record<string, readonly string[]>> = {
  vscode: ['editor', 'main'],
  'web-tree-sitter': ['syntax'],
  commander: ['cli'],
  tinypool: ['runner'],
};

/** Rooms that see the world through their arguments only: no files, no processes, so that they run in a browser too. */
const pure = ['model', 'scenario', 'syntax', 'program', 'kernel', 'checker', 'simulator'];

/** Programs of their own, in which there is no editor: nothing that they load may import `vscode`. */
const withoutEditor = ['extension/cli/main.ts', 'extension/editor/worker/analysis-worker.ts', 'extension/runner/simulation-worker.ts'];

export function importsOf({ path, text }: Source): readonly Import[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const found: Import[] = [];
  const add = (literal: ts.Node | undefined, typeOnly: boolean) => {
    if (literal === undefined || !ts.isStringLiteralLike(literal)) return;
    const line = file.getLineAndCharacterOfPosition(literal.getStart(file)).line + 1;
    found.push({ specifier: literal.text, line, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference))
      add(node.moduleReference.expression, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && isLoading(node.expression)) add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isTypeOnly(node: ts.ImportDeclaration): boolean {
  const clause = node.importClause;
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const bindings = clause.namedBindings;
  const named = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : [];
  return clause.name === undefined && named.length > 0 && named.every((element) => element.isTypeOnly);
}

function isLoading(callee: ts.Expression): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');
}

function roomOf(path: string): string | undefined {
  const inside = /^extension\/(?:(\w+)\/.+|(\w+)\.ts)$/.exec(path);
  return inside?.[1] ?? inside?.[2];
}

const rowOf = (room: string): number => rows.findIndex((row) => row.includes(room));

/** Where a relative import leads, as the path of the TypeScript source. */
function target(from: string, specifier: string): string {
  return posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts');
}

/** Every breach of the import rule, one line each; none when the rule holds. */
export function violations(sources: readonly Source[]): readonly string[] {
  return [...sources.flatMap(violationsOf), ...reachesEditor(sources)];
}

function violationsOf(source: Source): readonly string[] {
  const room = roomOf(source.path);
  if (room === undefined || rowOf(room) < 0) return [`${source.path}: not in a room of the design`];
  return importsOf(source).flatMap(({ specifier, line, typeOnly }) => {
    const at = `${source.path}:${line}`;
    if (!specifier.startsWith('.')) return forbiddenPackage(room, specifier).map((why) => `${at}: ${why}`);
    const path = target(source.path, specifier);
    const other = roomOf(path);
    if (other === undefined) return [`${at}: ${specifier} leads out of extension/`];
    if (rowOf(other) < 0) return [`${at}: ${path} is not in a room of the design`];
    if (other === room) {
      const breach = layerBreach(room, source.path, path, typeOnly);
      return breach === null ? [] : [`${at}: ${breach}`];
    }
    if (rowOf(other) < rowOf(room)) return [];
    return [`${at}: ${room} may not import ${rowOf(other) === rowOf(room) ? 'sideways from' : 'upward from'} ${other}`];
  });
}

/** What is wrong with one file of a room loading the other, or, `typeOnly`, naming its types; null for nothing. */
function layerBreach(room: string, from: string, to: string, typeOnly: boolean): string | null {
  const [own, other] = [folderOf(from), folderOf(to)];
  const [ownRow = -1, otherRow = -1] = [own, other].map((folder) => layers[room]?.findIndex((row) => row.includes(folder)) ?? -1);
  if (own === other || ownRow < 0 || otherRow < 0) return null;
  if (ownRow === otherRow) return `${own} and ${other} don't know each other`;
  return otherRow > ownRow && !typeOnly ? `loads ${to}, which is in a layer above` : null;
}

/** The folder of its room that a file is in. */
function folderOf(path: string): string {
  const [, , folder = '', ...rest] = path.split('/');
  return rest.length === 0 ? '.' : folder;
}

function forbiddenPackage(room: string, specifier: string): readonly string[] {
  const rooms = reserved[specifier];
  if (rooms !== undefined && !rooms.includes(room)) return [`only ${rooms.join(' and ')} may import ${specifier}, not ${room}`];
  if (specifier.startsWith('node:') && pure.includes(room)) return [`${room} is pure and may not import ${specifier}`];
  return [];
}

/** Chains by which a program without an editor would load `vscode` when it runs. */
function reachesEditor(sources: readonly Source[]): readonly string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  return withoutEditor.flatMap((entry) => {
    const from = new Map<string, string | null>([[entry, null]]);
    for (const path of from.keys()) {
      const source = byPath.get(path);
      for (const { specifier, typeOnly } of source === undefined ? [] : importsOf(source)) {
        if (typeOnly) continue;
        if (specifier === 'vscode') return [`${chain(from, path)} imports vscode, which is not there at run time`];
        if (!specifier.startsWith('.')) continue;
        const next = target(path, specifier);
        if (!from.has(next)) from.set(next, path);
      }
    }
    return [];
  });
}

function chain(from: ReadonlyMap<string, string | null>, last: string): string {
  const path: string[] = [];
  for (let at: string | null | undefined = last; at; at = from.get(at)) path.unshift(at);
  return path.join(' -> ');
}

/** Recursions that are one thing: reading C, and lowering it. */
const honest = [/^extension\/syntax\/convert-/, /^extension\/program\/lowering\//];

/** Files that import each other in a circle when they run, the honest recursions left out; each circle in the order of its imports. */
export function circles(sources: readonly Source[]): readonly string[] {
  const next = new Map(
    sources.map((source) => [
      source.path,
      importsOf(source)
        .filter(({ typeOnly, specifier }) => !typeOnly && specifier.startsWith('.'))
        .map(({ specifier }) => target(source.path, specifier))
        .filter((path) => !honest.some((one) => one.test(path) && one.test(source.path))),
    ]),
  );
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) found.push([...way.slice(way.indexOf(path)), path].join(' -> '));
    if (done.has(path)) return;
    done.add(path);
    for (const each of next.get(path) ?? []) walk(each, [...way, path]);
  };
  for (const path of next.keys()) walk(path, []);
  return found;
}

/** Every TypeScript file below a folder of the repository. */
export function readSources(root: string, folder: string): readonly Source[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ path: path.slice(root.length + 1).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') }));
}
