// What the worker does with scenarios as texts, so that the host needs neither YAML nor the vocabulary.
import type { Vocabulary } from '../../model/scenario.js';
import { parseReplayLine } from '../../review/replay-line.js';
import type { Runtimes } from '../../runner/installed-runtimes.js';
import { completeScenario } from '../../scenario/complete.js';
import { describeWord } from '../../scenario/describe.js';
import { generateScenarios } from '../../scenario/generate.js';
import { readScenario, subsystemNamed } from '../../scenario/read.js';
import type { Answers, Task, Tree } from '../protocol/messages.js';

export type ScenarioTask = Extract<
  Task,
  {
    t:
      | 'bundled-scenarios'
      | 'vocabularies'
      | 'read-scenario'
      | 'complete-scenario'
      | 'describe-scenario-word'
      | 'generate-scenarios'
      | 'read-replay';
  }
>;

export class ScenarioTasks {
  /** `optionsOf` gives the names of a tree's configuration options. */
  constructor(
    private readonly runtimes: () => Runtimes,
    private readonly optionsOf: (tree: Tree) => readonly string[],
  ) {}

  run(task: ScenarioTask): Answers[ScenarioTask['t']] {
    const runtimes = this.runtimes();
    switch (task.t) {
      case 'bundled-scenarios':
        return {
          scenarios: runtimes.all.flatMap(({ scenarios }) => scenarios),
          problems: runtimes.all.flatMap(({ problems }) => problems),
        };
      case 'vocabularies':
        return runtimes.all.map(({ vocabulary }) => vocabulary);
      case 'read-scenario':
        return readScenario(task.file, task.text, this.vocabularyFor(task.text));
      case 'complete-scenario':
        return completeScenario(task.text, task.offset, this.vocabularyFor(task.text), task.tree === null ? [] : this.optionsOf(task.tree));
      case 'describe-scenario-word':
        return describeWord(task.text, task.offset, this.vocabularyFor(task.text));
      case 'generate-scenarios':
        return [...generateScenarios(runtimes.of(task.subsystem).vocabulary, task.options)];
      case 'read-replay':
        return parseReplayLine(task.line, runtimes.of(task.subsystem).vocabulary, 'the line');
    }
  }

  /** The words of the subsystem that a scenario's text names, else of the first. */
  private vocabularyFor(text: string): Vocabulary {
    const runtimes = this.runtimes();
    const name = runtimes.subsystems.length > 1 ? subsystemNamed(text) : undefined;
    return runtimes.of(runtimes.subsystems.find((each) => each.name === name) ?? runtimes.subsystems[0]).vocabulary;
  }
}
