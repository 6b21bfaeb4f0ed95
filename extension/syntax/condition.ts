// The value of an `#if` expression (C11 6.10.1): signed and unsigned 64-bit integers, `defined`, the kernel's `IS_ENABLED` and its kin, constant macros.
import { failed, ok, type Result } from '../model/result.js';
import { characterLiteral } from './literals.js';

/** What the preprocessor knows of names when a condition is evaluated. */
export interface ConditionNames {
  /** Whether `defined(name)` holds. */
  isDefined(name: string): boolean;
  /** Whether a configuration option is on; the name includes `CONFIG_`. */
  option(name: string): boolean;
  /** The text an object-like macro stands for, or undefined for a name that is no such macro. */
  replacement(name: string): string | undefined;
  /** A macro with parameters, or undefined for a name that is none. */
  functionLike(name: string): { readonly parameters: readonly string[]; readonly body: string } | undefined;
  /** The value of a name that the compiler or kernel headers define, or undefined. */
  value(name: string): bigint | undefined;
}

/** More than any condition in the kernel has; bounds the work that nested macros and parentheses can ask for. */
const MOST_TOKENS = 10_000;
const MOST_NESTING = 200;

const TOKEN =
  /\s+|((?:u8|[LuU])?'(?:[^'\\\n]|\\.)+')|([A-Za-z_$][\w$]*)|(0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)[uUlL]*|(<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%<>!~&|^?:(),])|("(?:[^"\\\n]|\\.)*")|(.)/gsy;

interface Token {
  readonly kind: 'name' | 'number' | 'operator' | 'other' | 'end';
  readonly text: string;
  readonly value: bigint;
  readonly unsigned: boolean;
}

/** As intmax_t or as uintmax_t. */
interface Operand {
  readonly value: bigint;
  readonly unsigned: boolean;
}

const zero: Operand = { value: 0n, unsigned: false };

const END: Token = { kind: 'end', text: 'the end', ...zero };

/** Binary operators by how tightly they bind. */
const BINDING: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 7,
  '>': 7,
  '<=': 7,
  '>=': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
};

/** Evaluates the text of a condition that has neither comments nor line continuations. Never throws. */
export function evaluateCondition(text: string, names: ConditionNames): Result<bigint, string> {
  const expanded = expand(text, names);
  if (!expanded.ok) return expanded;
  const reader = new ConditionReader(expanded.value, names);
  const value = reader.conditional(0);
  reader.expectEnd();
  return reader.error === null ? ok(value.value) : failed(reader.error);
}

function tokens(text: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const [, character, name, number, operator, string, other] = match;
    if (character !== undefined) found.push({ kind: 'number', text: character, ...characterValue(character) });
    else if (name !== undefined) found.push({ kind: 'name', text: name, ...zero });
    else if (number !== undefined) found.push({ kind: 'number', text: number, ...numberValue(number, match[0]) });
    else if (operator !== undefined) found.push({ kind: 'operator', text: operator, ...zero });
    else if (string !== undefined || other !== undefined) found.push({ kind: 'other', text: string ?? other ?? '', ...zero });
  }
  return found;
}

/** Unsigned by its suffix, or where no signed type holds it, whatever its base. */
function numberValue(digits: string, written: string): Operand {
  const octal = /^0[0-7]+$/.test(digits);
  const value = octal ? BigInt(`0o${digits.slice(1)}`) : BigInt(/^0\d/.test(digits) ? digits.replace(/^0+/, '') || '0' : digits);
  return operand(value, /u/i.test(written.slice(digits.length)) || value > 0x7fffffffffffffffn);
}

/** A char is unsigned, as the kernel has it, and so is a lone character; several make an int. */
function characterValue(text: string): Operand {
  const { value, type } = characterLiteral(text);
  return operand(value, !type.signed || (value < 0x100n && text.startsWith("'") && isLone(text)));
}

function isLone(text: string): boolean {
  return /^'(?:[\x20-\x7e]|\\.|\\x[\da-fA-F]+|\\[0-7]{1,3})'$/.test(text);
}

function operand(value: bigint, unsigned: boolean): Operand {
  return { value: unsigned ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value), unsigned };
}

/** Names whose argument is a name, not a value. */
const ASKS_FOR_NAME = /^(defined|IS_ENABLED|IS_BUILTIN|IS_MODULE|IS_REACHABLE|__has_\w+)$/;

/** Replaces macros by their text, as C does; an error message where that does not end. */
function expand(text: string, names: ConditionNames): Result<readonly Token[], string> {
  return expandTokens(tokens(text), names, { tokens: 0, depth: 0 });
}

/** How much of a condition macros have become, and how deep in arguments this is. */
interface Work {
  tokens: number;
  depth: number;
}

