// What a `---` or `+++` line says: a file's name, and with the time stamp behind it whether there is such a file at all.
import { readQuotedName } from './paths.js';

export interface NamedFile {
  /** Unquoted, without the time stamp. */
  readonly name: string;
  /** Its time stamp is the epoch, by which `diff -N` says that it is not there. */
  readonly atEpoch: boolean;
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const clock = String.raw`(\d\d):(\d\d):(\d\d)(?:\.(\d+))?`;
const zone = String.raw`(?: *([-+])(\d\d):?(\d\d))?`;
/** `1970-01-01 00:00:00.000000000 +0000`, as GNU diff writes it since 2.8. */
const byNumbers = new RegExp(String.raw`(\d{4})-(\d\d)-(\d\d) ${clock}${zone}$`);
/** `Thu Jan  1 00:00:00 1970`, as POSIX has it and older ones and BSD write it. */
const byNames = new RegExp(String.raw`[A-Z][a-z]{2} (${months.join('|')}) +(\d{1,2}) ${clock} (\d{4})${zone}$`);

/** Reads what follows `--- ` or `+++ `. A tab ends the name; mailers make it a blank, so a time stamp does too. */
export function readNamedFile(rest: string): NamedFile {
  const quoted = readQuotedName(rest);
  if (quoted) return { name: quoted.name, atEpoch: isEpoch(rest.slice(quoted.length).trim()) };
  if (rest.startsWith('"')) return { name: rest, atEpoch: false };
  const tab = rest.indexOf('\t');
  const end = tab >= 0 ? tab : (stampAt(rest.trimEnd()) ?? rest.length);
  return { name: rest.slice(0, end).trimEnd(), atEpoch: isEpoch(rest.slice(end).trim()) };
}

/** Where the time stamp at the end of a text begins. */
function stampAt(text: string): number | undefined {
  const at = (byNumbers.exec(text) ?? byNames.exec(text))?.index;
  return at !== undefined && text[at - 1] === ' ' ? at : undefined;
}

/** Without a zone it is the local time of who made the diff, wherever that was. */
function isEpoch(stamp: string): boolean {
  const numbers = byNumbers.exec(stamp);
  const names = byNames.exec(stamp);
  const [year, month, day, hour, minute, second, fraction, sign, zoneHour, zoneMinute] = numbers
    ? numbers.slice(1)
    : names
      ? [names[7], String(months.indexOf(names[1] ?? '') + 1), names[2], ...names.slice(3, 7), ...names.slice(8)]
      : [];
  if (year === undefined || /[^0]/.test(fraction ?? '')) return false;
  const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) / 60_000;
  if (sign === undefined) return Math.abs(local) <= furthestZone && local % zoneStep === 0;
  return local === (Number(zoneHour) * 60 + Number(zoneMinute)) * (sign === '-' ? -1 : 1);
}

/** Minutes: zones are up to 14 hours from UTC, in steps of a quarter of an hour. */
const furthestZone = 14 * 60;
const zoneStep = 15;
