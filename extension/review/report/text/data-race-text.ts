// Data races in words: hints, as a plain access that nothing orders is no error by itself.
import type { DataRace, RacingAccess } from '../../../model/simulation.js';
import { printable } from './terminal.js';

/** `fuse_inode.fb: fs/fuse/a.c:10 f() writes it, plain; fs/fuse/b.c:20 g() reads it, marked` */
export function dataRaceText({ object, accesses }: DataRace): string {
  return `${printable(object)}: ${accesses.map(accessText).join('; ')}`;
}

function accessText({ at, write, plain }: RacingAccess): string {
  const where = at === null ? 'the modelled kernel' : `${printable(at.file)}:${at.line} ${at.function}()`;
  return `${where} ${write ? 'writes' : 'reads'} it, ${plain ? 'plain' : 'marked'}`;
}
