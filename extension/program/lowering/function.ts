// A function's definition becomes its control-flow graph, or the reason why it can't.
import type { Span } from '../../model/source.js';
import type { FunctionDefinition, VariableDeclaration } from '../../syntax/ast.js';
import type { FunctionGraph } from '../graph.js';
import { CannotLower, type LoweringContext } from './context.js';
import { lowerEffect, lowerInto } from './expression.js';
import { lowerInitialiser } from './initialiser.js';
import { Lowering } from './lowering.js';
import { lowerFunctionBody } from './statement.js';

export type Lowered =
  | { readonly kind: 'graph'; readonly graph: FunctionGraph }
  /** `at` is where in the file the reason lies. */
  | { readonly kind: 'not-analysed'; readonly reason: string; readonly at: Span };

/** Lowers one function. Never throws for what the source holds. */
export function lowerFunction(definition: FunctionDefinition, context: LoweringContext): Lowered {
  if (definition.error !== null) return { kind: 'not-analysed', reason: definition.error, at: definition.span };
  return lowered(definition, context, (l) => {
    for (const parameter of definition.parameters) {
      const id = l.builder.variable(parameter.name ?? '', 'parameter', parameter.type, parameter.span);
      if (parameter.name !== null) l.scope.names.set(parameter.name, id);
    }
    const parameterCount = l.builder.variables.length;
    for (const { lengths = [] } of definition.parameters) for (const length of lengths) lowerEffect(l, length);
    lowerFunctionBody(l, definition.body);
    return parameterCount;
  });
}

/** A function without parameters that gives a variable of file scope its initial value, or null where it has none. */
export function lowerGlobalInitialiser(declaration: VariableDeclaration, context: LoweringContext): Lowered | null {
  const { initialiser, name, nameSpan, span, storage } = declaration;
  if (!initialiser) return null;
  return lowered({ name, nameSpan, span, storage, returns: { kind: 'void' }, variadic: false }, context, (l) => {
    l.lasting = true;
    const target = { kind: 'global', name, span: nameSpan } as const;
    if (initialiser.kind === 'initialiser-list') lowerInitialiser(l, target, declaration.type, initialiser);
    else lowerInto(l, initialiser, target, span);
    l.builder.end({ kind: 'return', value: null, span });
    return 0;
  });
}

function lowered(
  head: Pick<FunctionDefinition, 'name' | 'nameSpan' | 'span' | 'storage' | 'returns' | 'variadic'>,
  context: LoweringContext,
  /** Answers how many parameters there are. */
  lower: (l: Lowering) => number,
): Lowered {
  const refuse = (at: Span, reason: string): Lowered => ({ kind: 'not-analysed', reason, at });
  const l = new Lowering(context, head.name, head.returns);
  try {
    l.push({});
    const parameterCount = lower(l);
    const written = l.builder.finish(head.span);
    return {
      kind: 'graph',
      graph: {
        name: head.name,
        file: context.file,
        span: head.span,
        nameSpan: head.nameSpan,
        returns: head.returns,
        storage: head.storage,
        variables: l.builder.variables,
        parameterCount,
        variadic: head.variadic,
        ...written,
      },
    };
  } catch (error) {
    if (error instanceof CannotLower) return refuse(error.span, error.message);
    if (error instanceof RangeError) return refuse(head.span, 'its expressions are nested too deeply');
    throw error;
  }
}
