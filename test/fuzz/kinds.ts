// The kinds of input that the tool reads, and what holds of every one: it is read or refused, with messages that fit on a
// line, and no function of it is lost.
import { kernelLoader } from '../../extension/kernel/loader.js';
import fc from 'fast-check';
import { Checker } from '../../extension/checker/check.js';
import { readKernelLog } from '../../extension/executor/kernel-log.js';
import type { InputProblem } from '../../extension/model/problem.js';
import { applyPatches } from '../../extension/patch/apply.js';
import { readSeries } from '../../extension/patch/series.js';
import { parseBaseline } from '../../extension/review/baseline.js';
import { parseContracts } from '../../extension/review/contract-files.js';
import { parseReplayLine } from '../../extension/review/replay-line.js';
import { readScenario } from '../../extension/scenario/read.js';
import { resolveScenario } from '../../extension/scenario/resolve.js';
import { preprocess } from '../../extension/syntax/preprocessor.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { fuse, fuseRuntime } from '../support/fuse.js';
import { memoryTree } from '../support/memory-tree.js';
import type { Corpus } from './corpus.js';
import { mutated } from './mutations.js';

export interface Kind {
  readonly name: string;
  readonly inputs: fc.Arbitrary<string>;
  /** What is wrong with how an input was read; empty for nothing. Throws for what is a crash. */
  check(input: string): Promise<readonly string[]> | readonly string[];
}

/** No message is longer: it is read on one line of a terminal. */
const longestMessage = 200;

export function kindsOf(corpus: Corpus, parser: SyntaxParser): readonly Kind[] {
  const { vocabulary } = fuseRuntime;
  const base = memoryTree(corpus.trees.at(-1) ?? {});
  const patch = async (text: string): Promise<readonly string[]> => {
    const { patches, problems } = await readSeries([{ name: 'x.mbox', bytes: Buffer.from(text) }]);
    const applied = applyPatches(base, patches).flatMap(({ files }) => files.flatMap((file) => file.problems));
    return longIn([
      ...problems,
      ...patches.flatMap((each) => [...each.problems, ...each.diff.flatMap((file) => file.problems)]),
      ...applied,
    ]);
  };
  const document = (text: string): readonly string[] => {
    const files = [parseBaseline(text, 'b.json'), parseContracts(text, 'c.json')];
    const line = parseReplayLine(text, vocabulary);
    const found = [...files.flatMap((each) => (each.ok ? [] : [each.failure])), ...(line.ok ? [] : line.failure)];
    kernelLoader(parser).load(memoryTree({ 'fs/fuse/Kconfig': text, 'fs/fuse/Makefile': text }), {
      folder: 'fs/fuse',
      config: new Map(),
    });
    return longIn(found);
  };
  const scenario = (text: string): readonly string[] => {
    const { scenario: read, problems } = readScenario('s.yaml', text, vocabulary);
    if (read !== null) resolveScenario(read, vocabulary);
    return longIn(problems);
  };
  const log = (text: string): readonly string[] => {
    readKernelLog(text, '/linux');
    return [];
  };
  return [
    { name: 'C', inputs: mutated(corpus.excerpts), check: (text) => checkC(text, parser) },
    { name: 'patch', inputs: mutated(corpus.patches), check: patch },
    { name: 'mail', inputs: mutated(corpus.mails), check: patch },
    { name: 'scenario', inputs: mutated(corpus.scenarios), check: scenario },
    { name: 'log', inputs: mutated(corpus.logs), check: log },
    { name: 'document', inputs: mutated(corpus.documents), check: document },
  ];
}

function longIn(problems: readonly InputProblem[]): string[] {
  return problems.flatMap(({ message }) => tooLong(message));
}

function tooLong(message: string): string[] {
  if (message.length > longestMessage) return [`a message of ${message.length} characters: ${message}`];
  return message.includes('\n') ? [`a message of several lines: ${JSON.stringify(message)}`] : [];
}

function checkC(text: string, parser: SyntaxParser): readonly string[] {
  const program = kernelLoader(parser).load(memoryTree({ 'fs/fuse/x.c': text }), {
    folder: 'fs/fuse',
    headers: fuse.headers,
    config: new Map(),
  });
  const { findings, notAnalysed } = new Checker().check(program);
  const complaints = [...notAnalysed.map(({ reason }) => reason), ...findings.map(({ message }) => message)].flatMap(tooLong);
  complaints.push(...notAnalysed.flatMap(({ reason }) => (reason.includes('internal error') ? [reason] : [])));
  const known = new Set([...program.functions.map(({ name }) => name), ...notAnalysed.map((each) => each.function)]);
  for (const name of namesIn(text)) if (!known.has(name)) complaints.push(`${name}() is neither analysed nor named`);
  return complaints;
}

const hidden = /\/\*[^]*?(?:\*\/|$)|\/\/(?:\\\r?\n|[^\n])*|"(?:\\[^]|[^"\\\n])*"?|'(?:\\[^]|[^'\\\n])*'?/g;

const control = /\b(?:if|else|for|while|do|switch|case|goto|return|typedef|enum)\b/;

/** Functions by the plainest sign there is: a type and a name at the margin, parentheses, and a brace at the margin. */
function namesIn(text: string): readonly string[] {
  const { text: active } = preprocess(text, { option: () => true });
  const plain = active.replace(hidden, (found) => found.replace(/[^\n]/g, ' '));
  const heads = plain.matchAll(/(?<![^\n])((?:[a-z]\w*[ *]+)+)([a-z]\w*)\([^(){};=]*\)\n\{\n/g);
  return [...heads].flatMap(([, type = '', name = '']) => (control.test(`${type} ${name}`) ? [] : [name]));
}