function expandTokens(list: Token[], names: ConditionNames, work: Work): Result<Token[], string> {
  const out: Token[] = [];
  if (++work.depth > MOST_NESTING) return failed('macros nest too deeply in this condition');
  /** Texts being replaced, innermost last, so that a macro does not replace itself. */
  const stack: { readonly tokens: Token[]; at: number; readonly name: string | null }[] = [{ tokens: list, at: 0, name: null }];
  const busy = new Set<string>();
  const enter = (name: string, replaced: Token[]): string | null => {
    if (stack.length > MOST_NESTING) return 'macros nest too deeply in this condition';
    if ((work.tokens += replaced.length + 1) > MOST_TOKENS) return 'this condition grows too long';
    busy.add(name);
    stack.push({ tokens: replaced, at: 0, name });
    return null;
  };
  let quoted = 0;
  for (let top = stack[0]; top !== undefined; top = stack[stack.length - 1]) {
    const token = top.tokens[top.at++];
    if (token === undefined) {
      stack.pop();
      if (top.name !== null) busy.delete(top.name);
      continue;
    }
    const isOpen = token.kind === 'name' && quoted === 0 && !busy.has(token.text);
    const replacement = isOpen ? names.replacement(token.text) : undefined;
    if (replacement !== undefined) {
      const error = enter(token.text, tokens(replacement));
      if (error !== null) return failed(error);
      continue;
    }
    const called = isOpen && top.tokens[top.at]?.text === '(' ? names.functionLike(token.text) : undefined;
    if (called) {
      const expansion = expandedCall(token.text, called, top.tokens, top.at, (given) => expandTokens(given, names, work));
      if (!expansion.ok) return expansion;
      top.at = expansion.value.end;
      const error = enter(token.text, expansion.value.tokens);
      if (error !== null) return failed(error);
      continue;
    }
    // `defined X`, `defined(X)`, `IS_ENABLED(X)`: the next name stands for itself.
    if (token.kind === 'name') quoted = quoted === 0 && ASKS_FOR_NAME.test(token.text) ? 2 : 0;
    else if (quoted > 0) quoted = token.text === '(' ? quoted - 1 : 0;
    out.push(token);
    if (out.length > MOST_TOKENS) return failed('this condition grows too long');
  }
  work.depth--;
  return ok(out);
}

/** The tokens of a call of a macro, whose `(` is at a place, and where it ends. Arguments are expanded before they are put in. */
function expandedCall(
  name: string,
  { parameters, body }: { readonly parameters: readonly string[]; readonly body: string },
  all: readonly Token[],
  from: number,
  expanded: (given: Token[]) => Result<Token[], string>,
): Result<{ readonly tokens: Token[]; readonly end: number }, string> {
  const given: Token[][] = [[]];
  let depth = 0;
  let end = from;
  do {
    const token = all[end++];
    if (token === undefined) return failed(`'(' after ${name} is not closed`);
    if (token.text === '(' && depth++ === 0) continue;
    if (token.text === ')' && --depth === 0) break;
    if (token.text === ',' && depth === 1) given.push([]);
    else given.at(-1)?.push(token);
  } while (depth > 0);
  const count = parameters.length === 0 && given.length === 1 && given[0]?.length === 0 ? 0 : given.length;
  const replaced = tokens(body);
  if (replaced.some(({ text }) => text === '#')) return failed(`${name} makes tokens, which is not followed in a condition`);
  if (count !== parameters.length) return failed(`${name} takes ${parameters.length} arguments, ${count} are given`);
  for (const [at, each] of given.entries()) {
    const made = expanded(each);
    if (!made.ok) return made;
    given[at] = made.value;
  }
  return ok({
    tokens: replaced.flatMap((token) => (token.kind === 'name' ? (given[parameters.indexOf(token.text)] ?? [token]) : [token])),
    end,
  });
}

class ConditionReader {
  error: string | null = null;
  private at = 0;
  private depth = 0;

  constructor(
    private readonly all: readonly Token[],
    private readonly names: ConditionNames,
  ) {}

  expectEnd(): void {
    if (this.peek() !== END) this.fail(`'${this.peek().text}' is not expected in a condition`);
  }

  /** `a ? b : c` and everything that binds tighter. */
  conditional(least: number): Operand {
    if (this.error !== null) return zero;
    if (++this.depth > MOST_NESTING) return this.fail('this condition nests too deeply');
    const condition = this.binary(least);
    let value = condition;
    if (least === 0 && this.take('?')) {
      const then = this.conditional(0);
      this.expect(':');
      const otherwise = this.conditional(0);
      value = operand(condition.value !== 0n ? then.value : otherwise.value, then.unsigned || otherwise.unsigned);
    }
    this.depth--;
    return value;
  }

  private binary(least: number): Operand {
    let left = this.unary();
    for (;;) {
      const operator = this.peek();
      const binding = operator.kind === 'operator' ? BINDING[operator.text] : undefined;
      if (binding === undefined || binding <= least || this.error !== null) return left;
      this.at++;
      left = apply(operator.text, left, this.conditional(binding));
    }
  }

