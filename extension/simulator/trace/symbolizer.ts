// From the machine's sites and blocks to what people read: lines of code, names of objects, who points to what.
import type { CodePlace } from '../../model/simulation.js';
import { LineTable, type LineNumber, type Span } from '../../model/source.js';
import type { Program } from '../../program/program.js';
import { isModel } from '../code/model-files.js';
import type { Site, Stack } from '../machine/machine-state.js';

export class Symbolizer {
  private readonly tables = new Map<string, { readonly table: LineTable; readonly text: string }>();

  constructor(private readonly program: Program) {}

  of(site: Site): CodePlace {
    const { fn, pc } = site;
    return this.at(fn.file, fn.info[pc]?.span ?? fn.graph.span, fn.name);
  }

  private at(file: string, span: Span, name: string): CodePlace {
    return { file, span, line: this.source(file)?.table.lineNumber(span.start) ?? 1, function: name };
  }

  /** The innermost call that is the tree's own code; else the innermost of all. */
  inTree(stack: Stack): CodePlace | null {
    const site = stack.find(({ fn }) => !isModel(fn.file)) ?? stack[0];
    return site ? this.of(site) : null;
  }

  /** 1-based line on which the text of a place ends. */
  lastLine({ file, span, line }: CodePlace): LineNumber {
    return this.source(file)?.table.lineNumber(Math.max(span.start, span.end - 1)) ?? line;
  }

  /** The source text of a step. */
  textAt({ fn, pc }: Site): string {
    return this.text(fn.file, fn.info[pc]?.span ?? fn.graph.nameSpan);
  }

  /** The source text of a span, on one line. */
  text(file: string, span: Span): string {
    const text = this.source(file)?.text.slice(span.start, span.end) ?? '';
    return text.replace(/\s+/g, ' ').trim();
  }

  private source(file: string): { readonly table: LineTable; readonly text: string } | undefined {
    const known = this.tables.get(file);
    if (known) return known;
    const unit = this.program.units.find((each) => each.file === file);
    if (!unit) return undefined;
    const made = { table: new LineTable(unit.text), text: unit.text };
    this.tables.set(file, made);
    return made;
  }
}
