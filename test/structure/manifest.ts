// What package.json contributes, held against the code: commands without a title, a category or a handler; handlers
// without a command; menus, views and keys that name what is not there.
import ts from 'typescript';
import type { Source } from './imports.js';

interface Command {
  readonly command: string;
  readonly title?: string;
  readonly category?: string;
}

export interface Manifest {
  readonly main?: string;
  readonly contributes?: {
    readonly commands?: readonly Command[];
    readonly menus?: Readonly<Record<string, readonly { readonly command?: string; readonly submenu?: string }[]>>;
    readonly keybindings?: readonly { readonly command: string }[];
    readonly viewsContainers?: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly views?: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsWelcome?: readonly { readonly view: string; readonly contents: string }[];
  };
}

/** VS Code's own places for views. */
const builtInContainers = ['explorer', 'scm', 'debug', 'test', 'remote'];

/** Ids that the code registers a handler for: the first argument of every call of a function named `registerCommand`. */
export function registeredCommands(sources: readonly Source[]): readonly string[] {
  return sources.flatMap(({ path, text }) => {
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && /^register(TextEditor)?Command$/.test(calleeName(node.expression))) {
        const id = node.arguments[0];
        if (id !== undefined && ts.isStringLiteralLike(id)) found.push(id.text);
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
    return found;
  });
}

function calleeName(callee: ts.Expression): string {
  if (ts.isIdentifier(callee)) return callee.text;
  return ts.isPropertyAccessExpression(callee) ? callee.name.text : '';
}

/** Everything wrong with the manifest, one line each. */
export function manifestProblems(manifest: Manifest, registered: readonly string[]): readonly string[] {
  const contributes = manifest.contributes ?? {};
  const commands = contributes.commands ?? [];
  const ids = commands.map(({ command }) => command);
  const views = Object.values(contributes.views ?? {}).flat();
  const containers = Object.values(contributes.viewsContainers ?? {}).flat();
  const used = [
    ...Object.values(contributes.menus ?? {}).flatMap((items) => items.flatMap(({ command }) => command ?? [])),
    ...(contributes.keybindings ?? []).map(({ command }) => command),
    ...(contributes.viewsWelcome ?? []).flatMap(({ contents }) =>
      [...contents.matchAll(/\(command:([\w.]+)/g)].map((match) => match[1] ?? ''),
    ),
  ].filter((id) => id.startsWith('fuseReview.'));

  return [
    ...commands.filter(({ title }) => !title).map(({ command }) => `${command}: no title`),
    ...commands.filter(({ category }) => !category).map(({ command }) => `${command}: no category`),
    ...repeated(ids).map((id) => `${id}: contributed twice`),
    ...repeated(registered).map((id) => `${id}: two handlers`),
    ...ids.filter((id) => !registered.includes(id)).map((id) => `${id}: no handler`),
    ...registered.filter((id) => !ids.includes(id)).map((id) => `${id}: has a handler but is not in the manifest`),
    ...[...new Set(used)]
      .filter((id) => !ids.includes(id))
      .map((id) => `${id}: used in a menu, a key or a welcome view but not contributed`),
    ...Object.keys(contributes.views ?? {})
      .filter((id) => !builtInContainers.includes(id) && !containers.some((container) => container.id === id))
      .map((id) => `${id}: views in a container that is not contributed`),
    ...(contributes.viewsWelcome ?? [])
      .filter(({ view }) => !views.some(({ id }) => id === view))
      .map(({ view }) => `${view}: a welcome for a view that is not contributed`),
  ];
}

function repeated(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
