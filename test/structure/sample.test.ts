// The bundled sample: correct as it stands, with one flaw for each patch that is found by whom its README says.
import { kernelLoader } from '../../extension/kernel/loader.js';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Checker } from '../../extension/checker/check.js';
import type { CheckResult } from '../../extension/model/finding.js';
import type { Scenario } from '../../extension/model/scenario.js';
import type { SimulationResult } from '../../extension/model/simulation.js';
import type { SourceTree } from '../../extension/model/source.js';
import { applyPatches } from '../../extension/patch/apply.js';
import { readSeries } from '../../extension/patch/series.js';
import type { Program } from '../../extension/program/program.js';
import type { ProgramLoader } from '../../extension/program/load.js';
import { compareBehaviour, type BehaviourReview } from '../../extension/review/behaviour.js';
import type { Runtime } from '../../extension/scenario/runtime.js';
import { defaultBounds } from '../../extension/simulator/explore/bounds.js';
import { createSimulator, type Simulator } from '../../extension/simulator/simulator.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { fuse, fuseRuntime } from '../support/fuse.js';
import { createParser } from '../support/parser.js';
import { folderTree } from '../support/trees.js';

const root = join(import.meta.dirname, '../..');
const sample = join(root, 'sample');
const series = join(sample, 'series.mbox');

describe('the mails of the sample', () => {
  let copy: string;

  // Outside of any repository, as git would take paths to be relative to its root.
  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), 'fuse-review-sample-'));
    cpSync(join(sample, 'tree'), copy, { recursive: true });
  });
  afterEach(() => rmSync(copy, { recursive: true, force: true }));

  const git = (...args: string[]) => execFileSync('git', args, { cwd: copy, encoding: 'utf8', stdio: 'pipe' });

  test('are a thread of a cover letter, four patches and a reply', () => {
    const subjects = [...readFileSync(series, 'utf8').matchAll(/^Subject: (.*)$/gm)].map((match) => match[1]);
    expect(subjects.map((subject) => subject?.replace(/\].*/, ']'))).toEqual([
      '[PATCH 0/4]',
      '[PATCH 1/4]',
      '[PATCH 2/4]',
      '[PATCH 3/4]',
      '[PATCH 4/4]',
      'Re: [PATCH 1/4]',
    ]);
  });

  test('apply to the tree in order, with nothing left over', () => {
    git('apply', '--check', series);
    git('apply', series);
    git('apply', '--check', '--reverse', series);
  });

  test('are taken by git am, which leaves out those without a patch', () => {
    const name = ['-c', 'user.name=Test', '-c', 'user.email=test@test.example'];
    git('init', '--quiet');
    git('add', '.');
    git(...name, 'commit', '--quiet', '-m', 'base');
    git(...name, 'am', '--quiet', '--empty=drop', series);
    expect(git('log', '--format=%s').trim().split('\n')).toHaveLength(5);
  });
});

test('every C file of the sample says that it is none of the kernel’s', () => {
  const folder = join(sample, 'tree/fs/fuse');
  const files = readdirSync(folder).filter((name) => /\.[ch]$/.test(name));
  for (const file of [...files.map((name) => join(folder, name)), join(sample, 'tree/include/uapi/linux/fuse.h')]) {
    const [first = '', ...rest] = readFileSync(file, 'utf8').split('\n');
    expect(first).toMatch(/SPDX-License-Identifier: MIT/);
    expect(rest.slice(0, 3).join('\n'), file).toContain('Sample input of FUSE Backing Review, written for it: not a part of Linux.');
  }
});

/** What is said of a tree: findings, and what each bundled scenario does. */
interface Said {
  readonly check: CheckResult;
  readonly results: readonly SimulationResult[];
}

const errorsOf = ({ introduced }: BehaviourReview): string[] =>
  introduced.map(({ counterexample: { error } }) => `${error.kind}@${error.at?.function ?? 'the end'}`);

const isParallel = (scenario: Scenario): boolean => scenario.steps.some(({ kind }) => kind === 'parallel');

