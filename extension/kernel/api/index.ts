// What is known of the kernel's API, by topic.
import type { Topic } from '../topic.js';
import { argumentLists } from './argument-lists.js';
import { assertions } from './assertions.js';
import { bytes } from './bytes.js';
import { compileTime } from './compile-time.js';
import { counting } from './counting.js';
import { credentials } from './credentials.js';
import { declarations } from './declarations.js';
import { errorPointers } from './error-pointers.js';
import { files } from './files.js';
import { indexes } from './indexes.js';
import { locking } from './locking.js';
import { logging } from './logging.js';
import { memory } from './memory.js';
import { numbers } from './numbers.js';
import { ordering } from './ordering.js';
import { pages } from './pages.js';
import { scopes } from './scopes.js';
import { transports } from './transports.js';
import { userMemory } from './user-memory.js';
import { waiting } from './waiting.js';

export const topics: readonly Topic[] = [
  memory,
  files,
  credentials,
  indexes,
  pages,
  counting,
  errorPointers,
  assertions,
  logging,
  locking,
  ordering,
  waiting,
  userMemory,
  bytes,
  numbers,
  compileTime,
  scopes,
  declarations,
  transports,
  argumentLists,
];
