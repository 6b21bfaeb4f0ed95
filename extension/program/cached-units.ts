// Files parsed, for as long as their text and the options that they were parsed under stay the same.
import { failed, ok, type Result } from '../model/result.js';
import type { Span } from '../model/source.js';
import type { Block, Expression, SourceUnit } from '../syntax/ast.js';
import type { SyntaxParser } from '../syntax/parser.js';
import type { Options } from './kconfig.js';

/** Results cached for a file, so that a tree before and after a patch don't push each other out. */
const perFile = 4;

/** Expressions without a place that are cached before all are forgotten. */
const expressionsCached = 5000;

interface CachedUnit {
  readonly text: string;
  readonly key: string;
  readonly unit: SourceUnit;
}

/** Parses with one parser, and gives the same unit for the same text. */
export class CachedUnits {
  private readonly units = new Map<string, CachedUnit[]>();
  private readonly expressions = new Map<string, Result<Expression, string>>();

  constructor(private readonly parser: SyntaxParser) {}

  /** A file of a tree, or the reason why it could not be parsed. */
  unit(file: string, text: string, options: Options): Result<SourceUnit, string> {
    const key = options.key;
    const list = this.units.get(file) ?? [];
    const known = list.find((each) => each.text === text && each.key === key);
    if (known) return ok(known.unit);
    try {
      const unit = this.parser.parse(file, text, {
        option: (name) => options.get(name),
        defined: (name) => (name === '__KERNEL__' ? true : undefined),
      });
      this.units.set(file, [{ text, key, unit }, ...list].slice(0, perFile));
      return ok(unit);
    } catch (error) {
      return failed(`could not be parsed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** A prelude's file, in which `defined` answers for what the tree has. Depends on the whole program: not cached. */
  prelude(file: string, text: string, options: Options, defined: (name: string) => boolean | undefined): SourceUnit {
    return this.parser.parse(file, text, { option: (name) => options.get(name), defined });
  }

  statements(text: string, span: Span): Result<Block, string> {
    return this.parser.parseStatements(text, span);
  }

  expression(text: string, span: Span): Result<Expression, string> {
    if (span.end !== 0) return this.parser.parseExpression(text, span);
    // Constants are asked for without a place, once for every file.
    const known = this.expressions.get(text);
    if (known) return known;
    const parsed = this.parser.parseExpression(text, span);
    if (this.expressions.size > expressionsCached) this.expressions.clear();
    this.expressions.set(text, parsed);
    return parsed;
  }
}
