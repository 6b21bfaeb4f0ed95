// Functions that a text defines and that were not read as such: each is named, with the reason, rather than lost.
import { LineTable } from '../model/source.js';
import type { Declaration, FunctionDefinition, SourceUnit } from './ast.js';
import { definitionsIn, type Definition } from './definitions.js';

type Problem = SourceUnit['errors'][number];

/**
 * What is defined in the text but not among the declarations, as functions with an error, and the problems that are not about
 * them: a function carries what is wrong with it.
 */
export function unreadFunctions(
  text: string,
  declarations: readonly Declaration[],
  problems: readonly Problem[],
): { readonly functions: readonly FunctionDefinition[]; readonly problems: readonly Problem[] } {
  const read = declarations.filter((declaration) => declaration.kind === 'function');
  let next = 0;
  const lost = definitionsIn(text).filter(({ name, nameSpan: { start }, open, sure }) => {
    // What looks like its name may be an annotation, or a macro in front: one function is read between that and the brace.
    for (let each = read[next]; each !== undefined && each.body.span.start < open; each = read[next]) next++;
    const candidate = read[next];
    if (candidate === undefined || candidate.span.start > open) return true;
    if (sure && !/^[A-Z0-9_]+$/.test(name)) return candidate.name !== name;
    return candidate.nameSpan.start < start && candidate.body.span.start !== open;
  });
  if (lost.length === 0) return { functions: [], problems };
  const lines = new LineTable(text);
  const about = (problem: Problem): Definition | undefined =>
    lost.find(({ inside, span }) => !inside && problem.span.start < span.end && problem.span.end > span.start);
  const reasons = new Map<Definition, string>();
  const others = problems.filter((problem) => {
    const definition = about(problem);
    if (definition !== undefined && !reasons.has(definition)) reasons.set(definition, problem.message);
    return definition === undefined;
  });
  const functions = lost.map((definition) => {
    const what = definition.inside ? 'stands inside another function, which is not closed' : 'this definition is not understood';
    return unread(definition, reasons.get(definition) ?? `line ${lines.lineNumber(definition.span.start)}: ${what}`);
  });
  return { functions, problems: others };
}

function unread({ name, nameSpan, span }: Definition, error: string): FunctionDefinition {
  return {
    kind: 'function',
    name,
    nameSpan,
    returns: { kind: 'unknown', text: '' },
    parameters: [],
    variadic: false,
    storage: { static: false, inline: false, extern: false },
    attributes: [],
    body: { kind: 'block', statements: [], span: { start: span.end, end: span.end } },
    error,
    span,
  };
}
