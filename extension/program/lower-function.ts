// A function's definition becomes its control-flow graph, or the reason why it can't.
import type { Span } from '../model/source.js';
import type { FunctionDefinition } from '../syntax/ast.js';
import type { FunctionGraph } from './graph.js';
import { CannotLower, type LowerContext } from './lower-context.js';
import { LowerState } from './lower-state.js';
import { lowerFunctionBody } from './lower-statement.js';

export type Lowered =
  | { readonly kind: 'graph'; readonly graph: FunctionGraph }
  /** `at` is where in the file the reason lies. */
  | { readonly kind: 'not-analysed'; readonly reason: string; readonly at: Span };

/** Lowers one function. Never throws for what the source holds. */
export function lowerFunction(definition: FunctionDefinition, context: LowerContext): Lowered {
  const refuse = (at: Span, reason: string): Lowered => ({ kind: 'not-analysed', reason, at });
  if (definition.error !== null) return refuse(definition.span, definition.error);
  const l = new LowerState(context, definition.name, definition.returns);
  try {
    l.push({});
    for (const parameter of definition.parameters) {
      const id = l.builder.variable(parameter.name ?? '', 'parameter', parameter.type, parameter.span);
      if (parameter.name !== null) l.scope.names.set(parameter.name, id);
    }
    const parameterCount = l.builder.variables.length;
    lowerFunctionBody(l, definition.body);
    const { blocks, labels } = l.builder.finish(definition.span);
    return {
      kind: 'graph',
      graph: {
        name: definition.name,
        file: context.file,
        span: definition.span,
        nameSpan: definition.nameSpan,
        returns: definition.returns,
        storage: definition.storage,
        variables: l.builder.variables,
        parameterCount,
        variadic: definition.variadic,
        blocks,
        labels,
      },
    };
  } catch (error) {
    if (error instanceof CannotLower) return refuse(error.span, error.message);
    if (error instanceof RangeError) return refuse(definition.span, 'its expressions are nested too deeply');
    throw error;
  }
}
