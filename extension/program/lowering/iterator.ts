// Loops made by macros: expanded where the units define the macro, else one `iterate` a round.
import type { Statement } from '../../syntax/ast.js';
import type { CallArgument, PlaceExpression } from '../graph.js';
import { lowerValue } from './expression.js';
import { lowerPlace } from './place.js';
import { lowerBody, lowerStatement } from './statement.js';
import type { Lowering } from './lowering.js';
import { expandedText, expanding, parsedStatements } from './macro-use.js';
import { intType } from '../types.js';

/** A call to this name in a macro's expansion stands for the loop's body. */
export const iteratorBody = '__iterator_body__';

type Iterator = Extract<Statement, { kind: 'iterator' }>;

export function lowerIterator(l: Lowering, s: Iterator): void {
  const text = expandedText(l, s.macro, s.arguments, s.span);
  if (text !== undefined) return expandIterator(l, s, text);
  const cursorsAt = cursorPositions(s.macro, s.arguments.length);
  const memberAt = memberPosition(s.macro);
  l.push(s);
  const cursors: PlaceExpression[] = [];
  const given = s.arguments.map((argument, at): CallArgument => {
    if (argument.kind === 'type') return { kind: 'type', type: argument.type, text: argument.text };
    if (argument.kind === 'block') return l.fail(argument.span, `${s.macro} is handed a block`);
    if (at === memberAt) return { kind: 'value', value: { kind: 'unknown', text: argument.text, span: argument.span } };
    if (!cursorsAt.includes(at)) return { kind: 'value', value: lowerValue(l, argument.expression) };
    const place = lowerPlace(l, argument.expression);
    cursors.push(place);
    return { kind: 'value', value: place };
  });
  const head = l.builder.block();
  const body = l.target();
  const after = l.target();
  const more = l.temporary(intType, s.span);
  const span = headOf(s);
  l.builder.goto(head, span);
  l.builder.begin(head);
  l.builder.emit({ kind: 'iterate', target: more, cursors, macro: s.macro, arguments: given, span });
  l.branch(more, body, after, 'loop', span);
  l.builder.begin(body.block);
  lowerBody(l, s.body, head, after.block);
  l.builder.goto(head, span);
  l.builder.begin(after.block);
  l.pop(span);
}

/** The macro and its arguments without the body. */
function headOf(s: Iterator): Iterator['span'] {
  return { start: s.span.start, end: Math.max(s.span.start, s.arguments.at(-1)?.span.end ?? s.span.end) };
}

function expandIterator(l: Lowering, s: Iterator, text: string): void {
  expanding(l, s.macro, () => {
    // Names and expansions in the body are those of where it is written.
    const lowerWritten = (): void => {
      const inside = [...l.expansions];
      const own = l.bodies.pop();
      l.expansions.clear();
      l.push(s);
      lowerStatement(l, s.body);
      l.pop(s.body.span);
      for (const name of inside) l.expansions.add(name);
      if (own) l.bodies.push(own);
    };
    l.bodies.push(lowerWritten);
    for (const each of parsedStatements(l, s.macro, `${text} { ${iteratorBody}(); }`, headOf(s))) {
      l.collectLabels(each, l.path());
      lowerStatement(l, each);
    }
    l.bodies.pop();
  });
}

// ---- families ----------------------------------------------------------------------------------------------------

const cursorFamilies: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^xa_for_each/, [1, 2]],
  [/^xas_for_each/, [1]],
  [/^mas_for_each/, [1]],
  [/^mt_for_each/, [1, 2]],
  [/^idr_for_each_entry/, [1, 2]],
  [/^hash_for_each_possible/, [1]],
  [/^hash_for_each_safe/, [1, 2, 3]],
  [/^hash_for_each/, [1, 2]],
  [/^rht_for_each_entry_safe/, [0, 1, 2]],
  [/^rht_for_each_entry|^hlist_nulls_for_each_entry|^for_each_process_thread/, [0, 1]],
  [/^for_each_sg/, [1, 3]],
  [/^bio_for_each_(segment|bvec)/, [0, 2]],
  [/_safe(_\w+)?$/, [0, 1]],
];

/** Which arguments a macro loop writes. Unknown families write their first. */
export function cursorPositions(macro: string, count: number): readonly number[] {
  const known = cursorFamilies.find(([name]) => name.test(macro))?.[1] ?? [0];
  return known.filter((at) => at < count);
}

/** Which argument names a member rather than a value, or -1. */
function memberPosition(macro: string): number {
  if (/^(h?list|llist|plist|hlist_nulls)_for_each_entry_safe|^rbtree_postorder_for_each_entry_safe/.test(macro)) return 3;
  if (/^(h?list|llist|plist)_for_each_entry/.test(macro)) return /^hlist_for_each_entry_(continue|from)/.test(macro) ? 1 : 2;
  if (macro.startsWith('hash_for_each_possible')) return 2;
  if (macro.startsWith('hash_for_each_safe')) return 4;
  return macro.startsWith('hash_for_each') ? 3 : -1;
}
