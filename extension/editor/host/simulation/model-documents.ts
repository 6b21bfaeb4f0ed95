// The model that comes with the extension, as documents that nobody can write: headers in C, scenarios in YAML.
import { Uri, workspace, type Disposable, type TextDocumentContentProvider } from 'vscode';

export const modelScheme = 'fuse-review-model';

/** The document of a file of the model, whose name begins with `runtime/`. */
export function modelUri(file: string): Uri {
  return Uri.from({ scheme: modelScheme, path: `/${file}` });
}

export class ModelDocuments implements TextDocumentContentProvider, Disposable {
  private readonly registered = workspace.registerTextDocumentContentProvider(modelScheme, this);

  constructor(private readonly extension: Uri) {}

  async provideTextDocumentContent({ path }: Uri): Promise<string> {
    if (!path.startsWith('/runtime/') || path.split('/').includes('..')) return '';
    return new TextDecoder().decode(await workspace.fs.readFile(Uri.joinPath(this.extension, 'dist', path)));
  }

  dispose(): void {
    this.registered.dispose();
  }
}
