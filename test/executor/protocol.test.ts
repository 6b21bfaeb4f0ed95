// Lines between the guest and its host.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseGuestLine, runCommand } from '../../extension/executor/protocol.js';
import { resolveScenario, type ResolvedScenario } from '../../extension/scenario/resolve.js';
import { fuseRuntime } from '../support/fuse.js';
import { valueOf } from '../support/result.js';

const root = join(import.meta.dirname, '../..');
const { scenarios, vocabulary } = fuseRuntime;

function resolved(name: string): ResolvedScenario {
  const scenario = scenarios.find((each) => each.name === name);
  if (scenario === undefined) throw new Error(`there is no ${name}`);
  return valueOf(resolveScenario(scenario, vocabulary));
}

describe('a line of the guest', () => {
  test('is one of the messages that the page on the protocol lists', () => {
    const page = readFileSync(join(root, 'docs/guest-protocol.md'), 'utf8');
    const [, table = ''] = /## From the guest\n([\s\S]*?)\n## /.exec(page) ?? [];
    const listed = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name).filter((name) => name !== 't');
    const place = { id: 1, round: 0, operation: 0, thread: 0 };
    const samples = [
      { t: 'hello', protocol: 1, kernel: '7.2.0', operations: ['open'], module: true },
      { t: 'begin', ...place },
      { t: 'answer', ...place, value: -22, left: 0 },
      { t: 'skip', ...place },
      { t: 'event', id: 1, operation: -1, line: ' a-1 [000] ...: ' },
      { t: 'done', id: 1, round: 0, setup: 0, teardown: -16 },
      { t: 'ran', id: 1 },
      { t: 'leaks', text: '' },
      { t: 'canary', name: 'leak', value: 0 },
      { t: 'probes', refused: [] },
      { t: 'error', message: 'what' },
    ];
    for (const sample of samples) expect(parseGuestLine(JSON.stringify(sample))).toEqual(sample);
    expect(samples.map(({ t }) => t).sort()).toEqual(listed.sort());
  });

  test.each(['', 'fuse', '{', '[]', 'null', '{"t":"new"}', '{"t":"ran"}', '{"t":"ran","id":1.5}', '{"t":"ran","id":"1"}'])(
    'that can not be read is told as such: %j',
    (line) => {
      const message = parseGuestLine(line);
      expect(message).toMatchObject({ t: 'unreadable', line });
      expect(message.t === 'unreadable' && message.why).not.toBe('');
    },
  );

  test('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (line) => typeof parseGuestLine(line).t === 'string'));
  });
});

describe('the command that runs a scenario', () => {
  const how = { id: 7, rounds: 3, events: true, fault: { operation: 1, nth: 2 } };

  test('numbers its operations through and refers to answers', () => {
    const command = runCommand(resolved('thread-five-steps'), how);
    expect(command).toMatchObject({ t: 'run', ...how });
    const tasks = command.threads.flat().filter((task) => 'n' in task);
    expect(tasks.map(({ n }) => n)).toEqual(tasks.map((_, index) => index));
    const referred = tasks.flatMap(({ args }) => args).filter((argument) => typeof argument === 'object');
    expect(referred.length).toBeGreaterThan(0);
    for (const { answer } of referred) expect(answer).toBeLessThan(tasks.length);
  });

  test('says what stands in for an answer that is not given, where anything does', () => {
    const args = runCommand(resolved('thread-five-steps'), how)
      .threads.flat()
      .flatMap((task) => ('op' in task ? [[task.op, ...task.args.filter((argument) => typeof argument === 'object')]] : []));
    expect(args).toContainEqual(['open', { answer: 0, otherwise: 0x7fffffff }]);
    expect(args).toContainEqual(['backing-close', { answer: 0 }]);
  });

  test('names the threads that meet', () => {
    const { threads } = runCommand(resolved('parallel-close'), { ...how, fault: null });
    const together = threads[0]?.find((task) => 'parallel' in task);
    expect(together).toEqual({ parallel: [1, 2] });
    expect(threads).toHaveLength(3);
  });

  test('of each bundled scenario has words that the guest has', () => {
    const known = new Set(vocabulary.operations.map(({ name }) => name));
    for (const { name } of scenarios) {
      for (const task of runCommand(resolved(name), how).threads.flat()) if ('op' in task) expect(known).toContain(task.op);
    }
  });
});
