// What the worker does with scenarios as texts, so that the host needs neither YAML nor the vocabulary.
import { parseReplayLine } from '../../review/replay-line.js';
import { readInstalledRuntime } from '../../runner/runtime.js';
import { completeScenario } from '../../scenario/complete.js';
import { describeWord } from '../../scenario/describe.js';
import { generateScenarios } from '../../scenario/generate.js';
import type { Runtime } from '../../scenario/runtime.js';
import { readScenario } from '../../scenario/read.js';
import type { Answers, Task, Tree } from '../messages.js';

export type ScenarioTask = Extract<
  Task,
  {
    t:
      | 'bundled-scenarios'
      | 'vocabulary'
      | 'read-scenario'
      | 'complete-scenario'
      | 'describe-scenario-word'
      | 'generate-scenarios'
      | 'read-replay';
  }
>;

export class ScenarioTasks {
  private loaded: Runtime | undefined;

  /** `model` is the installed folder `runtime/`; `optionsOf` gives the names of a tree's configuration options. */
  constructor(
    private readonly model: string,
    private readonly optionsOf: (tree: Tree) => readonly string[],
  ) {}

  run(task: ScenarioTask): Answers[ScenarioTask['t']] {
    const { vocabulary, scenarios, problems } = this.runtime;
    switch (task.t) {
      case 'bundled-scenarios':
        return { scenarios, problems };
      case 'vocabulary':
        return vocabulary;
      case 'read-scenario':
        return readScenario(task.file, task.text, vocabulary);
      case 'complete-scenario':
        return completeScenario(task.text, task.offset, vocabulary, task.tree === null ? [] : this.optionsOf(task.tree));
      case 'describe-scenario-word':
        return describeWord(task.text, task.offset, vocabulary);
      case 'generate-scenarios':
        return [...generateScenarios(vocabulary, task.options)];
      case 'read-replay':
        return parseReplayLine(task.line, vocabulary, 'the line');
    }
  }

  private get runtime(): Runtime {
    this.loaded ??= readInstalledRuntime(this.model);
    return this.loaded;
  }
}
