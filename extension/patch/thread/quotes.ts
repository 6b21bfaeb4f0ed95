// The lines of a reply by how deep they are quoted, and who is quoted there.

export interface QuotedLine {
  /** 0: the author's own. */
  readonly depth: number;
  /** Without the marks of quoting and the blank after them. */
  readonly text: string;
}

/** UTF-16 units in which marks of quoting are looked for. */
const deepest = 200;

/** `> > text`, `>> text`, `>text`. */
export function quotedLines(body: string): readonly QuotedLine[] {
  const lines = body.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => {
    const marks = /^(?:> ?)*/.exec(line.slice(0, deepest))?.[0] ?? '';
    return { depth: marks.replace(/ /g, '').length, text: line.slice(marks.length).replace(/\r$/, '') };
  });
}

/** `On Thu, Aug 21, 2025 at 11:05 AM +0200, Somebody <a@b> wrote:`, and what other mailers make of it. */
const wrote = /^(?!\s*[>+-])(.{3,300}?)\s+(?:wrote|writes|said)\s*:\s*$/;
/** When, at the beginning of such a line: up to a time and its zone, or else up to a date. */
const times = /^.*?\b\d{1,2}:\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?,?\s*(?:(?:utc|gmt)?\s?[+-]\d{4}|utc|gmt)?(?:\s*\([^)]*\))?,?\s*/i;
const dates = /^.*?(?:\b\d{4}-\d{2}-\d{2}|\b\d{1,2}\s\w{3,9}\s\d{4}),?\s*/i;

function voiceOf(text: string): string {
  return nameOf(text.replace(times.test(text) ? times : dates, '').replace(/^\*\s*/, ''));
}

/** Who wrote what follows one level deeper, where the line says that; null else. `next`: the line after it at the same depth, as mailers wrap. */
export function attribution(line: string, next: string): { readonly voice: string; readonly lines: 1 | 2 } | null {
  const one = wrote.exec(line);
  if (one) return { voice: voiceOf(one[1] ?? ''), lines: 1 };
  if (!/^(?:on|at|am|le)\s|^\* /i.test(line) || !/\d/.test(line)) return null;
  const two = wrote.exec(`${line.trimEnd()} ${next.trim()}`);
  return two ? { voice: voiceOf(two[1] ?? ''), lines: 2 } : null;
}

/** `Name` of `Name <address>` or `"Name" <address>`; the address where that is all. */
export function nameOf(author: string): string {
  const name = author.replace(/\s*[<([][^<>]*@[^<>]*[>)\]]\s*$/, '').replace(/^["'\s]+|["'\s,]+$/g, '');
  return name === '' ? author.trim() : name;
}
