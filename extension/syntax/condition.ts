// The value of an `#if` expression: 64-bit integers, `defined`, the kernel's `IS_ENABLED` and its kin, constant macros.
import { failed, ok, type Result } from '../model/result.js';

/** What the preprocessor knows of names when a condition is evaluated. */
export interface ConditionNames {
  /** Whether `defined(name)` holds. */
  isDefined(name: string): boolean;
  /** Whether a configuration option is on; the name includes `CONFIG_`. */
  option(name: string): boolean;
  /** The text an object-like macro stands for, or undefined for a name that is no such macro. */
  replacement(name: string): string | undefined;
  /** The value of a name that the compiler or kernel headers define, or undefined. */
  value(name: string): bigint | undefined;
}

/** More than any condition in the kernel has; bounds the work that nested macros and parentheses can ask for. */
const MOST_TOKENS = 10_000;
const MOST_NESTING = 200;

const TOKEN =
  /\s+|([A-Za-z_$][\w$]*)|(0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)[uUlL]*|'((?:[^'\\\n]|\\.)+)'|(<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%<>!~&|^?:(),])|("(?:[^"\\\n]|\\.)*")|(.)/gsy;

interface Token {
  readonly kind: 'name' | 'number' | 'operator' | 'other' | 'end';
  readonly text: string;
  readonly value: bigint;
}

const END: Token = { kind: 'end', text: 'the end', value: 0n };

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
  return reader.error === null ? ok(value) : failed(reader.error);
}

function tokens(text: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const [, name, number, character, operator, string, other] = match;
    if (name !== undefined) found.push({ kind: 'name', text: name, value: 0n });
    else if (number !== undefined) found.push({ kind: 'number', text: number, value: numberValue(number) });
    else if (character !== undefined) found.push({ kind: 'number', text: `'${character}'`, value: characterValue(character) });
    else if (operator !== undefined) found.push({ kind: 'operator', text: operator, value: 0n });
    else if (string !== undefined || other !== undefined) found.push({ kind: 'other', text: string ?? other ?? '', value: 0n });
  }
  return found;
}

function numberValue(text: string): bigint {
  const octal = /^0[0-7]+$/.test(text);
  return octal ? BigInt(`0o${text.slice(1)}`) : BigInt(/^0\d/.test(text) ? text.replace(/^0+/, '') || '0' : text);
}

const ESCAPES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, 0: 0, a: 7, b: 8, f: 12, v: 11 };

function characterValue(text: string): bigint {
  if (!text.startsWith('\\')) return BigInt(text.charCodeAt(0));
  const escape = text[1] ?? '';
  if (escape === 'x') return BigInt(Number.parseInt(text.slice(2), 16) || 0);
  if (/^[0-7]/.test(escape)) return BigInt(Number.parseInt(text.slice(1), 8) || 0);
  return BigInt(ESCAPES[escape] ?? escape.charCodeAt(0));
}

/** Names whose argument is a name, not a value. */
const ASKS_FOR_NAME = /^(defined|IS_ENABLED|IS_BUILTIN|IS_MODULE|IS_REACHABLE|__has_\w+)$/;