  private unary(): Operand {
    let signs = '';
    for (let sign = this.peek(); sign.kind === 'operator' && '!~-+'.includes(sign.text); sign = this.peek()) {
      signs += sign.text;
      this.at++;
    }
    let result = this.primary();
    for (let index = signs.length - 1; index >= 0; index--) {
      const { value, unsigned } = result;
      if (signs[index] === '!') result = operand(value === 0n ? 1n : 0n, false);
      else if (signs[index] === '~') result = operand(~value, unsigned);
      else if (signs[index] === '-') result = operand(-value, unsigned);
    }
    return result;
  }

  private primary(): Operand {
    const token = this.peek();
    this.at++;
    if (token.kind === 'number') return token;
    if (token.kind === 'name') return operand(this.name(token.text), false);
    if (token.text === '(' && token.kind === 'operator') {
      const value = this.conditional(0);
      this.expect(')');
      return value;
    }
    return this.fail(`${token === END ? 'the condition ends' : `'${token.text}' stands`} where a value is expected`);
  }

  private name(name: string): bigint {
    switch (name) {
      case 'defined':
        return this.asked((asked) => this.names.isDefined(asked));
      case 'IS_ENABLED':
      case 'IS_BUILTIN':
      case 'IS_REACHABLE':
        return this.asked((asked) => this.names.option(asked));
      case 'IS_MODULE':
        return this.asked((asked) => this.names.option(`${asked}_MODULE`));
      case 'true':
        return 1n;
    }
    if (this.peek().text === '(') return this.call(name);
    if (name.startsWith('CONFIG_')) return this.names.option(name) ? 1n : 0n;
    return this.names.value(name) ?? 0n;
  }

  /** The name after `defined` and its like, with or without parentheses. */
  private asked(answer: (name: string) => boolean): bigint {
    const parenthesised = this.take('(');
    const token = this.peek();
    if (token.kind !== 'name') return this.fail('a name is expected after defined').value;
    this.at++;
    if (parenthesised) this.expect(')');
    return answer(token.text) ? 1n : 0n;
  }

  /** A macro that is not seen: `KERNEL_VERSION`, otherwise not known and so 0. */
  private call(name: string): bigint {
    this.expect('(');
    if (name !== 'KERNEL_VERSION') {
      for (let open = 1; open > 0; this.at++) {
        const token = this.peek();
        if (token === END) return this.fail(`'(' after ${name} is not closed`).value;
        if (token.kind === 'operator' && token.text === '(') open++;
        if (token.kind === 'operator' && token.text === ')') open--;
      }
      return 0n;
    }
    const parts = [this.conditional(0).value];
    while (this.take(',')) parts.push(this.conditional(0).value);
    this.expect(')');
    const [version = 0n, patch = 0n, sub = 0n] = parts;
    return (version << 16n) + (patch << 8n) + (sub > 255n ? 255n : sub);
  }

  private peek(): Token {
    return this.all[this.at] ?? END;
  }

  private take(operator: string): boolean {
    const token = this.peek();
    if (token.kind !== 'operator' || token.text !== operator) return false;
    this.at++;
    return true;
  }

  private expect(operator: string): void {
    if (!this.take(operator)) this.fail(`'${operator}' is missing in this condition`);
  }

  private fail(message: string): Operand {
    this.error ??= message;
    return zero;
  }
}

/** Both are unsigned where one is (C11 6.3.1.8); a shift goes by what is shifted. */
function apply(operator: string, first: Operand, second: Operand): Operand {
  const unsigned = first.unsigned || second.unsigned;
  const [left, right] = [operand(first.value, unsigned).value, operand(second.value, unsigned).value];
  const truth = (value: boolean): Operand => operand(value ? 1n : 0n, false);
  switch (operator) {
    case '||':
      return truth(left !== 0n || right !== 0n);
    case '&&':
      return truth(left !== 0n && right !== 0n);
    case '==':
      return truth(left === right);
    case '!=':
      return truth(left !== right);
    case '<':
      return truth(left < right);
    case '>':
      return truth(left > right);
    case '<=':
      return truth(left <= right);
    case '>=':
      return truth(left >= right);
    case '|':
      return operand(left | right, unsigned);
    case '^':
      return operand(left ^ right, unsigned);
    case '&':
      return operand(left & right, unsigned);
    case '<<':
      return shifted(first, second);
    case '>>':
      return shifted(first, operand(-second.value, false));
    case '+':
      return operand(left + right, unsigned);
    case '-':
      return operand(left - right, unsigned);
    case '*':
      return operand(left * right, unsigned);
    // C calls it an error; in a branch that `&&` skips it is none, so it is none here.
    case '/':
      return operand(right === 0n ? 0n : left / right, unsigned);
    default:
      return operand(right === 0n ? 0n : left % right, unsigned);
  }
}

/** To the left, or to the right by a count below 0; by 64 bits or more nothing but the sign is left. */
function shifted({ value, unsigned }: Operand, { value: by }: Operand): Operand {
  if (by >= 64n) return operand(0n, unsigned);
  if (by >= 0n) return operand(value << by, unsigned);
  return operand(value >> (by < -64n ? 64n : -by), unsigned);
}
