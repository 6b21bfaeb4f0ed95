// A small vocabulary that has everything a vocabulary can have, for tests.
import type { Vocabulary } from '../../extension/model/scenario.js';
import type { Subsystem } from '../../extension/model/subsystem.js';
import { readVocabulary } from '../../extension/scenario/vocabulary.js';
import { fuse } from '../support/fuse.js';

export const toyVocabularyText = `subsystem: fuse-backing
setup-driver: model_setup
setup:
  max-stack-depth: { description: What the server asks for., kind: integer, minimum: 0, maximum: 2, default: 1 }
teardown-driver: model_teardown
boundary: { fuse_request: model_request }
capabilities: [CAP_SYS_ADMIN, CAP_DAC_OVERRIDE]
default-capabilities: [CAP_SYS_ADMIN]
operations:
  backing-open:
    description: The server hands over an open file.
    actor: server
    driver: model_backing_open
    parameters:
      fd: { description: What the descriptor is., kind: choice, choices: { regular: 0, directory: 1, bad: 2 }, default: regular }
      flags: { description: Flags of the request., kind: flags, choices: { ONE: 1, TWO: 2 } }
      retry: { description: Once more., kind: boolean }
    answers: backing
    generate:
      - {}
  open:
    description: A client opens an inode.
    actor: client
    driver: model_open
    parameters:
      inode: { description: Which inode., kind: integer, minimum: 1, maximum: 4, alike: inode }
      backing: { description: What the server answers., kind: reference, to: backing, default: 0, minimum: -2147483648, maximum: 2147483647, on-failure: 99 }
    answers: file
    generate:
      - { inode: 1 }
      - { inode: 2 }
      - { inode: 1, backing: 0 }
      - { inode: 2, backing: 0 }
  backing-close:
    description: The server closes an id.
    actor: server
    driver: model_backing_close
    parameters:
      id: { description: The id., kind: reference, to: backing }
    generate:
      - {}
      - { id: 7 }
  grace-period:
    description: All readers of now end.
    actor: kernel
    driver: model_grace_period
`;

/** What the vocabulary is of. */
export const toySubsystem: Subsystem = { ...fuse, name: 'fuse-backing', actors: ['server', 'client', 'kernel'] };

/** The vocabulary of the text. */
export function toyVocabulary(): Vocabulary {
  const { vocabulary, problems } = readVocabulary('toy.yaml', toyVocabularyText, toySubsystem);
  if (vocabulary === null) throw new Error(problems.map(({ line, column, message }) => `${line}:${column} ${message}`).join('\n'));
  return vocabulary;
}
