// Work that runs until it ends or somebody stops it: one piece of it by a token, or all at once.
import { commands, type CancellationToken } from 'vscode';

export class RunningWork {
  private readonly controllers = new Set<AbortController>();

  /** `contextKey` is for `when` clauses of the manifest; `changed` is called when work begins and when it ends. */
  constructor(
    private readonly contextKey: string,
    private readonly changed: () => void,
  ) {}

  /** Pieces of work that run. */
  get count(): number {
    return this.controllers.size;
  }

  /** Does work that `stop` and each of the tokens cancel. */
  async during<T>(tokens: readonly CancellationToken[], work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    const listeners = tokens.map((token) => token.onCancellationRequested(() => controller.abort()));
    if (tokens.some((token) => token.isCancellationRequested)) controller.abort();
    this.controllers.add(controller);
    this.show();
    try {
      return await work(controller.signal);
    } finally {
      for (const listener of listeners) listener.dispose();
      this.controllers.delete(controller);
      this.show();
    }
  }

  stop(): void {
    for (const controller of this.controllers) controller.abort();
  }

  private show(): void {
    void commands.executeCommand('setContext', this.contextKey, this.count > 0);
    this.changed();
  }
}
