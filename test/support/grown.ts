// Scenarios that grow: threads that open and release files of one inode on one id.
import type { OperationStep, Scenario } from '../../extension/model/scenario.js';
import { fuseRuntime } from './fuse.js';

const step = (operation: string, given: OperationStep['arguments'], as: string | null): OperationStep => ({
  kind: 'operation',
  operation,
  arguments: given,
  as,
  capabilities: null,
  expect: null,
  line: 0,
});

/** Each thread opens, then releases what it has opened, and so on. */
export function grown(threads: number, operations: number): Scenario {
  const branch = (thread: number): OperationStep[] =>
    Array.from({ length: operations }, (_, nth) => {
      const file = `file-${thread}-${nth >> 1}`;
      return nth % 2 === 0 ? step('open', { inode: 1, backing: 'id' }, file) : step('release', { file }, null);
    });
  return {
    name: `threads-${threads}-operations-${operations}`,
    title: '',
    description: '',
    subsystem: fuseRuntime.vocabulary.subsystem,
    config: {},
    setup: {},
    capabilities: null,
    steps: [
      step('backing-open', {}, 'id'),
      { kind: 'parallel', branches: Array.from({ length: threads }, (_, thread) => branch(thread)), line: 0 },
    ],
    source: 'generated',
  };
}
