import { ok, type Result } from '../../extension/model/result.js';
import { describe, expect, test } from 'vitest';
import { ExecutionQueue, type QueuedEnd, type QueuedRun, type ScenarioExecutor } from '../../extension/editor/host/execution/queue.js';
import { notExecutable, type ExecutionFailure } from '../../extension/executor/request.js';
import type { ExecutionResult } from '../../extension/model/execution.js';
import type { Scenario } from '../../extension/model/scenario.js';
import { fusePlace } from '../support/fuse.js';
import { cleanExecution } from '../webview/sample-execution.js';

const scenario = (name: string): Scenario => ({ ...cleanExecution.execution.scenario, name });

function request(...names: string[]): QueuedRun {
  return {
    cache: '/cache',
    tree: { root: '/tree', ...fusePlace, label: 'tree', files: {}, config: {} },
    scenarios: names.map(scenario),
    settings: { profile: 'verdict', faults: 'none', rounds: 1, keep: true },
  };
}

/** Runs a scenario when it is let to, and writes down what happens. */
class Stub implements ScenarioExecutor {
  readonly said: string[] = [];
  private readonly gates = new Map<string, () => void>();

  async *run(
    ...[, scenarios, , { signal, onOutput } = {}]: Parameters<ScenarioExecutor['run']>
  ): AsyncGenerator<Result<ExecutionResult, ExecutionFailure>, void, undefined> {
    for (const each of scenarios) {
      this.said.push(`begins ${each.name}`);
      onOutput?.(`output of ${each.name}`);
      if (each.name.startsWith('broken'))
        return yield notExecutable('gcc is missing', [{ file: 'a.c', line: 1, column: 1, severity: 'error', message: 'm' }]);
      if (each.name.startsWith('bug')) throw new TypeError('x is undefined\nand more');
      await new Promise<void>((go, fail) => {
        this.gates.set(each.name, go);
        signal?.addEventListener('abort', () => fail(new Error('torn down')), { once: true });
      });
      yield ok({ ...cleanExecution.execution, scenario: each });
    }
  }

  let(name: string): void {
    this.gates.get(name)?.();
  }

  dispose(): Promise<void> {
    this.said.push('disposed');
    return Promise.resolve();
  }
}

class Client {
  readonly controller = new AbortController();
  readonly results: string[] = [];
  readonly output: string[] = [];
  started = false;
  readonly end: Promise<QueuedEnd>;

  constructor(queue: ExecutionQueue, run: QueuedRun) {
    this.end = queue.run(run, {
      signal: this.controller.signal,
      onStart: () => (this.started = true),
      onOutput: (line) => this.output.push(line),
      onResult: (result) => this.results.push(result.scenario.name),
    });
  }
}

const soon = (): Promise<void> => new Promise((go) => setTimeout(go, 5));

describe('requests to run scenarios in a kernel', () => {
  test('run one after the other, in the order in which they came', async () => {
    const stub = new Stub();
    const queue = new ExecutionQueue(() => Promise.resolve(stub));
    const [first, second] = [new Client(queue, request('a', 'b')), new Client(queue, request('c'))];
    await soon();
    expect([queue.length, second.started, stub.said]).toEqual([1, false, ['begins a']]);
    stub.let('a');
    await soon();
    expect([first.results, second.started]).toEqual([['a'], false]);
    stub.let('b');
    expect(await first.end).toEqual({ kind: 'done' });
    await soon();
    stub.let('c');
    expect(await second.end).toEqual({ kind: 'done' });
    expect([second.results, second.output, queue.length]).toEqual([['c'], ['output of c'], 0]);
  });

  test('one that is cancelled keeps what it found, and lets the next one in', async () => {
    const stub = new Stub();
    const queue = new ExecutionQueue(() => Promise.resolve(stub));
    const [first, second] = [new Client(queue, request('a', 'b')), new Client(queue, request('c'))];
    await soon();
    stub.let('a');
    await soon();
    first.controller.abort();
    expect(await first.end).toEqual({ kind: 'cancelled' });
    expect(first.results).toEqual(['a']);
    await soon();
    stub.let('c');
    expect(await second.end).toEqual({ kind: 'done' });
  });

  test('one that is cancelled while it waits is never begun, and holds up nobody', async () => {
    const stub = new Stub();
    const queue = new ExecutionQueue(() => Promise.resolve(stub));
    const [first, second, third] = ['a', 'b', 'c'].map((name) => new Client(queue, request(name)));
    await soon();
    second!.controller.abort();
    expect(await second!.end).toEqual({ kind: 'cancelled' });
    stub.let('a');
    await first!.end;
    await soon();
    stub.let('c');
    expect(await third!.end).toEqual({ kind: 'done' });
    expect(stub.said).toEqual(['begins a', 'begins c']);
  });

  test('a failure is told with its problems, a bug with its stack, and the next one runs', async () => {
    const stub = new Stub();
    const queue = new ExecutionQueue(() => Promise.resolve(stub));
    const [broken, bug, next] = ['broken', 'bug', 'a'].map((name) => new Client(queue, request(name)));
    expect(await broken!.end).toMatchObject({ kind: 'failed', message: 'gcc is missing', problems: [{ file: 'a.c' }] });
    expect(await bug!.end).toMatchObject({
      message: 'internal error: x is undefined',
      detail: expect.stringContaining('TypeError') as string,
    });
    await soon();
    stub.let('a');
    expect(await next!.end).toEqual({ kind: 'done' });
  });

  test('what can not be started is told, and tried again by the next one', async () => {
    const stub = new Stub();
    let attempts = 0;
    const queue = new ExecutionQueue(() => (attempts++ === 0 ? Promise.reject(new Error('no such module')) : Promise.resolve(stub)));
    expect(await new Client(queue, request('a')).end).toMatchObject({ kind: 'failed', message: 'internal error: no such module' });
    const second = new Client(queue, request('a'));
    await soon();
    stub.let('a');
    expect(await second.end).toEqual({ kind: 'done' });
  });

  test('another folder of the cache is another start, after the end of the one before', async () => {
    const stubs: (Stub & { cache?: string })[] = [];
    const queue = new ExecutionQueue((cache) => {
      const stub = Object.assign(new Stub(), { cache });
      stubs.push(stub);
      return Promise.resolve(stub);
    });
    for (const [index, cache] of ['/one', '/one', '/two'].entries()) {
      const client = new Client(queue, { ...request('a'), cache });
      await soon();
      stubs.at(-1)!.let('a');
      expect([index, await client.end]).toEqual([index, { kind: 'done' }]);
    }
    expect(stubs.map(({ cache, said }) => [cache, said.at(-1)])).toEqual([
      ['/one', 'disposed'],
      ['/two', 'begins a'],
    ]);
  });

  test('the end of the editor ends what runs and what waits', async () => {
    const stub = new Stub();
    const queue = new ExecutionQueue(() => Promise.resolve(stub));
    const clients = ['a', 'b'].map((name) => new Client(queue, request(name)));
    await soon();
    await queue.dispose();
    expect(await Promise.all(clients.map(({ end }) => end))).toEqual([{ kind: 'cancelled' }, { kind: 'cancelled' }]);
    expect(stub.said).toEqual(['begins a', 'disposed']);
    expect(await new Client(queue, request('c')).end).toEqual({ kind: 'cancelled' });
  });
});
