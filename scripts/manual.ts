// Writes man/fuse-review.1, the manual page, out of the commands of the program.
import { mkdirSync, writeFileSync } from 'node:fs';
import { manualPage } from '../extension/cli/manual.js';
import { describedProgram } from '../extension/cli/program.js';

mkdirSync('man', { recursive: true });
writeFileSync('man/fuse-review.1', manualPage(describedProgram()));
