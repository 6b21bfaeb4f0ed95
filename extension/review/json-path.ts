// Where in a JSON text something is: the value at a path, or the end of what is JSON, so that complaints name a line.

interface Token {
  readonly text: string;
  readonly start: number;
}

const pattern = /\s*("(?:[^"\\]|\\.)*"|[-+.\w]+|[{}[\],:])/y;

/**
 * The offset of the value at `path` in `text`, which must be valid JSON. Where the path leads to nothing, the offset of
 * the innermost value on the way.
 */
export function offsetOfPath(text: string, path: readonly PropertyKey[]): number {
  let at = text.startsWith('\uFEFF') ? 1 : 0;

  const next = (): Token => {
    pattern.lastIndex = at;
    const read = pattern.exec(text)?.[1];
    at = read === undefined ? text.length : pattern.lastIndex;
    return { text: read ?? '', start: at - (read?.length ?? 0) };
  };
  const peek = (): Token => {
    const here = at;
    const token = next();
    at = here;
    return token;
  };
  const skip = (): void => {
    let depth = 0;
    do {
      const token = next().text;
      if (token === '{' || token === '[') depth++;
      else if (token === '}' || token === ']') depth--;
      else if (token === '') return;
    } while (depth > 0);
  };
  /** Moves to the value of `key` in the object or array that opens here; false where it has none. */
  const enter = (key: PropertyKey): boolean => {
    const open = next().text;
    if (open !== '{' && open !== '[') return false;
    for (let index = 0; !['}', ']', ''].includes(peek().text); index++) {
      let name = String(index);
      if (open === '{') {
        name = JSON.parse(next().text) as string;
        next();
      }
      if (name === String(key)) return true;
      skip();
      if (peek().text === ',') next();
    }
    return false;
  };

  let found = peek().start;
  for (const key of path) {
    if (!enter(key)) break;
    found = peek().start;
  }
  return found;
}

/** The line (1-based) on which the value at `path` begins, as `offsetOfPath` finds it. */
export function lineOfPath(text: string, path: readonly PropertyKey[]): number {
  return lineOf(text, offsetOfPath(text, path));
}

/**
 * The value that a text holds, or the line (1-based) from which on it is not JSON. V8 says where in one of several forms,
 * by version; where it says nothing the end of the text is at fault.
 */
export function parseJson(text: string): { readonly value: unknown } | { readonly line: number } {
  try {
    return { value: JSON.parse(text.replace(/^\uFEFF/, '')) as unknown };
  } catch (error) {
    const said = error instanceof Error ? error.message : '';
    const position = /at position (\d+)/.exec(said)?.[1];
    const line = /\(line (\d+) /.exec(said)?.[1];
    return { line: line !== undefined ? Number(line) : lineOf(text, position !== undefined ? Number(position) : text.trimEnd().length) };
  }
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
