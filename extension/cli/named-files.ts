// The files that the user names on the command line: read and written, or what is wrong with them.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { InputProblem } from '../model/problem.js';
import { failed, ok, type Result } from '../model/result.js';
import { fetchThread, isArchived } from '../patch/archive.js';
import { mailFolder } from '../patch/mail-folder.js';
import { errorAt, errorCode } from '../patch/problems.js';
import type { SeriesInput } from '../patch/series.js';
import { parseBaseline, type Baseline } from '../review/baseline.js';
import { parseContracts, type ReadContracts } from '../review/contract-files.js';
import type { Io } from './io.js';
import type { ReviewFiles } from './options.js';

/** Where messages are looked for that are named by their ids. */
export const usualArchive = 'https://lore.kernel.org/all';

/**
 * The files in order, a folder of mails being one, `-` for standard input, and threads of an archive by their addresses or `<message id>`;
 * or the problem with one.
 */
export async function readInputs(files: readonly string[], io: Io, archive = usualArchive): Promise<Result<readonly SeriesInput[]>> {
  const inputs: SeriesInput[] = [];
  if (files.filter((name) => name === '-').length > 1) return failed(errorAt('-', 'standard input can be read only once'));
  for (const name of files) {
    if (name === '-') {
      inputs.push({ name: 'standard input', bytes: await io.stdin() });
      continue;
    }
    if (isArchived(name)) {
      const fetched = await fetchThread(name, archive);
      if (!fetched.ok) return fetched;
      inputs.push(fetched.value);
      continue;
    }
    try {
      const path = resolve(io.cwd, name);
      const folder = mailFolder(path);
      if (folder === null)
        return failed(
          errorAt(name, 'is a folder without mails, or with more than 64 MB of them; it takes *.patch, *.eml, *.mbox or a maildir'),
        );
      inputs.push({ name, bytes: folder ?? readFileSync(path) });
    } catch (error) {
      return failed(errorAt(name, `cannot be read: ${whyUnreadable(error)}`));
    }
  }
  return ok(inputs);
}

/** The baseline and the contracts in the files that are named, with the warnings on these; or the problem with one. */
export function readReviewFiles(
  { baseline, contracts }: ReviewFiles,
  cwd: string,
): Result<{ readonly baseline: Baseline | undefined } & Partial<ReadContracts>> {
  const known = parsed(baseline, 'the baseline', parseBaseline, cwd);
  if (!known.ok) return known;
  const rows = parsed(contracts, 'the contracts', parseContracts, cwd);
  return rows.ok ? ok({ baseline: known.value, ...rows.value }) : rows;
}

/** What a file holds; undefined where none is named. */
function parsed<T>(
  named: string | undefined,
  what: string,
  parse: (text: string, name: string) => Result<T>,
  cwd: string,
): Result<T | undefined> {
  if (named === undefined) return ok(undefined);
  let text: string;
  try {
    text = readFileSync(resolve(cwd, named), 'utf8');
  } catch (error) {
    return failed({ where: named, message: `${what} cannot be read: ${whyUnreadable(error)}`, severity: 'error' });
  }
  return parse(text, named);
}

/** Writes a file that the user asked for; a problem where that fails. */
export function writeRequested(named: string, text: string, cwd: string): InputProblem | undefined {
  try {
    writeFileSync(resolve(cwd, named), text);
    return undefined;
  } catch (error) {
    return { where: named, message: `cannot be written: ${whyUnreadable(error)}`, severity: 'error' };
  }
}

/** Why a file could not be read or written, in words. */
export function whyUnreadable(error: unknown): string {
  const code = errorCode(error);
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a folder';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'ELOOP':
      return 'it is a symbolic link that leads back to itself';
    default:
      return code === '' ? String(error) : code;
  }
}
