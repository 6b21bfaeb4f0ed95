// C as it was before 1989 made C as it is: definitions whose parameters are declared behind the brackets get prototypes, and
// definitions without a type return int.

/** `f (a, b) int a; char *b;`, and what has types in the brackets already. */
const oldStyle = /([A-Za-z_]\w*)\s*\(([\s\w,]*)\)((?:[^{}()]|\((?:[^(){}]|\([^(){}]*\))*\))*;)?\s*$/;
const prototyped = /([A-Za-z_]\w*)\s*\((?:[^(){}]|\((?:[^(){}]|\([^(){}]*\))*\))*\)\s*$/;

/** The text with every old-style function definition written as a prototype has it; other lines stay as they are. */
export function withPrototypes(text: string): string {
  const hidden = masked(text);
  const edits: { readonly from: number; readonly to: number; readonly text: string }[] = [];
  for (const { start, body } of definitions(hidden)) {
    const head = hidden.slice(start, body);
    const named = oldStyle.exec(head) ?? prototyped.exec(head);
    if (!named) continue;
    const [, name = '', list = '', declared] = named;

    if (['if', 'while', 'for', 'switch'].includes(name)) continue;
    const at = start + named.index;
    const before = head
      .slice(0, named.index)
      .replace(/\b__attribute(__)?\s*\(\((?:[^()]|\([^()]*\))*\)\)|\b_Noreturn\b|\b__extension__\b/g, ' ')
      .replace(/\b(static|inline|__inline__|__inline|extern|const|volatile)\b/g, ' ');
    if (!/[\w*]\s*$/.test(before)) edits.push({ from: at, to: at, text: 'int ' });
    const names = list
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '');
    if (names.length === 0 || !names.every((each) => /^[A-Za-z_]\w*$/.test(each)) || names[0] === 'void') continue;
    // Without declarations behind it, a list of lone names is one of types where they are known as such.
    if (declared === undefined && names.some((each) => isType(each, hidden))) continue;
    const opening = at + named[0].indexOf('(');
    const types = parameterTypes(declared === undefined ? '' : text.slice(at + named[0].lastIndexOf(declared), body), names);
    edits.push({ from: opening, to: body, text: `(${names.map((each) => types.get(each) ?? `int ${each}`).join(', ')})\n` });
  }
  let made = '';
  let at = 0;
  for (const edit of edits) {
    made += text.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return made + text.slice(at);
}

function isType(word: string, hidden: string): boolean {
  return (
    /^(int|char|long|short|unsigned|signed|float|double|size_t|u?int\d+_t)$/.test(word) ||
    new RegExp(`\\btypedef\\b[^;]*\\b${word}\\s*;`).test(hidden)
  );
}

/** Comments, strings and directives as spaces, so that brackets and semicolons are those of the code. */
function masked(text: string): string {
  const blank = (part: string): string => part.replace(/[^\n]/g, ' ');
  return text
    .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, blank)
    .replace(/^[ \t]*#(?:[^\n\\]|\\[\s\S])*$/gm, blank);
}

/** Where each definition with a body of code begins, and its opening brace. */
function definitions(hidden: string): { readonly start: number; readonly body: number }[] {
  const found: { readonly start: number; readonly body: number }[] = [];
  let start = 0;
  let depth = 0;
  let code = false;
  for (let at = 0; at < hidden.length; at++) {
    const c = hidden[at];
    if (c === '{') {
      if (depth++ > 0) continue;
      const head = hidden.slice(start, at);
      code =
        !/=\s*$/.test(head) && !/\b(struct|union|enum)\b(\s+__attribute__\s*\(\(.*?\)\))?(\s+\w+)?\s*$/.test(head) && head.includes('(');
      if (code) found.push({ start, body: at });
    } else if (c === '}') {
      if (--depth === 0 && code) start = at + 1;
    } else if (c === ';' && depth === 0 && !isParameter(hidden, start, at)) start = at + 1;
  }
  return found;
}

/** Whether the semicolon ends the declaration of an old-style parameter: behind it come more of them, and then the body. */
function isParameter(hidden: string, start: number, at: number): boolean {
  const head = hidden.slice(start, at);
  if (!/\w\s*\(\s*\w[\s\w,]*\)\s*[A-Za-z_]/.test(head) || /^\s*(extern|typedef)\b/.test(head) || /\)\s*(__)?(attribute|asm)/.test(head))
    return false;
  const brace = hidden.indexOf('{', at);
  const behind = brace < 0 ? '' : hidden.slice(at, brace);
  return behind.trimEnd().endsWith(';') && !/[=}]/.test(behind);
}

/** `int a, *b; char (*f)();` as one declaration for each name. */
function parameterTypes(declarations: string, names: readonly string[]): ReadonlyMap<string, string> {
  const types = new Map<string, string>();
  for (const declaration of declarations.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, ' ').split(';')) {
    const [first = '', ...others] = parts(declaration);
    const name = nameIn(first, names);
    if (name === undefined) continue;
    const specifiers = first.slice(0, declaratorAt(first, name)).trim();
    types.set(name, first.trim());
    for (const other of others) {
      const more = nameIn(other, names);
      if (more !== undefined) types.set(more, `${specifiers} ${other.trim()}`);
    }
  }
  return types;
}

/** Cut at the commas that are in no brackets. */
function parts(declaration: string): string[] {
  const found = [''];
  let depth = 0;
  for (const c of declaration) {
    if (c === '(' || c === '[') depth++;
    if (c === ')' || c === ']') depth--;
    if (c === ',' && depth === 0) found.push('');
    else found.push(`${found.pop() ?? ''}${c}`);
  }
  return found;
}

function nameIn(declarator: string, names: readonly string[]): string | undefined {
  const found = [...declarator.matchAll(/[A-Za-z_]\w*/g)].map(([word]) => word).filter((word) => names.includes(word));
  return found[0];
}

/** Where the declarator begins: at the name, or at the stars and brackets before it. */
function declaratorAt(text: string, name: string): number {
  const at = text.search(new RegExp(`\\b${name}\\b`));
  const before = /[\s*(]*$/.exec(text.slice(0, at));
  return before ? before.index : at;
}
