// Allow comments: `// fuse-review: allow <rule> <reason>` silences a rule at one place, in the open and with a reason.
//
//     // fuse-review: allow refcount-as-state the index holds the only other reference here
//     if (refcount_read(&fb->count) == 1)
//
// It covers the finding's line (as a comment at its end), the line below it (as a comment on lines of its own), or a
// whole function (above its definition). Without a reason it does not count: whoever reads the code next must know why.
import { ruleIds, type Finding, type NotAnalysed, type RuleId } from '../model/finding.js';
import type { InputProblem } from '../model/problem.js';
import { LineTable, type LineNumber, type Span } from '../model/source.js';
import type { AnalysedFunction, CommentedUnit } from './analyst.js';
import { unreadIn } from './compare-findings.js';

export interface Allow {
  readonly file: string;
  readonly line: LineNumber;
  readonly rule: RuleId;
  readonly reason: string;
  /** The function that it covers as a whole, or null where it covers lines. */
  readonly function: string | null;
  /** The first and last line that it covers, 1-based; for a function its first and last line. */
  readonly from: LineNumber;
  readonly to: LineNumber;
}

export interface AllowResult {
  readonly suppressed: readonly Finding[];
  readonly allows: readonly Allow[];
  /** Comments that do not count (no reason, no such rule) and comments that silenced nothing. */
  readonly problems: readonly InputProblem[];
}

/** The findings that an allow comment silences. */
export function applyAllows(
  findings: readonly Finding[],
  units: readonly CommentedUnit[],
  functions: readonly AnalysedFunction[],
  notAnalysed: readonly NotAnalysed[],
): AllowResult {
  const problems: InputProblem[] = [];
  const allows: Allow[] = [];
  const tables = new Map<string, LineTable>();
  for (const unit of units) {
    if (!unit.comments.some((comment) => comment.text.includes(directive))) continue;
    const lines = new LineTable(unit.text);
    tables.set(unit.file, lines);
    const own = functions.filter((each) => each.file === unit.file).sort((a, b) => a.span.start - b.span.start);
    readAllows(unit, lines, own, allows, problems);
  }

  const byFile = new Map<string, Allow[]>();
  for (const allow of allows) byFile.set(allow.file, [...(byFile.get(allow.file) ?? []), allow]);
  const used = new Set<Allow>();
  const suppressed: Finding[] = [];
  for (const finding of findings) {
    const lines = tables.get(finding.file);
    const matching = (byFile.get(finding.file) ?? []).filter((allow) => covers(allow, finding, lines));
    for (const allow of matching) used.add(allow);
    if (matching.length > 0) suppressed.push(finding);
  }

  const isUnread = unreadIn({ notAnalysed, functions });
  for (const allow of allows) {
    if (used.has(allow)) continue;
    const name = allow.function ?? enclosing(allow, functions, tables.get(allow.file))?.name;
    // A function that was not analysed has no findings to silence; its comment may well be right.
    // Outside of all known functions it may stand in one of those.
    if (name === undefined ? notAnalysed.some((each) => each.file === allow.file) : isUnread(allow.file, name)) continue;
    problems.push({
      where: allow.file,
      line: allow.line,
      message: `this comment allows ${allow.rule}, but nothing of that rule is found here; remove it`,
      severity: 'warning',
    });
  }
  return { suppressed, allows, problems };
}

const directive = 'fuse-review:';

