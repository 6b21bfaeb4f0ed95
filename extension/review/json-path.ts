// Where in a JSON text the value at a path begins, so that a schema's complaint can name a line.

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