describe('the sample', () => {
  let parser: SyntaxParser;
  let runtime: Runtime;
  let loader: ProgramLoader;
  /** Without a patch, and with the first one, two, ... */
  let trees: readonly SourceTree[];
  const said = new Map<SourceTree, Said>();

  beforeAll(async () => {
    parser = await createParser();
    loader = kernelLoader(parser);
    runtime = fuseRuntime;
    const base = folderTree(join(sample, 'tree'));
    const { patches } = await readSeries([{ name: series, bytes: readFileSync(series) }]);
    trees = [base, ...applyPatches(base, patches).map(({ tree }) => tree)];
  });
  afterAll(() => parser.dispose());

  const load = (tree: SourceTree, config: Scenario['config'], prelude: Runtime['prelude']): Program =>
    loader.load(tree, { folder: 'fs/fuse', headers: fuse.headers, config: new Map(Object.entries(config)), prelude });

  function look(tree: SourceTree): Said {
    const known = said.get(tree);
    if (known) return known;
    const simulators = new Map<string, Simulator>();
    const results = runtime.scenarios.map((scenario) => {
      const key = JSON.stringify(scenario.config);
      const simulator = simulators.get(key) ?? createSimulator(load(tree, scenario.config, runtime.prelude), runtime.vocabulary, '');
      simulators.set(key, simulator);
      // As `fuse-review patch` runs them.
      const bounds = isParallel(scenario) ? { ...defaultBounds, faults: 0, preemptions: 1 } : { ...defaultBounds, faults: 1 };
      return simulator.run(scenario, { bounds });
    });
    const made = { check: new Checker().check(load(tree, {}, [])), results };
    said.set(tree, made);
    return made;
  }

  /** What a patch adds to those before it: `rule@function`, `kind@function`, and answers that changed by themselves. */
  function patch(number: number): {
    readonly findings: string[];
    readonly errors: string[];
    readonly answers: string[];
    readonly all: BehaviourReview;
  } {
    const [before, after] = [look(trees[number - 1]!), look(trees[number]!)];
    const ids = new Set(before.check.findings.map(({ id }) => id));
    const all = compareBehaviour(before.results, after.results);
    return {
      findings: after.check.findings.filter(({ id }) => !ids.has(id)).map((finding) => `${finding.rule}@${finding.function}`),
      errors: errorsOf(all),
      answers: all.changes
        .filter((change) => !change.follows && change.before.answer !== change.after.answer)
        .map((change) => `${change.operation}: ${change.before.answer} → ${change.after.answer} (${change.scenario})`),
      all,
    };
  }

  test('without a patch has nothing for the checker, and every function is analysed', () => {
    const { check } = look(trees[0]!);
    expect(check.findings).toEqual([]);
    expect(check.notAnalysed).toEqual([]);
  });

  test('without a patch runs every bundled scenario to its end, without an error and with nothing assumed', () => {
    const { results } = look(trees[0]!);
    expect(results.length).toBeGreaterThan(30);
    for (const { scenario, verdict, reason, bounds, assumed } of results) {
      expect([scenario.name, verdict, reason, bounds.stopped]).toEqual([scenario.name, 'no error', null, null]);
      expect(assumed).toEqual([]);
    }
  });

  test('without a patch has no error with a fault beside two threads either', () => {
    const simulator = createSimulator(load(trees[0]!, {}, runtime.prelude), runtime.vocabulary, '');
    for (const scenario of runtime.scenarios.filter(isParallel)) {
      const { verdict, bounds } = simulator.run(scenario, { bounds: defaultBounds });
      expect([scenario.name, verdict, bounds.exhaustive]).toEqual([scenario.name, 'no error', true]);
    }
  });

  test('patch 1: only the simulator finds that the table keeps what is freed, in the five steps of the thread', () => {
    const { findings, errors, answers, all } = patch(1);
    expect(findings).toEqual([]);
    expect(errors).toEqual([
      'use-after-free@fuse_backing_files_free',
      'dangling-reference@the end',
      'use-after-free@fuse_backing_unpublish',
    ]);
    expect(all.introduced.at(-1)).toMatchObject({
      scenario: 'thread-five-steps',
      counterexample: { faults: 0, preemptions: 0, scenario: { steps: { length: 5 } } },
    });
    expect(answers).toEqual([]);
  });

  test('patch 2: only the simulator finds the open between count and lock, with two threads', () => {
    const { findings, errors, answers, all } = patch(2);
    expect(findings).toEqual([]);
    expect(errors).toEqual(['null-dereference@fuse_passthrough_cred']);
    expect(all.introduced[0]).toMatchObject({ scenario: 'parallel-release-and-open', counterexample: { faults: 0, preemptions: 1 } });
    expect(answers).toEqual([]);
  });

  test('patch 3: the checker finds both files that are lost, the simulator one of them, under a fault', () => {
    const { findings, errors, answers, all } = patch(3);
    expect(findings).toEqual(['ladder-label@fuse_backing_open', 'leak@fuse_backing_open']);
    expect(errors).toEqual(['leak@the end']);
    expect(all.introduced[0]?.counterexample).toMatchObject({
      faults: 1,
      error: { message: expect.stringMatching(/^file \d+ is never freed/) as string },
    });
    expect(answers).toEqual([]);
  });

  test('patch 4: nobody finds anything, and a caller without privileges is told more than EPERM', () => {
    const { findings, errors, answers } = patch(4);
    expect(findings).toEqual([]);
    expect(errors).toEqual([]);
    expect(answers).toEqual([
      'backing-open(fd=bad): -EPERM → -EBADF (no-capability-open)',
      'backing-open(fd=directory): -EPERM → -EISDIR (no-capability-open)',
      'backing-open(fd=regular,flags=LOWEST): -EPERM → -EINVAL (no-capability-open)',
    ]);
  });

  test('with all four patches shows the errors of each, none of which hides another', () => {
    expect(errorsOf(compareBehaviour(look(trees[0]!).results, look(trees[4]!).results))).toEqual([
      'leak@the end',
      'use-after-free@fuse_backing_files_free',
      'dangling-reference@the end',
      'use-after-free@fuse_backing_unpublish',
      'null-dereference@fuse_passthrough_cred',
    ]);
  });
});
