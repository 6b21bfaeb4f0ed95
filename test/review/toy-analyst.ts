// An analyst for tests that finds what the text says: `LEAK(x)` is a leak of x, `STALE(x)` a stale code, `ODD()` a
// construct that keeps its function from being analysed. So tests of a review need no parser and no checker.
import type { Finding, NotAnalysed, RuleId } from '../../extension/model/finding.js';
import { ok } from '../../extension/model/result.js';
import { LineTable, type SourceTree } from '../../extension/model/source.js';
import type { Subsystem } from '../../extension/model/subsystem.js';
import type { Analysis, AnalysedFunction, Analyst } from '../../extension/review/analyst.js';
import { findComments } from '../../extension/syntax/comments.js';

const marks: Readonly<Record<string, RuleId>> = { LEAK: 'leak', STALE: 'stale-errno' };

export class ToyAnalyst implements Analyst {
  /** How often a tree was analysed. */
  runs = 0;

  find(tree: SourceTree, { marker }: Subsystem): readonly string[] {
    return ['fs/fuse', 'drivers/fuse'].filter((folder) =>
      tree.list(folder).some((name) => tree.read(`${folder}/${name}`)?.includes(`${marker}(`) === true),
    );
  }

  analyse(tree: SourceTree, { folder, wanted }: { readonly folder: string; readonly wanted?: (file: string) => boolean }): Analysis {
    this.runs++;
    const units = tree
      .list(folder)
      .filter((name) => name.endsWith('.c'))
      .flatMap((name) => {
        const file = `${folder}/${name}`;
        const text = tree.read(file);
        return text === undefined ? [] : [{ file, text, comments: findComments(text), inactive: [] }];
      });
    const functions: AnalysedFunction[] = [];
    const findings: Finding[] = [];
    const notAnalysed: NotAnalysed[] = [];
    const ordinals = new Map<string, number>();
    for (const { file, text } of units) {
      const lines = new LineTable(text);
      for (const match of text.matchAll(/^\w[\w *]*?(\w+)\([^)]*\)\n\{[^]*?^\}/gm)) {
        const name = match[1] ?? '';
        const span = { start: match.index, end: match.index + match[0].length };
        if (match[0].includes('ODD()')) {
          notAnalysed.push({ file, function: name, reason: 'an odd construct' });
          continue;
        }
        functions.push({ name, file, span });
        for (const mark of match[0].matchAll(/\b(LEAK|STALE)\((\w+)\)/g)) {
          const rule = marks[mark[1] ?? ''] ?? 'leak';
          const what = mark[2] ?? '';
          const key = `${rule}:${name}:${what}`;
          const ordinal = (ordinals.get(key) ?? 0) + 1;
          ordinals.set(key, ordinal);
          if (wanted !== undefined && !wanted(file)) continue;
          const start = span.start + mark.index;
          const place = { file, line: lines.lineNumber(start), span: { start, end: start + mark[0].length } };
          findings.push({
            ...place,
            id: ordinal === 1 ? key : `${key}:${ordinal}`,
            rule,
            status: 'unchanged',
            function: name,
            message: `${what} is lost`,
            trace: [{ ...place, message: `${what} is lost here` }],
          });
        }
      }
    }
    return {
      units,
      functions,
      findings,
      notAnalysed,
      stats: {
        files: units.length,
        functions: functions.length + notAnalysed.length,
        notAnalysed: notAnalysed.length,
        states: 1,
        merged: 0,
        assumedCallees: [{ name: 'odd_call', calls: 2 }],
        assumedOptions: [{ name: 'CONFIG_ODD', value: false }],
        suppressed: 0,
        milliseconds: 1,
      },
    };
  }

  ladder(): ReturnType<Analyst['ladder']> {
    const span = { start: 0, end: 1 };
    return ok({
      file: 'fs/fuse/backing.c',
      function: 'fuse_backing_open',
      line: 3,
      span,
      acquisitions: [{ line: 5, span, what: 'file', text: 'fget(fd)' }],
      labels: [
        {
          name: 'out_fput',
          line: 9,
          span,
          releases: [{ line: 10, span, what: 'file', text: 'fput(file)' }],
          fallsInto: 'out',
          returns: null,
        },
        { name: 'out', line: 11, span, releases: [], fallsInto: null, returns: 'err' },
      ],
      gotos: [{ line: 7, span, label: 'out', condition: '!fb', held: ['file'], missed: ['file'], notHeld: [] }],
      returns: [{ line: 8, span, condition: 'fc->dead', text: 'return -EIO', held: ['file'] }],
    });
  }
}
