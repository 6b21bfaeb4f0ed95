// The file system that a kernel begins with: an uncompressed cpio archive in the `newc` format
// (Documentation/driver-api/early-userspace/buffer-format.rst of the kernel).

export interface InitramfsEntry {
  /** Without a slash in front; folders before what is in them. */
  readonly path: string;
  readonly content: 'folder' | Uint8Array | { readonly major: number; readonly minor: number };
}

const types = { folder: 0o040755, device: 0o020600, file: 0o100755 } as const;

/** The archive. Its bytes depend on the entries alone. */
export function initramfs(entries: readonly InitramfsEntry[]): Buffer {
  const records = entries.map(({ path, content }, index) => {
    if (content === 'folder') return record(index + 1, types.folder, path);
    if (content instanceof Uint8Array) return record(index + 1, types.file, path, content);
    return record(index + 1, types.device, path, new Uint8Array(), content);
  });
  return Buffer.concat([...records, record(0, 0, 'TRAILER!!!')]);
}

function record(ino: number, mode: number, path: string, data: Uint8Array = new Uint8Array(), device = { major: 0, minor: 0 }): Buffer {
  const name = Buffer.from(`${path}\0`);
  // ino, mode, uid, gid, nlink, mtime, filesize, devmajor, devminor, rdevmajor, rdevminor, namesize, check
  const fields = [ino, mode, 0, 0, 1, 0, data.length, 0, 0, device.major, device.minor, name.length, 0];
  const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`);
  return Buffer.concat([padded(Buffer.concat([header, name])), padded(data)]);
}

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}
