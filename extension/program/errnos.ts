// Error numbers by name: those of a tree, and those that Linux has everywhere.
import type { SourceTree } from '../model/source.js';
import { errnoHeaders } from './headers.js';

export interface Errnos {
  readonly values: ReadonlyMap<string, bigint>;
  /** Every number by its name, as one text. */
  readonly key: string;
}

/** A tree's error numbers, worked out again where the texts of its headers change. */
export class TreeErrnos {
  private texts: readonly string[] = [];
  private known: Errnos | undefined;

  of(tree: SourceTree): Errnos {
    const texts = errnoHeaders.map((file) => tree.read(file) ?? '');
    if (this.known && texts.every((text, at) => text === this.texts[at])) return this.known;
    const values = new Map([...linuxErrnos].map(([name, value]) => [name, BigInt(value)]));
    for (const text of texts) errnosIn(text, values);
    this.texts = texts;
    this.known = { values, key: [...values].map(([name, value]) => `${name}=${value}`).join(' ') };
    return this.known;
  }
}

/** Error numbers that a header's text defines; an alias such as EWOULDBLOCK takes the value of what it names. */
function errnosIn(text: string, known: Map<string, bigint>): void {
  for (const [, name = '', value = ''] of text.matchAll(/^[ \t]*#[ \t]*define[ \t]+(E\w+)[ \t]+(\w+)/gm)) {
    const number = /^\d+$/.test(value) ? BigInt(value) : known.get(value);
    if (number !== undefined) known.set(name, number);
  }
}

/** 1 to 40, as include/uapi/asm-generic/errno-base.h and errno.h have them one after the other. */
const first =
  'EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP';

const others: Readonly<Record<string, number>> = {
  EWOULDBLOCK: 11,
  ENOMSG: 42,
  EIDRM: 43,
  ENOSTR: 60,
  ENODATA: 61,
  ETIME: 62,
  ENOLINK: 67,
  ECOMM: 70,
  EPROTO: 71,
  EBADMSG: 74,
  EOVERFLOW: 75,
  EBADFD: 77,
  EILSEQ: 84,
  ERESTART: 85,
  EUSERS: 87,
  ENOTSOCK: 88,
  EMSGSIZE: 90,
  EPROTONOSUPPORT: 93,
  EOPNOTSUPP: 95,
  EADDRINUSE: 98,
  ECONNABORTED: 103,
  ECONNRESET: 104,
  ENOBUFS: 105,
  ENOTCONN: 107,
  ESHUTDOWN: 108,
  ETIMEDOUT: 110,
  ECONNREFUSED: 111,
  EHOSTUNREACH: 113,
  EALREADY: 114,
  EINPROGRESS: 115,
  ESTALE: 116,
  EUCLEAN: 117,
  EREMOTEIO: 121,
  EDQUOT: 122,
  ENOMEDIUM: 123,
  ECANCELED: 125,
  ENOKEY: 126,
  EKEYEXPIRED: 127,
  EOWNERDEAD: 130,
  ERFKILL: 132,
  EHWPOISON: 133,
  ERESTARTSYS: 512,
  ERESTARTNOINTR: 513,
  ERESTARTNOHAND: 514,
  ENOIOCTLCMD: 515,
  ERESTART_RESTARTBLOCK: 516,
  EPROBE_DEFER: 517,
  EOPENSTALE: 518,
  ENOPARAM: 519,
  EBADHANDLE: 521,
  ENOTSYNC: 522,
  EBADCOOKIE: 523,
  ENOTSUPP: 524,
  ETOOSMALL: 525,
  ESERVERFAULT: 526,
  EBADTYPE: 527,
  EJUKEBOX: 528,
  EIOCBQUEUED: 529,
  ERECALLCONFLICT: 530,
  ENOGRACE: 531,
};

/** Error numbers of Linux on most architectures: for people, and for a tree without include/. */
export const linuxErrnos: ReadonlyMap<string, number> = new Map([
  ...first.split(' ').map((name, at): [string, number] => [name, at + 1]),
  ...Object.entries(others),
]);

/** Of several names of one number the first, as EAGAIN before EWOULDBLOCK. */
export const errnoNames: ReadonlyMap<number, string> = new Map([...linuxErrnos].map(([name, value]) => [value, name] as const).reverse());
