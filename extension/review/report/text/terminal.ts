// Putting source lines and carets on a terminal: colours, tabs, wide characters, and nothing that could steer it.

/** How kinds of text are set off; each takes text and returns it, with or without escape sequences around it. */
export interface Paint {
  readonly strong: (text: string) => string;
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly note: (text: string) => string;
  readonly good: (text: string) => string;
  readonly faint: (text: string) => string;
}

const same = (text: string): string => text;
const sgr =
  (code: string) =>
  (text: string): string =>
    text === '' ? '' : `\u001b[${code}m${text}\u001b[0m`;

export const plainPaint: Paint = { strong: same, error: same, warning: same, note: same, good: same, faint: same };

export const colourPaint: Paint = {
  strong: sgr('1'),
  error: sgr('1;31'),
  warning: sgr('1;35'),
  note: sgr('1;36'),
  good: sgr('1;32'),
  faint: sgr('2'),
};

// Mail, file names and source are written by strangers: control characters and changes of writing direction in them
// must not reach the terminal (CVE-2021-42574 and its kin).
// eslint-disable-next-line no-control-regex
const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** The text on one line with every character that could steer a terminal replaced, one for one. */
export function printable(text: string): string {
  return text.replace(steering, '\ufffd').replace(/\n/g, ' ');
}

/** Longest piece of a source line that is shown. */
const widest = 160;

/**
 * A source line with its number and a caret line below it. `start` and `end` are 0-based UTF-16 columns. The caret line
 * repeats the line's tabs, so that both stay aligned whatever a tab's width.
 */
export function excerpt(line: string, lineNumber: number, start: number, end: number, paint: Paint): string[] {
  let text = printable(line);
  let from = Math.min(start, text.length);
  let to = Math.min(Math.max(end, from + 1), Math.max(text.length, from + 1));
  if (text.length > widest) {
    const cut = Math.max(0, Math.min(from - 40, text.length - widest));
    const ahead = cut > 0 ? '...' : '';
    const behind = cut + widest < text.length ? '...' : '';
    text = ahead + text.slice(cut, cut + widest) + behind;
    from = from - cut + ahead.length;
    to = Math.min(to - cut + ahead.length, text.length);
  }
  const gutter = String(lineNumber).padStart(5);
  let pad = '';
  for (const character of text.slice(0, from)) pad += character === '\t' ? '\t' : ' '.repeat(columns(character));
  let width = 0;
  for (const character of text.slice(from, to)) width += columns(character);
  const caret = `^${'~'.repeat(Math.max(0, width - 1))}`;
  return [`${paint.faint(`${gutter} |`)} ${text}`, `${paint.faint(`${' '.repeat(gutter.length)} |`)} ${pad}${paint.warning(caret)}`];
}

/** Columns of a character on a terminal: none for a combining mark, two for East Asian wide ones and emoji. */
function columns(character: string): number {
  if (character === '\t') return 1;
  if (/\p{Mark}/u.test(character)) return 0;
  const code = character.codePointAt(0) ?? 0;
  const wide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd);
  return wide ? 2 : 1;
}
