// What the compiler said of the last build, as problems of their own.
import { Diagnostic, DiagnosticSeverity, languages, Position, Range, workspace, type Disposable, type Uri } from 'vscode';
import type { BuildProblem } from '../../../executor/request.js';
import type { SimulationTarget } from '../simulation/targets.js';
import { utf16Column } from './columns.js';

export class BuildProblems implements Disposable {
  private readonly collection = languages.createDiagnosticCollection('FUSE Review: kernel build');

  /** Replaces all problems of the build before. */
  async show(problems: readonly BuildProblem[], target: SimulationTarget): Promise<void> {
    const all = await Promise.all(
      problems.map(async (each) => [target.uriOf(each.file), each, await positionOf(target.uriOf(each.file), each)] as const),
    );
    this.collection.clear();
    for (const [uri, { message, severity }, at] of all) {
      // An empty range is drawn at the word that is there.
      const kind = severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning;
      const diagnostic = new Diagnostic(new Range(at, at), message, kind);
      diagnostic.source = 'FUSE Review: kernel build';
      this.collection.set(uri, [...(this.collection.get(uri) ?? []), diagnostic]);
    }
  }

  clear(): void {
    this.collection.clear();
  }

  dispose(): void {
    this.collection.dispose();
  }
}

/** Compilers count bytes; a file that can't be opened has none that we know. */
async function positionOf(uri: Uri, { line, column }: BuildProblem): Promise<Position> {
  try {
    const document = await workspace.openTextDocument(uri);
    const text = document.lineAt(Math.min(Math.max(line - 1, 0), document.lineCount - 1)).text;
    return new Position(Math.max(line - 1, 0), utf16Column(text, column));
  } catch {
    return new Position(Math.max(line - 1, 0), Math.max(column - 1, 0));
  }
}
