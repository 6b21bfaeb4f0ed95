// A folder of mails as one mailbox: what git format-patch writes, or a maildir.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isMailbox } from './mail.js';

/** Bytes of all mails of a folder that are read; more is no series. */
const most = 64 * 1024 * 1024;

const separator = Buffer.from('From mboxrd@z Thu Jan  1 00:00:00 1970\n');

/** undefined for what is no folder; null where there is no mail in it, or too much. Throws as the file system does. */
export function mailFolder(path: string): Uint8Array | null | undefined {
  if (!statSync(path).isDirectory()) return undefined;
  const mails: Buffer[] = [];
  let size = 0;
  for (const file of mailsIn(path)) {
    const bytes = readFileSync(file);
    size += bytes.length;
    if (size > most) return null;
    const isBox = isMailbox(bytes);
    // Lines that a mailbox would take for the beginning of a mail.
    const text = isBox ? bytes : Buffer.from(bytes.toString('latin1').replace(/^(>*From )/gm, '>$1'), 'latin1');
    mails.push(...(isBox ? [] : [separator]), text, Buffer.from('\n'));
  }
  return mails.length === 0 ? null : Buffer.concat(mails);
}

/** In order of their names, numbers as numbers. */
function mailsIn(folder: string): readonly string[] {
  const names = (where: string): string[] =>
    readdirSync(where, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const folders = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  if (folders.includes('cur') && folders.includes('new'))
    return ['cur', 'new'].flatMap((each) => names(join(folder, each)).map((name) => join(folder, each, name)));
  return names(folder)
    .filter((name) => /\.(?:patch|eml|mbox|mbx)$/i.test(name))
    .map((name) => join(folder, name));
}
