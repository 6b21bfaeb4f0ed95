// Fragments to one configuration, and what a tree made of it.
import { failureOf, valueOf } from '../support/result.js';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatConfiguration, notTaken, parseConfiguration, wantedConfiguration } from '../../extension/executor/configuration.js';
import { kernelProfiles } from '../../extension/model/execution.js';

let guest: string;
beforeEach(() => {
  guest = mkdtempSync(join(tmpdir(), 'configuration-'));
  mkdirSync(join(guest, 'config'));
});
afterEach(() => rmSync(guest, { recursive: true, force: true }));

const put = (name: string, text: string): void => writeFileSync(join(guest, 'config', `${name}.config`), text);

test('a text is read as .config is', () => {
  const text = '# a comment\n\nCONFIG_A=y\nCONFIG_B="x y"\nCONFIG_C=12\n# CONFIG_D is not set\nno option\n';
  const options = parseConfiguration(text);
  expect([...options]).toEqual([
    ['A', 'y'],
    ['B', '"x y"'],
    ['C', '12'],
    ['D', 'n'],
  ]);
  expect([...parseConfiguration(formatConfiguration(options))]).toEqual([...options]);
});

describe('what is asked for', () => {
  test('is common, then of the profile, then of the subsystem, then what the user says', () => {
    put('common', 'CONFIG_A=y\nCONFIG_B=y\nCONFIG_C=y\nCONFIG_D=y\n');
    put('verdict', 'CONFIG_B=m\nCONFIG_C=m\n');
    put('toy', 'CONFIG_C=n\n');
    const wanted = valueOf(wantedConfiguration(guest, 'toy', 'verdict', { D: false, CONFIG_E: true }));
    expect(formatConfiguration(wanted)).toBe('CONFIG_A=y\nCONFIG_B=m\nCONFIG_C=n\nCONFIG_D=n\nCONFIG_E=y\n');
  });

  test('is there for each profile of the bundled guest, with what it is to notice', () => {
    const bundled = join(import.meta.dirname, '../../guest');
    expect(existsSync(join(bundled, 'config/fuse.config'))).toBe(true);
    for (const profile of kernelProfiles) {
      const wanted = valueOf(wantedConfiguration(bundled, 'fuse', profile, {}));
      expect(wanted.get('FUSE_PASSTHROUGH')).toBe('y');
      expect(wanted.get('KASAN') ?? 'n').toBe(profile === 'verdict' ? 'y' : 'n');
    }
  });

  test('that is not there is named', () => {
    put('common', '');
    put('verdict', '');
    expect(failureOf(wantedConfiguration(guest, 'toy', 'verdict', {})).message).toMatch(
      /toy\.config is missing, so no kernel can be configured for toy/,
    );
  });
});

test('what the tree did not take is told', () => {
  const wanted = parseConfiguration('CONFIG_A=y\nCONFIG_B=n\nCONFIG_C="x"\nCONFIG_D=y\n');
  expect(notTaken(wanted, parseConfiguration('CONFIG_A=y\nCONFIG_C="z"\n'))).toEqual(['CONFIG_C="x"', 'CONFIG_D=y']);
});
