import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyChanges, Documents } from '../../extension/editor/worker/documents.js';

const path = '/linux/fs/fuse/backing.c';

describe('open documents', () => {
  test('follow the changes that the editor reports, whatever their order', () => {
    // Cuts split the text into pieces; every second piece is replaced, as multi-cursor edits do.
    const edits = fc.tuple(
      fc.string({ maxLength: 80 }),
      fc.array(fc.nat(80), { maxLength: 8 }),
      fc.array(fc.string({ maxLength: 5 }), { minLength: 4, maxLength: 4 }),
      fc.boolean(),
    );
    fc.assert(
      fc.property(edits, ([text, cuts, replacements, reverse]) => {
        const sorted = [...new Set(cuts.map((cut) => Math.min(cut, text.length)))].sort((a, b) => a - b);
        const changes: { offset: number; length: number; text: string }[] = [];
        let expected = '';
        let at = 0;
        for (let index = 0; index + 1 < sorted.length; index += 2) {
          const [start = 0, end = 0] = [sorted[index], sorted[index + 1]];
          const replacement = replacements[(index / 2) % 4] ?? '';
          changes.push({ offset: start, length: end - start, text: replacement });
          expected += text.slice(at, start) + replacement;
          at = end;
        }
        expected += text.slice(at);
        expect(applyChanges(text, reverse ? changes.reverse() : changes)).toBe(expected);
      }),
    );
  });

  test('are asked for again when a change does not lead to the length that the editor has', () => {
    const documents = new Documents();
    documents.apply({ t: 'open', path, version: 1, text: 'goto out_fput;' });
    expect(documents.apply({ t: 'change', path, version: 2, changes: [{ offset: 8, length: 5, text: '' }], length: 9 })).toBe(true);
    expect(documents.get(path)).toEqual({ version: 2, text: 'goto out;' });
    expect(documents.apply({ t: 'change', path, version: 3, changes: [], length: 1 })).toBe(false);
    expect(documents.get(path)).toBeUndefined();
  });

  test('are asked for when a change comes for one that was never sent', () => {
    expect(new Documents().apply({ t: 'change', path, version: 2, changes: [], length: 0 })).toBe(false);
  });
});
