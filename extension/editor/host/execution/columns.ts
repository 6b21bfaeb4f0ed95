// Columns as compilers count them, and as editors do. Free of the editor, so that it can be tested.

/** The 0-based UTF-16 column of a 1-based column in bytes of UTF-8; the end of the line where it is shorter. */
export function utf16Column(line: string, byteColumn: number): number {
  return Buffer.from(line)
    .subarray(0, Math.max(0, byteColumn - 1))
    .toString().length;
}
