// `fuse-review call FILE.c FUNCTION [NUMBER…]`: asks the simulator what a function of one file does, without a tree around it.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Called, CallRequest } from '../../model/called.js';
import { fitting } from '../../model/problem.js';
import { failed, ok, type Result } from '../../model/result.js';
import { decodeText } from '../../patch/decode-text.js';
import { errorAt } from '../../patch/problems.js';
import { calledToJson } from '../../review/report/json/call-json.js';
import { formatCalled } from '../../review/report/text/call-text.js';
import { defaultBounds, type Bounds } from '../../simulator/explore/bounds.js';
import { exitCodes, refused, type CommandResult, type Io } from '../io.js';
import { whyUnreadable } from '../named-files.js';
import { paintFor } from '../options.js';
import { boundOption } from '../simulate/bounds.js';
import { ProgressLine } from '../progress-line.js';

interface CallOptions {
  readonly parallel?: readonly string[];
  readonly faults?: number;
  readonly limit?: number;
  readonly bound: Bounds;
  readonly format: 'text' | 'json';
  readonly all?: boolean;
}

export function addCallCommand(program: Command, io: Io, done: (outcome: CommandResult) => void): Command {
  return program
    .command('call')
    .description('run functions of one C file on the modelled kernel, and say what they answer, or what goes wrong in any order of threads')
    .argument('<file>', 'the C file, which needs no tree around it; setup() and teardown() of it run before and after')
    .argument('[function]', 'the function that is called')
    .argument('[number...]', 'its arguments: whole numbers, decimal or with 0x')
    .option('--parallel <functions>', 'call these at the same time instead, in all orders of their steps: F,G or more', functionNames)
    .option('--faults <number>', 'let up to so many calls fail that can (default: 0)', wholeNumber)
    .option('--limit <seconds>', 'how long it may take (default: 60)', secondCount)
    .addOption(boundOption({ ...defaultBounds, faults: 0 }))
    .addOption(new Option('--format <format>', 'how to print the result').choices(['text', 'json']).default('text'))
    .option('--all', 'print each step of the path to an error, also of the model')
    .action(async (file: string, name: string | undefined, numbers: readonly string[], options: CallOptions) =>
      done(await call(file, name, numbers, options, io)),
    );
}

function functionNames(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.length < 2 || !names.every((name) => /^[A-Za-z_]\w*$/.test(name)))
    throw new InvalidArgumentError('Write two functions or more: F,G.');
  return names;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('Write a whole number.');
  return Number(text);
}

function secondCount(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('Write a number of seconds.');
  return Number(text);
}

async function call(
  file: string,
  name: string | undefined,
  numbers: readonly string[],
  options: CallOptions,
  io: Io,
): Promise<CommandResult> {
  const { parallel } = options;
  if (parallel !== undefined && name !== undefined)
    return refused(errorAt('--parallel', 'takes no function beside it; name all in it: --parallel F,G'));
  const functions = parallel ?? (name === undefined ? [] : [name]);
  if (functions.length === 0) return refused(errorAt(file, 'name the function to call, or several with --parallel F,G'));
  const values = numbers.map((text) => ({ text, value: numberOf(text) }));
  const wrong = values.find(({ value }) => value === null);
  if (wrong !== undefined)
    return refused(errorAt(name ?? '', fitting(`'${wrong.text}' is no whole number of up to 64 bits, such as 12, -1 or 0x10`)));
  const text = textOf(file, io.cwd);
  if (!text.ok) return refused(errorAt(file, text.failure));
  const request: CallRequest = { file, text: text.value, functions, arguments: values.map(({ value }) => String(value)) };
  const called = await run(request, options, io);
  if (!called.ok) return io.interrupted?.aborted === true ? ok(exitCodes.interrupted) : refused(errorAt(file, called.failure));
  const json = options.format === 'json';
  const told = json ? `${JSON.stringify(calledToJson(called.value), null, 2)}\n` : formatCalled(called.value, textOptions(options, io));
  io.out(told);
  return ok(exitCodeOf(called.value, io));
}

async function run(request: CallRequest, { bound, faults, limit }: CallOptions, io: Io): Promise<Result<Called, string>> {
  const bounds: Bounds = {
    ...bound,
    ...(faults === undefined ? {} : { faults }),
    ...(limit === undefined ? {} : { milliseconds: limit * 1000 }),
  };
  const runner = io.runner(null);
  const progress = new ProgressLine(io);
  try {
    return await runner.call(request, bounds, {
      ...(io.interrupted === undefined ? {} : { signal: io.interrupted }),
      onProgress: ({ executions, errors }) =>
        progress.report({ phase: 'simulate', done: executions, total: null, text: `${errors} errors (${request.functions.join(', ')})` }),
    });
  } finally {
    progress.clear();
    await runner.dispose();
  }
}

function exitCodeOf({ result, answers, request }: Called, io: Io): number {
  if (result.counterexamples.length > 0) return exitCodes.findings;
  if (io.interrupted?.aborted === true) return exitCodes.interrupted;
  const answered = request.functions.length > 1 || answers.length > 0;
  return result.bounds.exhaustive && answered ? exitCodes.clean : exitCodes.incomplete;
}

function textOptions({ all }: CallOptions, io: Io): Parameters<typeof formatCalled>[1] {
  return { paint: paintFor(io, {}), all: all === true };
}

/** The number in decimal; null where it is none that 64 bits hold, with a sign or without. */
function numberOf(text: string): string | null {
  const [, sign = '', digits = ''] = /^([-+]?)(0[xX][\da-fA-F]+|\d+)$/.exec(text) ?? [];
  if (digits === '') return null;
  const value = BigInt(digits) * (sign === '-' ? -1n : 1n);
  return value >= -(2n ** 63n) && value < 2n ** 64n ? String(value) : null;
}

function textOf(file: string, cwd: string): Result<string, string> {
  if (!/\.[ch]$/.test(file)) return failed('is no C file; its name ends in .c or .h');
  try {
    return ok(decodeText(readFileSync(resolve(cwd, file))).text);
  } catch (error) {
    return failed(`cannot be read: ${whyUnreadable(error)}`);
  }
}
