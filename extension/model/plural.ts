// Numbers with their nouns.

/** `1 fault`, `2 faults`; `several` is the noun's plural where that is no mere `s`. */
export function counted(count: number, noun: string, several = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : several}`;
}
