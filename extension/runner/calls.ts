// Functions of one C file, called on the model of the kernel alone: what is no part of any subsystem can be asked too.
import { callText, type CallAnswer, type Called, type CallRequest } from '../model/called.js';
import { fitting } from '../model/problem.js';
import { failed, ok, type Result } from '../model/result.js';
import type { OperationStep, Scenario, Vocabulary } from '../model/scenario.js';
import type { Assumption, SimulationResult } from '../model/simulation.js';
import type { SourceTree } from '../model/source.js';
import type { FunctionGraph } from '../program/graph.js';
import type { ProgramLoader } from '../program/load.js';
import type { Program } from '../program/program.js';
import { mostThreads } from '../scenario/resolve.js';
import type { Runtime } from '../scenario/runtime.js';
import { createSimulator, type RunOptions } from '../simulator/simulator.js';
import type { CType } from '../syntax/ast.js';

/** What calls the functions: a part of the model, as none of it is code under review. */
const callerFile = 'runtime/caller.h';
const setupDriver = '__call_setup';
const teardownDriver = '__call_teardown';

/** Runs the request, or says in one line why that can't be done. */
export function callFunctions(
  loader: ProgramLoader,
  kernel: Runtime['prelude'],
  request: CallRequest,
  options: RunOptions,
): Result<Called, string> {
  const { functions, text } = request;
  if (functions.length > mostThreads) return failed(`${functions.length} functions at the same time; ${mostThreads} is the most`);
  const file = programFile(request.file);
  const load = (prelude: Runtime['prelude']): Program =>
    loader.load(treeOf(file, text), { folder: folderOf(file), config: new Map(), prelude });
  // How it is called hangs on what it takes and returns, which is known once it is read.
  const read = load(kernel);
  const broken = read.notAnalysed.find((each) => each.file === file && each.function === '');
  if (broken !== undefined) return failed(fitting(`does not parse: ${broken.reason}`));
  const graphs: FunctionGraph[] = [];
  for (const name of functions) {
    const found = functionOf(read, name, file);
    if (!found.ok) return found;
    const why = whyNotCalled(found.value, request, read);
    if (why !== null) return failed(fitting(why));
    graphs.push(found.value);
  }
  const around: Partial<Record<'setup' | 'teardown', FunctionGraph>> = {};
  for (const name of ['setup', 'teardown'] as const) {
    if (!defines(read, name, file)) continue;
    const found = functionOf(read, name, file);
    if (!found.ok) return found;
    if (found.value.parameterCount > 0) return failed(`${name}() takes arguments; what runs before and after the calls takes none`);
    around[name] = found.value;
  }
  const program = load([...kernel, { file: callerFile, text: callerText(request, graphs, around) }]);
  for (const name of [...functions, ...Object.keys(around)]) {
    if (program.resolve(name, callerFile)?.file === file) continue;
    return failed(`${name}() is static, and the model of the kernel has another of that name; rename it`);
  }
  const scenario = scenarioOf(request);
  const result = createSimulator(program, vocabularyOf(scenario), file).run(scenario, { ...options, outcomes: true, whole: true });
  if (result.verdict === 'not run' && result.unread === undefined) return failed(fitting(`not run: ${result.reason ?? ''}`));
  // What comes after a part that was not understood is no answer.
  if (result.verdict !== 'errors' && result.unread !== undefined)
    return failed(fitting(`not run to the end: ${result.reason ?? result.bounds.stopped ?? ''}`));
  const [only] = graphs;
  const nothing = graphs.length === 1 && only?.returns.kind === 'void';
  const assumed = [...result.assumed, ...assumedOptions(program, text)];
  return ok({ request, result: { ...result, assumed }, answers: graphs.length === 1 ? answersOf(result, nothing) : [], nothing });
}

/** A file of the model begins with `runtime/`, and a user's is none. */
function programFile(named: string): string {
  return named.startsWith('runtime/') ? `./${named}` : named;
}

function folderOf(file: string): string {
  const end = file.lastIndexOf('/');
  return end < 0 ? '.' : end === 0 ? '' : file.slice(0, end);
}

/** A tree with one file. */
function treeOf(file: string, text: string): SourceTree {
  const folder = folderOf(file);
  const name = file.slice(file.lastIndexOf('/') + 1);
  const path = folder === '.' || folder === '' ? name : file;
  return {
    label: file,
    read: (asked) => (asked === path ? text : undefined),
    list: (asked) => (asked === folder ? [name] : []),
    problems: () => [],
  };
}

function defines(program: Program, name: string, file: string): boolean {
  return program.functions.some((each) => each.name === name && each.file === file) || whyUnread(program, name, file) !== undefined;
}

function whyUnread(program: Program, name: string, file: string): string | undefined {
  return program.notAnalysed.find((each) => each.function === name && each.file === file)?.reason;
}

