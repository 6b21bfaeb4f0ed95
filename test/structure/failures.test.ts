// Failures are values of one form: `Result` (extension/model/result.ts). Read from the syntax trees.
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { readSources, type Source } from './imports.js';

const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');

/** Functions whose type says "a value, or what went wrong" in words of its own: `path:line: what`. */
function dialects({ path, text }: Source): readonly string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const result = ts.isFunctionLike(node) ? node.type && awaited(node.type) : undefined;
    const why = result && ts.isUnionTypeNode(result) ? dialectOf(result.types) : undefined;
    if (why !== undefined) found.push(`${path}:${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1}: ${why}`);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function awaited(type: ts.TypeNode): ts.TypeNode {
  return ts.isTypeReferenceNode(type) && type.typeName.getText() === 'Promise' ? (type.typeArguments?.[0] ?? type) : type;
}

const nothing = [ts.SyntaxKind.UndefinedKeyword, ts.SyntaxKind.VoidKeyword, ts.SyntaxKind.NullKeyword];

function isNothing(type: ts.TypeNode): boolean {
  return nothing.includes(ts.isLiteralTypeNode(type) ? type.literal.kind : type.kind);
}

/** Nothing, numbers, truth values and fixed words stand beside a text that is no reason. */
function isPlain(type: ts.TypeNode): boolean {
  return ts.isLiteralTypeNode(type) || [ts.SyntaxKind.NumberKeyword, ts.SyntaxKind.BooleanKeyword, ...nothing].includes(type.kind);
}

function dialectOf(types: readonly ts.TypeNode[]): string | undefined {
  const others = types.filter((type) => !isNothing(type));
  const isProblem = (type: ts.TypeNode): boolean => /^(?:readonly )?InputProblem(?:\[\])?$/.test(type.getText());
  if (others.length > 1 && others.some(isProblem)) return 'a value or a problem';
  const isText = ({ kind }: ts.TypeNode): boolean => kind === ts.SyntaxKind.StringKeyword;
  if (others.some(isText) && others.some((type) => !isText(type) && !isPlain(type))) return 'a value or a text';
  const fields = ['problem', 'problems', 'wrong', 'reason', 'error'];
  const tells = (type: ts.TypeNode): boolean =>
    ts.isTypeLiteralNode(type) && type.members.length === 1 && fields.includes(type.members[0]?.name?.getText() ?? '');
  return others.length > 1 && others.some(tells) ? 'a value or an object with what is wrong' : undefined;
}

describe('a failure', () => {
  test('is a Result everywhere', () => {
    const sources = readSources(root, 'extension');
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.flatMap(dialects)).toEqual([]);
  });

  test.each([
    ['Tree | InputProblem', 'a value or a problem'],
    ['Promise<Tree | InputProblem>', 'a value or a problem'],
    ['Tree | string', 'a value or a text'],
    ['Promise<readonly Step[] | string>', 'a value or a text'],
    ['{ readonly tree: Tree } | { readonly problem: InputProblem }', 'a value or an object with what is wrong'],
    ['{ readonly value: number } | { readonly wrong: string }', 'a value or an object with what is wrong'],
  ])('is noticed as %s', (type, why) => {
    expect(dialects({ path: 'x.ts', text: `function f(): ${type} { throw 1; }` })).toEqual([`x.ts:1: ${why}`]);
  });

  test.each(['InputProblem | undefined', 'string | number', 'string | undefined', 'Result<Tree>', 'Tree | null', "'a' | string", 'A | B'])(
    'is not seen in %s',
    (type) => {
      expect(dialects({ path: 'x.ts', text: `const f = (): ${type} => { throw 1; };` })).toEqual([]);
    },
  );
});

describe('an exception of our own', () => {
  const sources = readSources(root, 'extension');
  const room = (path: string): string => path.split('/')[1] ?? '';
  const thrown = sources.flatMap(({ path, text }) =>
    [...text.matchAll(/class (\w+) extends \w*Error\b/g)].map(([, name = '']) => ({ name, room: room(path) })),
  );

  test('says its room', () => {
    expect(thrown.map(({ name, room: where }) => `${where}: ${name}`).sort()).toEqual([
      'editor: Stopped',
      'executor: MachineFailure',
      'program: CannotLower',
      'scenario: Unresolved',
      'simulator: CannotRun',
      'simulator: ChoiceNeeded',
      'simulator: SharedSearchBroken',
    ]);
  });

  test.each(thrown)('does not leave its room: $name', ({ name, room: where }) => {
    const word = new RegExp(`\\b${name}\\b`);
    const others = sources.filter(({ path, text }) => room(path) !== where && word.test(text.replace(/\/\/.*|\/\*[^]*?\*\//g, '')));
    expect(others.map(({ path }) => path)).toEqual([]);
  });
});
