// Numbers with their nouns.

/** `1 fault`, `2 faults`, `18,850 steps`; `several` is the noun's plural where that is no mere `s`. */
export function counted(count: number, noun: string, several = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : several}`;
}

/** A whole number with its thousands apart: `18,850`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
