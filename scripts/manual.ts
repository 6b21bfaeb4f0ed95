// Writes man/fuse-review.1, the manual page, out of the commands of the program.
import { mkdirSync, writeFileSync } from 'node:fs';
import { manualPage } from '../extension/cli/manual.js';
import { describedProgram, examplesOf } from '../extension/cli/command-line.js';
import { helpWordsOf } from '../extension/cli/help-words.js';
import { installedRuntimes } from '../extension/runner/installed-runtimes.js';

const runtimes = installedRuntimes('runtime');
mkdirSync('man', { recursive: true });
writeFileSync('man/fuse-review.1', manualPage(describedProgram(runtimes), examplesOf(helpWordsOf({ runtimes: () => runtimes }))));
