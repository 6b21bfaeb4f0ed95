// The subsystem that comes with the project, as tests use it.
import { join } from 'node:path';
import type { SubsystemPlace } from '../../extension/model/subsystem.js';
import { installedRuntimes } from '../../extension/runner/installed-runtimes.js';
import { valueOf } from './result.js';

/** All that comes with the project. */
export const runtimes = installedRuntimes(join(import.meta.dirname, '../../runtime'));

const found = valueOf(runtimes).subsystems.find(({ name }) => name === 'fuse');
if (found === undefined) throw new Error('runtime/ has no fuse');
export const fuse = found;

/** Its model, words and scenarios. */
export const fuseRuntime = valueOf(runtimes).of(fuse);

/** Where it is in a tree in which nobody moved it. */
export const fusePlace: SubsystemPlace = { subsystem: fuse, folder: 'fs/fuse' };
