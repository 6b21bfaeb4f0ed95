// Inline assembly without an instruction: a barrier for the compiler, or a value that it is not to look through.
import type { Span } from '../../model/source.js';
import type { Lowering } from './lowering.js';
import { lowerEffect, lowerInto } from './expression.js';
import { lowerPlace } from './place.js';

/** Lowers `asm("" : outputs : inputs : clobbers)`; false for anything of which something more would have to be known. */
export function lowerEmptyAssembly(l: Lowering, text: string, span: Span): boolean {
  const parts = /^[^(]*\(([^]*)\)\s*$/.exec(text)?.[1];
  if (parts === undefined || /\bgoto\b/.test(text.slice(0, text.indexOf('(')))) return false;
  const [template = '', outputs = '', inputs = ''] = cut(parts, ':');
  if (!/^(?:\s*"\s*")+\s*$/.test(template)) return false;
  const given = operands(inputs);
  const taken = operands(outputs);
  if (given === null || taken === null) return false;
  // Which input each output is given: none where it is left as it is, because it is read too or lies in memory.
  const tied = taken.map(({ constraint }, at) =>
    /^[+]|^=&?[moV]+$/.test(constraint) ? null : given.findIndex((each) => each.constraint.replace('%', '') === String(at)),
  );
  if (tied.some((at) => at === -1)) return false;
  const [targets, sources] = [taken, given].map((list) => list.map(({ value }) => l.context.parseExpression(value, span)));
  if (!targets?.every((each) => each.ok) || !sources?.every((each) => each.ok)) return false;
  const places = targets.map((each) => lowerPlace(l, each.value));
  for (const [at, each] of sources.entries()) if (!tied.includes(at)) lowerEffect(l, each.value);
  for (const [at, place] of places.entries()) {
    const source = sources[tied[at] ?? -1];
    if (source) lowerInto(l, source.value, place, span);
  }
  return true;
}

/** `"=r" (x), [name] "0" (y)` as constraints and expressions; null where it does not read so. */
function operands(text: string): readonly { readonly constraint: string; readonly value: string }[] | null {
  if (text.trim() === '') return [];
  const found = cut(text, ',').map((each) => /^\s*(?:\[\w+\]\s*)?"([^"]*)"\s*\(([^]*)\)\s*$/.exec(each));
  if (found.some((each) => each === null)) return null;
  return found.map((each) => ({ constraint: each?.[1] ?? '', value: each?.[2] ?? '' }));
}

/** Cut at a character that is in no brackets and no string. */
function cut(text: string, at: string): string[] {
  const found = [''];
  let depth = 0;
  for (const piece of text.match(/"(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'|[^]/g) ?? []) {
    if (piece === '(' || piece === '[') depth++;
    if (piece === ')' || piece === ']') depth--;
    if (piece === at && depth === 0) found.push('');
    else found.push(`${found.pop() ?? ''}${piece}`);
  }
  return found;
}
