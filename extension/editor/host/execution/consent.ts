// Whether a tree's kernel may be built here: the workspace is trusted, and somebody was told once what that means.
import { commands, window, workspace, type Memento } from 'vscode';
import { counted } from '../../../model/plural.js';

const key = 'fuseReview.execution.agreed';

export class Consent {
  private asking: Promise<boolean> | undefined;

  constructor(private readonly state: Memento) {}

  /** Asks where nobody has agreed in this workspace yet; false where it must not be run, which was said then. */
  async given(tree: string, scenarios: number, cache: string): Promise<boolean> {
    if (!(await trusted())) return false;
    if (this.state.get<boolean>(key) === true) return true;
    this.asking ??= this.ask(tree, scenarios, cache).finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async ask(tree: string, scenarios: number, cache: string): Promise<boolean> {
    const agree = 'Build and Run';
    const detail = [
      `To run ${counted(scenarios, 'scenario')} in QEMU, the kernel of this tree is built on this machine by the tree's own Makefiles: code and scripts of the tree run here with your rights, outside of any sandbox. The kernel that comes of it runs in QEMU only, without network or disk.`,
      `The first build takes about ten minutes on two processors and 2 GB of disk; later ones build what changed. Builds and logs are kept in ${cache}. Nothing is written into the tree.`,
      'You are asked once in this workspace.',
    ].join('\n\n');
    const picked = await window.showWarningMessage(`Build the kernel of ${tree} and run it?`, { modal: true, detail }, agree);
    if (picked !== agree) return false;
    await this.state.update(key, true);
    return true;
  }
}

/** Whether the workspace is trusted; where it is not, that is said. */
export async function trusted(): Promise<boolean> {
  if (workspace.isTrusted) return true;
  const manage = 'Manage Workspace Trust';
  const picked = await window.showErrorMessage(
    'A kernel is built by the Makefiles of its tree, so scenarios run in QEMU only in a trusted workspace.',
    manage,
  );
  if (picked === manage) await commands.executeCommand('workbench.trust.manage');
  return false;
}
