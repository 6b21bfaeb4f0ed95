// Results of runs in a kernel made up for tests.
import type {
  Agreement,
  ExecutedOperation,
  ExecutionResult,
  KernelFault,
  KernelFrame,
  KernelReport,
} from '../../extension/model/execution.js';
import type { OperationStep, Scenario, Vocabulary } from '../../extension/model/scenario.js';
import type { SimulatedFault, SimulatedOutcome, SimulationResult } from '../../extension/model/simulation.js';
import { errnoText } from '../../extension/scenario/errno.js';
import { defaultBounds } from '../../extension/simulator/explore/bounds.js';

function word(name: string, answers: string | null, opaque: boolean): Vocabulary['operations'][number] {
  return { name, description: '', actor: 'client', driver: name, parameters: [], answers, generate: [], ...(opaque ? { opaque } : {}) };
}

export const vocabulary: Vocabulary = {
  subsystem: 'test',
  operations: [word('register', 'id', false), word('open', 'file', true), word('close', null, false)],
  setup: [],
  setupDriver: 'setup',
  teardownDriver: 'teardown',
  boundary: {},
  capabilities: [],
  defaultCapabilities: [],
};

export function scenarioOf(words: readonly string[]): Scenario {
  const steps = words.map((operation): OperationStep => ({
    kind: 'operation',
    operation,
    arguments: {},
    as: null,
    capabilities: null,
    expect: null,
    line: 1,
  }));
  return {
    name: 'made-up',
    title: '',
    description: '',
    subsystem: 'test',
    config: {},
    setup: {},
    capabilities: null,
    steps,
    source: 'bundled',
  };
}

export function frame(name: string, place: string | null = null, more: Partial<KernelFrame> = {}): KernelFrame {
  const [file = '', line = '0'] = place?.split(':') ?? [];
  const at = place === null ? null : { file, line: Number(line) };
  return { function: name, offset: 28, size: 128, module: null, inlined: false, sure: true, at, ...more };
}

export function report(more: Partial<KernelReport> = {}): KernelReport {
  return {
    kind: 'kasan',
    title: 'KASAN: slab-use-after-free in get+0x1c/0x80',
    id: 'kasan|get',
    frames: [
      frame('get', 'fs/test/a.c:12', { inlined: true }),
      frame('stray', null, { sure: false }),
      frame('do_open', 'fs/test/b.c:7'),
      frame('entry'),
    ],
    related: [{ title: 'Freed by task 1', frames: [frame('put', 'fs/test/a.c:20')] }],
    text: 'BUG: KASAN',
    seconds: 1.5,
    line: 100,
    operation: 1,
    ...more,
  };
}

/** What the kernel answered to the words, by their order; null was left out. */
export function executed(
  words: readonly string[],
  answers: readonly (number | null)[],
  more: Partial<ExecutionResult> = {},
): ExecutionResult {
  const operations = words.map((text, at): ExecutedOperation => {
    const answer = answers[at] ?? null;
    return { text, actor: 'client', thread: 0, line: 1, answer, answerText: answer === null ? 'left out' : errnoText(answer), events: [] };
  });
  return {
    scenario: scenarioOf(words),
    tree: '7.2',
    profile: 'verdict',
    verdict: 'no error',
    reason: null,
    fault: null,
    repeated: 3,
    operations,
    reports: [],
    canaries: [
      { name: 'use-after-free', expected: 'kasan', seen: true },
      { name: 'leak', expected: 'kmemleak', seen: true },
    ],
    agreement: notCompared,
    log: '/tmp/log',
    milliseconds: 2345,
    ...more,
  };
}

export const notCompared: Agreement = { verdict: 'not compared', reason: 'nobody asked', rows: [], trace: null };

export function kernelFault(frames: readonly KernelFrame[], more: Partial<KernelFault> = {}): KernelFault {
  return { operation: 0, nth: 2, name: 'failslab', frames, ...more };
}

export function outcome(answers: readonly (number | null)[], more: Partial<SimulatedOutcome> = {}): SimulatedOutcome {
  return { faults: [], answers, ended: null, schedule: 'straight', ...more };
}

export function simulatedFault(place: string, name: string, more: Partial<SimulatedFault> = {}): SimulatedFault {
  const [file = '', line = '0'] = place.split(':');
  return {
    operation: 0,
    nth: 1,
    name: 'kmalloc',
    at: { file, line: Number(line), span: { start: 0, end: 1 }, function: name },
    lastLine: Number(line),
    ...more,
  };
}

export function simulated(outcomes: readonly SimulatedOutcome[], stopped: string | null = null): SimulationResult {
  return {
    scenario: scenarioOf([]),
    tree: '7.2',
    verdict: 'no error',
    reason: null,
    counterexamples: [],
    behaviours: [],
    outcomes,
    assumed: [],
    stats: { executions: 1, states: 0, transitions: 0, pruned: 0, milliseconds: 0 },
    bounds: { ...defaultBounds, exhaustive: stopped === null, stopped },
  };
}
