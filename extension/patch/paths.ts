// Paths relative to a tree's root: which are inside it, and how git writes them.
import { decodeText } from './decode-text.js';

/**
 * The path with `/` between its parts and no `.` or empty parts ('' is the root itself),
 * or undefined where it is absolute, climbs with `..` or holds a NUL.
 */
export function insideTree(path: string): string | undefined {
  if (path.startsWith('/') || path.includes('\0') || /^[A-Za-z]:[\\/]/.test(path)) return undefined;
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return parts.includes('..') ? undefined : parts.join('/');
}

/** The folder of a path ('' for a file in the root) and the name in it. */
export function splitPath(path: string): { readonly folder: string; readonly name: string } {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? { folder: '', name: path } : { folder: path.slice(0, slash), name: path.slice(slash + 1) };
}

const escapes: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  '\\': 92,
};

/**
 * Reads a name that git put in C quotes (`core.quotePath`): octal escapes are bytes of UTF-8.
 * Returns the name and how many characters of `text` it took, or undefined where the quoting is broken.
 */
export function readQuotedName(text: string): { readonly name: string; readonly length: number } | undefined {
  if (!text.startsWith('"')) return undefined;
  const bytes: number[] = [];
  let at = 1;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === '"') return { name: decodeText(Uint8Array.from(bytes)).text, length: at + 1 };
    if (char !== '\\') {
      const point = String.fromCodePoint(text.codePointAt(at) ?? 0);
      bytes.push(...Buffer.from(point, 'utf8'));
      at += point.length;
      continue;
    }
    const octal = /^[0-3][0-7]{2}/.exec(text.slice(at + 1, at + 4));
    const escape = escapes[text.charAt(at + 1)];
    if (octal) bytes.push(parseInt(octal[0], 8));
    else if (escape !== undefined) bytes.push(escape);
    else return undefined;
    at += octal ? 4 : 2;
  }
  return undefined;
}

/** The two names of a `diff --git` line, prefixes kept; undefined where they cannot be told apart. */
export function readGitHeader(rest: string): { readonly oldName: string; readonly newName: string } | undefined {
  if (rest.startsWith('"')) {
    const first = readQuotedName(rest);
    if (!first) return undefined;
    const tail = rest.slice(first.length + 1);
    const newName = tail.startsWith('"') ? readQuotedName(tail)?.name : tail;
    return newName ? { oldName: first.name, newName } : undefined;
  }
  const quote = rest.indexOf(' "');
  if (quote > 0) {
    const second = readQuotedName(rest.slice(quote + 1));
    return second && { oldName: rest.slice(0, quote), newName: second.name };
  }
  // Unquoted names may hold spaces; both are the same name but for the prefix, unless `rename` lines follow.
  const spaces = [...rest.matchAll(/ /g)].map((match) => match.index);
  const same = spaces.find((space) => {
    const { oldPath, newPath } = stripPrefixes(rest.slice(0, space), rest.slice(space + 1));
    return oldPath === newPath;
  });
  const split = same ?? (spaces.length === 1 ? spaces[0] : undefined);
  return split === undefined ? undefined : { oldName: rest.slice(0, split), newName: rest.slice(split + 1) };
}

const gitPrefix = /^[abciow12]\//;

/**
 * Takes the `a/` and `b/` (or `i/`, `w/`, `linux.orig/`, ...) off a pair of names, as `patch -p1` does.
 * A pair that has no such prefixes (`git diff --no-prefix`) stays as it is.
 */
export function stripPrefixes(oldName: string, newName: string): { readonly oldPath: string; readonly newPath: string } {
  const cut = (name: string) => (name === '/dev/null' ? name : name.slice(name.indexOf('/') + 1));
  const both = oldName !== '/dev/null' && newName !== '/dev/null';
  const prefixed = (name: string) => name === '/dev/null' || gitPrefix.test(name);
  if (prefixed(oldName) && prefixed(newName) && !(both && newName.startsWith(oldName.charAt(0)))) {
    return { oldPath: cut(oldName), newPath: cut(newName) };
  }
  const relative = both && !oldName.startsWith('/') && oldName.includes('/') && newName.includes('/');
  if (relative && oldName !== newName && cut(oldName) === cut(newName) && !oldName.startsWith('..')) {
    return { oldPath: cut(oldName), newPath: cut(newName) };
  }
  return { oldPath: oldName, newPath: newName };
}
