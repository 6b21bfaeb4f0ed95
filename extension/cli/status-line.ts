// The last line of a terminal, on which something is shown until the next line of output.

/** What is needed of a stream that is a terminal. */
export interface Terminal {
  readonly columns?: number;
  write(text: string): unknown;
}

export class StatusLine {
  private shown = false;

  constructor(private readonly terminal: Terminal) {}

  /** Shows one line, cut to the width of the terminal, in place of the last; an empty one leaves nothing. */
  show(line: string): void {
    if (line === '' && !this.shown) return;
    // One column less: a full line would begin the next. Some terminals don't know their width.
    const { columns = 0 } = this.terminal;
    const fitting = Array.from(line)
      .slice(0, (columns > 0 ? columns : 80) - 1)
      .join('');
    this.terminal.write(`\r${fitting}\u001b[K`);
    this.shown = line !== '';
  }

  /** What writes elsewhere, after the line was cleared. */
  before(write: (text: string) => void): (text: string) => void {
    return (text) => {
      this.show('');
      write(text);
    };
  }
}
