/** Where no keyword fits, the parser takes it for a name. */
export const keywords: ReadonlySet<string> = new Set([
  ...['break', 'case', 'const', 'continue', 'default', 'do', 'else', 'enum', 'extern', 'for', 'goto', 'if', 'inline', 'register'],
  ...['return', 'static', 'struct', 'switch', 'typedef', 'union', 'volatile', 'while'],
]);
