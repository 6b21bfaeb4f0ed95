// Names: each has one intrinsic, what the model in C declares and does not define has one, and so have the calls of the
// contract table that are about memory, counts, indexes, locks and waiting.
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { counting } from '../../../extension/kernel/api/counting.js';
import { indexes } from '../../../extension/kernel/api/indexes.js';
import { intrinsicNamed, intrinsics } from '../../../extension/kernel/intrinsics/index.js';
import { joined } from '../../../extension/kernel/intrinsics/values.js';
import { memory } from '../../../extension/kernel/api/memory.js';
import { locking } from '../../../extension/kernel/api/locking.js';
import { waiting } from '../../../extension/kernel/api/waiting.js';
import type { Declaration } from '../../../extension/syntax/ast.js';
import type { SyntaxParser } from '../../../extension/syntax/parser.js';
import { allOptions, createParser } from '../../support/parser.js';

const runtime = resolve(import.meta.dirname, '../../../runtime');

let parser: SyntaxParser;
const declarations: Declaration[] = [];
const macros = new Set<string>();
/** Functions and macros of the model. */
const defined = new Set<string>();

beforeAll(async () => {
  parser = await createParser();
  for (const folder of ['kernel', 'fuse'])
    for (const file of readdirSync(resolve(runtime, folder)).filter((name) => name.endsWith('.h'))) {
      const unit = parser.parse(`runtime/${folder}/${file}`, readFileSync(resolve(runtime, folder, file), 'utf8'), allOptions);
      // What operation tables point to and nobody calls.
      if (file !== 'generic.h') declarations.push(...unit.declarations);
      for (const macro of unit.macros) macros.add(macro.name);
    }
  for (const each of declarations) if (each.kind === 'function') defined.add(each.name);
  for (const name of macros) defined.add(name);
});

afterAll(() => {
  parser.dispose();
});

test('no name has two', () => {
  expect(() => joined({ a: () => 0 }, { a: () => 1 })).toThrow('two intrinsics are named a');
  expect(intrinsics.size).toBeGreaterThan(600);
});

test('any tracepoint has one, and is enabled', () => {
  expect(intrinsicNamed('trace_fuse_request_send')).toBeDefined();
  expect(intrinsicNamed('trace_fuse_request_send_enabled')?.({} as never, {} as never)).toBe(1);
  expect(intrinsicNamed('fuse_request_send')).toBeUndefined();
});

test('what the model of the kernel declares, somebody defines', () => {
  const declared = declarations.flatMap((each) => (each.kind === 'prototype' && !each.name.startsWith('fuse_') ? [each.name] : []));
  expect([...new Set(declared)].filter((name) => !defined.has(name) && !intrinsics.has(name)).sort()).toEqual([]);
});

describe('of the contract table', () => {
  const missing = (names: readonly string[]): string[] => names.filter((name) => !intrinsics.has(name) && !defined.has(name));

  /** What they stand for has no place in a model without pages, processors or devices. */
  const beyond = new Set(
    `alloc_percpu alloc_percpu_gfp __alloc_percpu free_percpu vm_map_ram vmap vm_unmap_ram vunmap kvasprintf is_vmalloc_addr virt_addr_valid
     import_iovec`.split(/\s+/),
  );
  const outside = /^(devm_|posix_acl_|memalloc_|invalidate_kernel_|flush_kernel_)/;

  test('memory', () => {
    const names = memory.contracts.map((each) => each.name).filter((name) => !beyond.has(name) && !outside.test(name));
    expect(missing(names)).toEqual([]);
  });

  test('counts, but for those that call a function of the tree, which are C', () => {
    expect(missing(counting.contracts.map((each) => each.name))).toEqual(['kref_put_mutex', 'kref_put_lock']);
  });

  test('indexes', () => {
    const families = /^(idr_|ida_|__?xa_|xa_|radix_tree_|rhashtable_)/;
    const names = indexes.contracts.map((each) => each.name).filter((name) => families.test(name));
    expect(missing(names)).toEqual(['idr_alloc_ul']);
  });

  test('locks', () => {
    const lock = /^((raw_)?spin|mutex|read|write|rcu_read)_(try)?(un)?lock(?!_(init|held))|^(percpu_)?(down|up)(_|$)|^downgrade_write$/;
    const names = locking.contracts.map((each) => each.name).filter((name) => lock.test(name));
    const objects = /^(inode_|folio_|page_|lock_page|unlock_page|sb_|file_|filemap_|pipe_|dax_)/;
    expect(missing(names).filter((name) => !objects.test(name))).toEqual([]);
  });

  test('waiting', () => {
    const names = waiting.contracts
      .map((each) => each.name)
      .filter((name) => /^(wait_|wake_up|complete|queue_|schedule|cancel_|mod_delayed)/.test(name));
    expect(missing(names)).toEqual([]);
  });
});