function functionOf(program: Program, name: string, file: string): Result<FunctionGraph, string> {
  const why = whyUnread(program, name, file);
  if (why !== undefined) return failed(fitting(`${name}() could not be read: ${why}`));
  const found = program.functions.find((each) => each.name === name && each.file === file);
  if (found) return ok(found);
  const names = program.functions.filter((each) => each.file === file).map((each) => each.name);
  const has = names.length === 0 ? 'it defines no function' : `it has ${names.slice(0, 6).join(', ')}${names.length > 6 ? ', ...' : ''}`;
  return failed(fitting(`defines no function ${name}; ${has}`));
}

/** Why the function can't be called with these numbers; null where it can. */
function whyNotCalled(graph: FunctionGraph, request: CallRequest, program: Program): string | null {
  const { name, parameterCount } = graph;
  const given = request.arguments.length;
  if (given !== parameterCount) {
    const takes = parameterCount === 0 ? 'no arguments' : parameterCount === 1 ? '1 argument' : `${parameterCount} arguments`;
    if (request.functions.length > 1) return `${name}() takes ${takes}; functions that run at the same time are given none`;
    return `${name}() takes ${takes}, and ${given} ${given === 1 ? 'is' : 'are'} given`;
  }
  const record = graph.variables.slice(0, parameterCount).find(({ type }) => isWhole(type, program));
  if (record) return `${name}() takes a whole record as ${record.name}, which no number is`;
  return isWhole(graph.returns, program) ? `${name}() returns a whole record, which is no number` : null;
}

/** Whether it is a record by value, by whatever name. */
function isWhole(type: CType, program: Program): boolean {
  let meant: CType | undefined = type;
  for (let depth = 0; meant?.kind === 'named' && depth < 30; depth++) meant = program.typedef(meant.name);
  return meant?.kind === 'record';
}

/** The calls in C: the numbers become what the parameters hold, and what is returned becomes a `long`, as C does it. */
function callerText(
  request: CallRequest,
  graphs: readonly FunctionGraph[],
  { setup, teardown }: Partial<Record<'setup' | 'teardown', FunctionGraph>>,
): string {
  const numbers = request.arguments.map(literal).join(', ');
  const returning = ({ name, returns }: FunctionGraph): string =>
    returns.kind === 'void' ? `${name}(${numbers}); return 0;` : `return (long)${name}(${numbers});`;
  // A file that drives the model itself says when it begins and ends.
  const driven = /\b__model_begin\b/.test(request.text);
  const [begin, end] = driven ? ['', ''] : ['__model_begin();', '__model_end();'];
  const before = setup === undefined ? 'return 0;' : setup.returns.kind === 'void' ? 'setup(); return 0;' : 'return (long)setup();';
  return [
    ...graphs.map((graph, at) => `static long ${driverOf(at)}(void) { ${returning(graph)} }`),
    `static long ${setupDriver}(void) { ${begin} ${before} }`,
    `static long ${teardownDriver}(void) { ${teardown === undefined ? '' : 'teardown();'} ${end} return 0; }`,
    '',
  ].join('\n');
}

function driverOf(at: number): string {
  return `__call_${at}`;
}

function literal(decimal: string): string {
  const value = BigInt(decimal);
  if (value === -(2n ** 63n)) return `(-${-value - 1n}L - 1)`;
  return value >= 2n ** 63n ? `${value}UL` : `${value}L`;
}

/** A call of its own for each function, also of the same one. */
function scenarioOf(request: CallRequest): Scenario {
  const { file, functions } = request;
  const calls = functions.map((name): OperationStep => ({
    kind: 'operation',
    operation: callText(request, name),
    arguments: {},
    as: null,
    capabilities: null,
    expect: null,
    line: 0,
  }));
  return {
    name: functions.join(','),
    title: functions.join(', '),
    description: '',
    subsystem: '',
    config: {},
    setup: {},
    capabilities: null,
    steps: calls.length === 1 ? calls : [{ kind: 'parallel', branches: calls.map((each) => [each]), line: 0 }],
    source: file,
  };
}

function vocabularyOf({ steps }: Scenario): Vocabulary {
  const calls = steps.flatMap((step) => (step.kind === 'operation' ? [step] : step.branches.flat()));
  return {
    subsystem: '',
    operations: calls.map(({ operation }, at) => ({
      name: operation,
      description: '',
      actor: 'kernel',
      driver: driverOf(at),
      parameters: [],
      answers: null,
      generate: [],
    })),
    setup: [],
    setupDriver,
    teardownDriver,
    boundary: {},
    capabilities: [],
    defaultCapabilities: [],
  };
}

function answersOf({ outcomes = [] }: SimulationResult, nothing: boolean): readonly CallAnswer[] {
  const answers = outcomes
    .filter(({ ended }) => ended === null)
    .map(({ answers: [number = null], exactly, faults }): CallAnswer => ({
      value: nothing || number === null ? null : (exactly?.[0] ?? String(number)),
      faults,
    }));
  return answers.sort((a, b) => a.faults.length - b.faults.length);
}

function assumedOptions(program: Program, text: string): readonly Assumption[] {
  return program.assumedOptions
    .filter(({ name }) => new RegExp(`\\b${name}\\b`).test(text))
    .map(({ name, value }) => ({ kind: 'option', name, assumed: value ? 'is on' : 'is off', times: 1 }));
}