/** Only a comment, or a line of one, that begins with the directive counts; prose that mentions it does not. */
const directiveLine = /^[\s/*]*fuse-review:(.*)$/s;

function readAllows(
  unit: CommentedUnit,
  lines: LineTable,
  functions: readonly AnalysedFunction[],
  allows: Allow[],
  problems: InputProblem[],
): void {
  for (const comment of unit.comments) {
    if (!comment.text.includes(directive)) continue;
    if (unit.inactive.some((span) => span.start <= comment.span.start && comment.span.start < span.end)) continue;
    const scope = scopeOf(comment.span, unit, lines, functions);
    const first = lines.lineNumber(comment.span.start);
    const written = comment.text.split('\n');
    for (const [index, text] of written.entries()) {
      const tail = directiveLine.exec(text)?.[1];
      if (tail === undefined) continue;
      const said = bare(tail);
      const line = first + index;
      const warn = (message: string): void => void problems.push({ where: unit.file, line, message, severity: 'warning' });
      const [verb = '', rule = '', ...rest] = said.split(/\s+/);
      const reason = [rest.join(' '), continuation(written, index)].join(' ').trim();
      if (verb !== 'allow') {
        warn(`\`fuse-review: ${verb}\` is not understood; write \`fuse-review: allow <rule> <reason>\``);
      } else if (!isRule(rule)) {
        warn(
          rule === ''
            ? 'this comment allows no rule; write `fuse-review: allow <rule> <reason>`'
            : `there is no rule \`${rule}\`; the rules are ${ruleIds.join(', ')}`,
        );
      } else if (!/[\p{L}\p{N}]/u.test(reason)) {
        warn(`this comment gives no reason, so it does not count; write \`fuse-review: allow ${rule} <reason>\``);
      } else {
        allows.push({ file: unit.file, line, rule, reason, ...scope });
      }
    }
  }
}

/** The lines of a block comment below a directive belong to its reason, up to an empty line or the next directive. */
function continuation(written: readonly string[], index: number): string {
  const more: string[] = [];
  for (const text of written.slice(index + 1)) {
    const line = bare(text);
    if (line === '' || line.includes(directive)) break;
    more.push(line);
  }
  return more.join(' ');
}

/** A comment's text without blanks, stars and slashes at its ends. */
function bare(text: string): string {
  const edge = (at: number): boolean => /[\s*/]/.test(text[at] ?? '');
  let start = 0;
  let end = text.length;
  while (start < end && edge(start)) start++;
  while (end > start && edge(end - 1)) end--;
  return text.slice(start, end);
}

function scopeOf(
  span: Span,
  unit: CommentedUnit,
  lines: LineTable,
  functions: readonly AnalysedFunction[],
): Pick<Allow, 'function' | 'from' | 'to'> {
  const from = lines.lineNumber(span.start);
  const to = lines.lineNumber(Math.max(span.start, span.end - 1));
  const before = unit.text.slice(lines.start(from - 1), span.start);
  // Code before it on its line: the comment speaks of that line only.
  if (before.trim() !== '') return { function: null, from, to };
  const code = nextCode(span.end, unit);
  const below = functions.find((each) => each.span.start >= code);
  // A function's span may begin after its annotations; between them and the comment no other declaration may end.
  if (below !== undefined && !/[;{}#]/.test(unit.text.slice(code, below.span.start))) {
    return { function: below.name, from: lines.lineNumber(below.span.start), to: lines.lineNumber(below.span.end) };
  }
  // Comments may stand between it and the code; an empty line ends what it covers.
  const codeLine = lines.lineNumber(code);
  const gap = unit.text.slice(span.end, code);
  const covered = /\n[ \t]*\r?\n/.test(gap) ? to : codeLine;
  return { function: null, from, to: Math.max(to, covered) };
}

/** Where the first code after an offset begins, past blanks and comments. */
function nextCode(from: number, unit: CommentedUnit): number {
  let at = from;
  for (;;) {
    while (at < unit.text.length && /\s/.test(unit.text[at] ?? '')) at++;
    const comment = unit.comments.find((each) => each.span.start === at);
    if (comment === undefined || comment.span.end <= at) return at;
    at = comment.span.end;
  }
}

function covers(allow: Allow, finding: Finding, lines: LineTable | undefined): boolean {
  if (allow.rule !== finding.rule) return false;
  if (allow.function !== null) return allow.function === finding.function;
  // A statement that runs over several lines may carry its comment on any of them.
  const last = lines === undefined ? finding.line : lines.lineNumber(Math.max(finding.span.start, finding.span.end - 1));
  return allow.from <= Math.max(finding.line, last) && finding.line <= allow.to;
}

function enclosing(allow: Allow, functions: readonly AnalysedFunction[], lines: LineTable | undefined): AnalysedFunction | undefined {
  if (lines === undefined) return undefined;
  const at = lines.start(allow.line - 1);
  return functions.find((each) => each.file === allow.file && each.span.start <= at && at < each.span.end);
}

function isRule(text: string): text is RuleId {
  return (ruleIds as readonly string[]).includes(text);
}