/** Replaces constant macros by their text, as C does; an error message where that does not end. */
function expand(text: string, names: ConditionNames): Result<readonly Token[], string> {
  const out: Token[] = [];
  /** Texts being replaced, innermost last, so that a macro does not replace itself. */
  const stack: { readonly tokens: Token[]; at: number; readonly name: string | null }[] = [{ tokens: tokens(text), at: 0, name: null }];
  const busy = new Set<string>();
  let quoted = 0;
  for (let top = stack[0]; top !== undefined; top = stack[stack.length - 1]) {
    const token = top.tokens[top.at++];
    if (token === undefined) {
      stack.pop();
      if (top.name !== null) busy.delete(top.name);
      continue;
    }
    const replacement = token.kind === 'name' && quoted === 0 && !busy.has(token.text) ? names.replacement(token.text) : undefined;
    if (replacement !== undefined) {
      if (stack.length > MOST_NESTING) return failed('macros nest too deeply in this condition');
      busy.add(token.text);
      stack.push({ tokens: tokens(replacement), at: 0, name: token.text });
      if (out.length > MOST_TOKENS) return failed('this condition grows too long');
      continue;
    }
    // `defined X`, `defined(X)`, `IS_ENABLED(X)`: the next name stands for itself.
    if (token.kind === 'name') quoted = quoted === 0 && ASKS_FOR_NAME.test(token.text) ? 2 : 0;
    else if (quoted > 0) quoted = token.text === '(' ? quoted - 1 : 0;
    out.push(token);
    if (out.length > MOST_TOKENS) return failed('this condition grows too long');
  }
  return ok(out);
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
  conditional(least: number): bigint {
    if (this.error !== null) return 0n;
    if (++this.depth > MOST_NESTING) return this.fail('this condition nests too deeply');
    const condition = this.binary(least);
    let value = condition;
    if (least === 0 && this.take('?')) {
      const then = this.conditional(0);
      this.expect(':');
      const otherwise = this.conditional(0);
      value = condition !== 0n ? then : otherwise;
    }
    this.depth--;
    return value;
  }

  private binary(least: number): bigint {
    let left = this.unary();
    for (;;) {
      const operator = this.peek();
      const binding = operator.kind === 'operator' ? BINDING[operator.text] : undefined;
      if (binding === undefined || binding <= least || this.error !== null) return left;
      this.at++;
      left = this.apply(operator.text, left, this.conditional(binding));
    }
  }

  private unary(): bigint {
    let signs = '';
    for (let sign = this.peek(); sign.kind === 'operator' && '!~-+'.includes(sign.text); sign = this.peek()) {
      signs += sign.text;
      this.at++;
    }
    let value = this.primary();
    for (let index = signs.length - 1; index >= 0; index--) {
      if (signs[index] === '!') value = value === 0n ? 1n : 0n;
      else if (signs[index] === '~') value = BigInt.asIntN(64, ~value);
      else if (signs[index] === '-') value = BigInt.asIntN(64, -value);
    }
    return value;
  }

  private primary(): bigint {
    const token = this.peek();
    this.at++;
    if (token.kind === 'number') return BigInt.asIntN(64, token.value);
    if (token.kind === 'name') return this.name(token.text);
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
    if (token.kind !== 'name') return this.fail('a name is expected after defined');
    this.at++;
    if (parenthesised) this.expect(')');
    return answer(token.text) ? 1n : 0n;
  }

  /** A function-like macro: `KERNEL_VERSION`, otherwise not known and so 0. */
  private call(name: string): bigint {
    this.expect('(');
    if (name !== 'KERNEL_VERSION') {
      for (let open = 1; open > 0; this.at++) {
        const token = this.peek();
        if (token === END) return this.fail(`'(' after ${name} is not closed`);
        if (token.kind === 'operator' && token.text === '(') open++;
        if (token.kind === 'operator' && token.text === ')') open--;
      }
      return 0n;
    }
    const parts = [this.conditional(0)];
    while (this.take(',')) parts.push(this.conditional(0));
    this.expect(')');
    const [version = 0n, patch = 0n, sub = 0n] = parts;
    return (version << 16n) + (patch << 8n) + (sub > 255n ? 255n : sub);
  }

  private apply(operator: string, left: bigint, right: bigint): bigint {
    const truth = (value: boolean): bigint => (value ? 1n : 0n);
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
        return left | right;
      case '^':
        return left ^ right;
      case '&':
        return left & right;
      case '<<':
        return BigInt.asIntN(64, left << (right & 63n));
      case '>>':
        return left >> (right & 63n);
      case '+':
        return BigInt.asIntN(64, left + right);
      case '-':
        return BigInt.asIntN(64, left - right);
      case '*':
        return BigInt.asIntN(64, left * right);
      // C calls it an error; in a branch that `&&` skips it is none, so it is none here.
      case '/':
        return right === 0n ? 0n : BigInt.asIntN(64, left / right);
      default:
        return right === 0n ? 0n : left % right;
    }
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

  private fail(message: string): bigint {
    this.error ??= message;
    return 0n;
  }
}
