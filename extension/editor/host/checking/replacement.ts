// A run replaces exactly what it covered: what to set, what to clear, and what is the same and stays untouched.

export interface Replacement {
  readonly set: readonly string[];
  readonly clear: readonly string[];
  /** What is shown afterwards, for the next plan. */
  readonly shown: ReadonlyMap<string, string>;
}

/** Plans the step from what is shown (a key of each file's content) to what is to be shown. */
export function planReplacement<T>(
  shown: ReadonlyMap<string, string>,
  next: ReadonlyMap<string, T>,
  keyOf: (content: T) => string,
): Replacement {
  const keys = new Map([...next].map(([file, content]) => [file, keyOf(content)]));
  return {
    set: [...keys].filter(([file, key]) => shown.get(file) !== key).map(([file]) => file),
    clear: [...shown.keys()].filter((file) => !keys.has(file)),
    shown: keys,
  };
}
