// Which C files the subsystem's Makefile leaves out under a configuration.

/** Names (such as `passthrough.c`) that the Makefile mentions only for options that are off. Files it never names stay. */
export function excludedFiles(makefile: string, option: (name: string) => boolean): Set<string> {
  const mentioned = new Set<string>();
  const built = new Set<string>();
  for (const line of makefile.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const match = /^\s*[\w-]+?-(y|m|objs|\$\((CONFIG_\w+)\)|\$\{(CONFIG_\w+)\})\s*[:+?]?=\s*([^#]*)/.exec(line);
    if (!match) continue;
    const name = match[2] ?? match[3];
    const on = name === undefined || option(name);
    for (const object of (match[4] ?? '').split(/\s+/).filter((each) => each.endsWith('.o'))) {
      const file = object.replace(/\.o$/, '.c');
      mentioned.add(file);
      if (on) built.add(file);
    }
  }
  return new Set([...mentioned].filter((file) => !built.has(file)));
}
