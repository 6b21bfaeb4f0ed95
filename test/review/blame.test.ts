import { describe, expect, test } from 'vitest';
import { blameOf, firstUnbalanced, type Blame } from '../../extension/review/blame.js';
import { Path, place } from './paths.js';

const entry = 'entry 1 of fuse_conn 1.backing_files_map';
const inode = 'fuse_inode 1.fb';

/** `fuse_backing: fuse_backing_close():50 in operation 1, -1` */
function told(blame: Blame | null): string | null {
  if (blame === null) return null;
  const { object, function: name, at, operation, excess } = blame;
  expect(at.function).toBe(name);
  return `${object ?? 'no object'}: ${name}():${at.line} in operation ${operation}, ${excess}`;
}

/** Registered under an id, which holds its one reference: fuse_backing_open(). */
function registered(threads?: readonly string[]): { readonly path: Path; readonly fb: number } {
  const path = new Path(threads).operation('backing-open').call('fuse_backing_open').at(10, 'fb = kmalloc_obj()');
  const fb = path.make('fuse_backing');
  path.at(11, 'refcount_set(&fb->count, 1)').is(fb, 1, 'fb in fuse_backing_open()');
  path.call('fuse_backing_id_alloc', 12).at(20, 'idr_alloc_cyclic()').is(fb, 1, entry, 'fb in fuse_backing_open()').back();
  path.at(13, 'return res').is(fb, 1, entry);
  return { path, fb };
}

/** Then a file is open on it, whose inode holds a second one. */
function opened(): { readonly path: Path; readonly fb: number } {
  const { path, fb } = registered();
  path.operation('open').call('fuse_passthrough_open').call('fuse_backing_lookup', 30);
  path.at(40, 'fb = idr_find()').is(fb, 1, entry, 'fb in fuse_backing_lookup()');
  path.call('fuse_backing_get', 41).is(fb, 1, entry, 'fb in fuse_backing_get()', 'fb in fuse_backing_lookup()');
  path.at(50, 'refcount_inc_not_zero()').is(fb, 2, entry, 'fb in fuse_backing_get()', 'fb in fuse_backing_lookup()').back().back();
  path.at(31, 'fi->fb = fb').is(fb, 2, entry, inode, 'fb in fuse_passthrough_open()').at(32, 'return 0').is(fb, 2, entry, inode);
  return { path, fb };
}

/** `put` of what the caller has in `fb`, from a line of the function that runs. */
function put(path: Path, fb: number, from: { readonly caller: string; readonly line: number }, after: number, ...holders: string[]): Path {
  const held = [`fb in ${from.caller}()`, ...holders];
  path.call('fuse_backing_put', from.line).is(fb, after + 1, 'fb in fuse_backing_put()', ...held);
  return path
    .at(60, 'refcount_dec_and_test()')
    .is(fb, after, 'fb in fuse_backing_put()', ...held)
    .back();
}

describe('references that are in balance', () => {
  test('are nobody’s fault: each pointer that lasts has its reference, and local variables have none', () => {
    const { path } = opened();
    expect(firstUnbalanced(path.trace)).toBeNull();
  });

  test('may be moved from one pointer to another, and be taken and dropped within an operation', () => {
    const { path, fb } = opened();
    path.operation('backing-close').call('fuse_backing_close').at(70, 'fi->fb = NULL').is(fb, 2, entry, 'fb in fuse_backing_close()');
    path.at(71, 'fc->last = fb').is(fb, 2, entry, 'fb in fuse_backing_close()', 'fuse_conn 1.last');
    path.at(72, 'refcount_inc()').is(fb, 3, entry, 'fb in fuse_backing_close()', 'fuse_conn 1.last');
    put(path, fb, { caller: 'fuse_backing_close', line: 73 }, 2, entry, 'fuse_conn 1.last');
    expect(firstUnbalanced(path.trace)).toBeNull();
  });
});

describe('a reference too many', () => {
  test('that is dropped is blamed on the caller of the put, in the operation that drops it and not where it shows', () => {
    const { path, fb } = opened();
    // The index keeps what it gives away.
    path
      .operation('backing-close')
      .call('fuse_backing_close')
      .at(70, 'fb = idr_find()')
      .is(fb, 2, entry, inode, 'fb in fuse_backing_close()');
    put(path, fb, { caller: 'fuse_backing_close', line: 71 }, 1, entry, inode).at(72, 'return err').is(fb, 1, entry, inode);
    path.operation('release').call('fuse_release').at(80, 'fi->fb = NULL').is(fb, 1, entry, 'fb in fuse_release()');
    put(path, fb, { caller: 'fuse_release', line: 81 }, 0, entry).freed(fb, 0);
    path.operation('backing-close').call('fuse_backing_close').at(73, 'fb->closed').fails();
    expect(told(blameOf(path.ends('use-after-free', fb)))).toBe('fuse_backing: fuse_backing_close():71 in operation 2, -1');
  });

  test('that is taken and never put is blamed on the statement that takes it', () => {
    const { path, fb } = registered();
    path.operation('open').call('fuse_passthrough_open').at(30, 'fb = idr_find()').is(fb, 1, entry, 'fb in fuse_passthrough_open()');
    path.at(31, 'refcount_inc()').is(fb, 2, entry, 'fb in fuse_passthrough_open()').at(32, 'return -EIO').is(fb, 2, entry);
    path.operation('backing-close').call('fuse_backing_close').at(70, 'fb = idr_remove()').is(fb, 2, 'fb in fuse_backing_close()');
    put(path, fb, { caller: 'fuse_backing_close', line: 71 }, 1).at(72).is(fb, 1);
    const leak = path.end().ends('leak', fb, place('fuse_backing_open', 10));
    expect(told(blameOf(leak))).toBe('fuse_backing: fuse_passthrough_open():31 in operation 1, 1');
  });

  test('of several operations that go wrong is that of the first', () => {
    const { path, fb } = registered();
    for (const [count, line] of [
      [2, 31],
      [3, 41],
    ] as const)
      path.operation('open').call('fuse_open').at(line, 'refcount_inc()').is(fb, count, entry);
    expect(told(firstUnbalanced(path.trace))).toBe('fuse_backing: fuse_open():31 in operation 1, 1');
  });

  test('of several objects is that of the first operation, whichever was made first', () => {
    const path = new Path().operation('mount').call('fuse_fill_super').at(1);
    const [first, second] = [path.make('fuse_conn'), path.make('fuse_backing')];
    path.is(first, 1, 'fuse_mount 1.fc').is(second, 1, entry);
    path.operation('open').call('fuse_open').at(30).is(second, 2, entry);
    path.operation('close').call('fuse_close').at(40).is(first, 2, 'fuse_mount 1.fc');
    expect(firstUnbalanced(path.trace)).toMatchObject({ object: 'fuse_backing', operation: 1 });
  });

  test('counts each reference: two that are dropped are two', () => {
    const { path, fb } = opened();
    path.operation('backing-close').call('fuse_backing_close').at(70, 'refcount_sub_and_test(2)').is(fb, 0, entry, inode).freed(fb, 0);
    path.operation('read').call('fuse_read').at(90).fails();
    expect(told(blameOf(path.ends('use-after-free', fb)))).toBe('fuse_backing: fuse_backing_close():70 in operation 2, -2');
  });

  test('that is dropped is not told by a statement that takes one', () => {
    const { path, fb } = opened();
    path.operation('backing-close').call('fuse_backing_close').at(70, 'refcount_sub_and_test(2)').is(fb, 0, entry, inode);
    path.at(71, 'refcount_inc()').is(fb, 1, entry, inode);
    expect(told(firstUnbalanced(path.trace))).toBe('fuse_backing: fuse_backing_close():70 in operation 2, -1');
  });

  test('in two callees of a function is that function’s, told by the last statement of it that goes wrong', () => {
    const { path, fb } = registered();
    path.operation('backing-close').call('fuse_dev_ioctl').call('fuse_backing_close', 5);
    path.at(70, 'fb = idr_find()').is(fb, 1, entry, 'fb in fuse_backing_close()');
    path.call('fuse_backing_forget', 71).at(75, 'idr_remove()').is(fb, 1, 'fb in fuse_backing_close()').back();
    put(path, fb, { caller: 'fuse_backing_close', line: 72 }, 0);
    put(path, fb, { caller: 'fuse_backing_close', line: 73 }, -1).fails();
    expect(told(blameOf(path.ends('refcount', fb)))).toBe('fuse_backing: fuse_backing_close():73 in operation 1, -1');
  });
});

describe('memory that is freed while it is counted', () => {
  test('is the fault of who frees it, with no number of references', () => {
    const { path, fb } = opened();
    path.operation('backing-close').call('fuse_backing_close').at(70, 'fb = idr_remove()').is(fb, 2, inode, 'fb in fuse_backing_close()');
    path.at(71, 'kfree(fb)').freed(fb, 2);
    path.operation('read').call('fuse_read').at(90).fails();
    expect(told(blameOf(path.ends('use-after-free', fb)))).toBe('fuse_backing: fuse_backing_close():71 in operation 2, 0');
  });

  test('may as well be freed after a grace period: who asks for it is to blame, not who ends it', () => {
    const { path, fb } = opened();
    path.operation('backing-close').call('fuse_backing_close').at(71, 'kfree_rcu(fb, rcu)').waits(fb, 2);
    path.operation('release').call('fuse_release').at(80).freed(fb, 2);
    expect(told(firstUnbalanced(path.trace))).toBe('fuse_backing: fuse_backing_close():71 in operation 2, 0');
  });

  test('is nobody’s fault once the count is 0', () => {
    const { path, fb } = registered();
    path.operation('backing-close').call('fuse_backing_close').at(70, 'fb = idr_remove()').is(fb, 1, 'fb in fuse_backing_close()');
    put(path, fb, { caller: 'fuse_backing_close', line: 71 }, 0).at(72, 'kfree_rcu(fb, rcu)').waits(fb, 0).at(73).freed(fb, 0);
    expect(firstUnbalanced(path.trace)).toBeNull();
  });
});

describe('a get or put by a function for its caller', () => {
  test('that was handed the object is the caller’s', () => {
    const { path, fb } = registered();
    path.operation('open').call('fuse_passthrough_open').at(30, 'fb = idr_find()').is(fb, 1, entry, 'fb in fuse_passthrough_open()');
    path.call('fuse_backing_get', 31).is(fb, 1, entry, 'fb in fuse_backing_get()', 'fb in fuse_passthrough_open()');
    path.at(50, 'refcount_inc_not_zero()').is(fb, 2, entry, 'fb in fuse_backing_get()', 'fb in fuse_passthrough_open()').back();
    expect(told(firstUnbalanced(path.trace))).toBe('fuse_backing: fuse_passthrough_open():31 in operation 1, 1');
  });

  test('that got the object itself is its own', () => {
    const { path, fb } = registered();
    path.operation('open').call('fuse_passthrough_open').call('fuse_backing_lookup', 30);
    path.at(40, 'fb = idr_find()').is(fb, 1, entry, 'fb in fuse_backing_lookup()');
    path.at(41, 'refcount_inc_not_zero()').is(fb, 2, entry, 'fb in fuse_backing_lookup()').back();
    expect(told(firstUnbalanced(path.trace))).toBe('fuse_backing: fuse_backing_lookup():41 in operation 1, 1');
  });

  test('that got the object itself is its own, whatever another thread has in the same function', () => {
    const { path, fb } = registered(['main', 'thread 1', 'thread 2']);
    path.on(2).operation('backing-close').call('fuse_dev_ioctl').call('fuse_backing_close', 5);
    path.at(70, 'fb = idr_find()').is(fb, 1, entry, 'fb in fuse_backing_close() of thread 2');
    path.on(1).operation('backing-close').call('fuse_dev_ioctl').call('fuse_backing_close', 5);
    path.at(70, 'fb = idr_find()').is(fb, 1, entry, 'fb in fuse_backing_close() of thread 1', 'fb in fuse_backing_close() of thread 2');
    path.at(71, 'refcount_dec()').is(fb, 0, entry, 'fb in fuse_backing_close() of thread 1', 'fb in fuse_backing_close() of thread 2');
    path.fails();
    expect(told(blameOf(path.ends('refcount', fb)))).toBe('fuse_backing: fuse_backing_close():71 in operation 2, -1');
  });

  test('that was handed the object by its own thread is the caller’s, with other threads too', () => {
    const { path, fb } = registered(['main', 'thread 1', 'thread 2']);
    path.on(1).operation('backing-close').call('fuse_backing_close').at(70, 'fb = idr_find()');
    path.is(fb, 1, entry, 'fb in fuse_backing_close() of thread 1');
    path.call('fuse_backing_put', 71);
    path.is(fb, 1, entry, 'fb in fuse_backing_close() of thread 1', 'fb in fuse_backing_put() of thread 1');
    path.at(60).is(fb, 0, entry, 'fb in fuse_backing_close() of thread 1', 'fb in fuse_backing_put() of thread 1').fails();
    expect(told(blameOf(path.ends('refcount', fb)))).toBe('fuse_backing: fuse_backing_close():71 in operation 1, -1');
  });
});

describe('threads beside each other', () => {
  test('are looked at each by itself: the one that drops what it did not take is to blame, not the one between whose steps that is', () => {
    const { path, fb } = registered(['main', 'thread 1', 'thread 2']);
    path.on(1).operation('open').call('fuse_passthrough_open').at(30, 'fb = idr_find()');
    path.is(fb, 1, entry, 'fb in fuse_passthrough_open() of thread 1');
    path.on(2).operation('backing-close').call('fuse_backing_close').at(70, 'fb = idr_find()');
    path.is(fb, 1, entry, 'fb in fuse_backing_close() of thread 2', 'fb in fuse_passthrough_open() of thread 1');
    path
      .on(1)
      .at(31, 'refcount_inc()')
      .is(fb, 2, entry, 'fb in fuse_backing_close() of thread 2', 'fb in fuse_passthrough_open() of thread 1');
    path
      .on(2)
      .at(71, 'refcount_dec()')
      .is(fb, 1, entry, 'fb in fuse_backing_close() of thread 2', 'fb in fuse_passthrough_open() of thread 1');
    path.on(1).at(32, 'fi->fb = fb').is(fb, 1, entry, inode, 'fb in fuse_backing_close() of thread 2');
    expect(told(firstUnbalanced(path.trace))).toBe('fuse_backing: fuse_backing_close():71 in operation 2, -1');
  });
});

describe('what a driver of the scenario does', () => {
  /** A driver has a file, which the tree then holds. */
  function driven(): { readonly path: Path; readonly file: number } {
    const path = new Path().operation('open').behind('file = alloc_file()');
    const file = path.make('file');
    path.isOutside(file, 1);
    return { path, file };
  }

  test('is never blamed', () => {
    const { path } = driven();
    expect(firstUnbalanced(path.trace)).toBeNull();
  });

  test('may hand its reference over to the tree', () => {
    const { path, file } = driven();
    path.call('fuse_backing_open').at(10, 'fb->file = file').is(file, 1, 'fuse_backing 1.file');
    expect(firstUnbalanced(path.trace)).toBeNull();
  });

  test('leaves the blame with the tree’s code beside it', () => {
    const { path, file } = driven();
    path.call('fuse_backing_open').at(10, 'fb->file = file').is(file, 1, 'fuse_backing 1.file');
    path.at(11, 'get_file(file)').is(file, 2, 'fuse_backing 1.file').back();
    path.behind('the driver holds it for a while').isOutside(file, 3, 'fuse_backing 1.file');
    path.behind('and lets it go').isOutside(file, 2, 'fuse_backing 1.file');
    expect(told(firstUnbalanced(path.trace))).toBe('file: fuse_backing_open():11 in operation 0, 1');
  });

  test('does not hide what the tree does in a later operation', () => {
    const { path, file } = driven();
    path.operation('release').call('fuse_release').at(80, 'get_file(file)').is(file, 2);
    expect(told(firstUnbalanced(path.trace))).toBe('file: fuse_release():80 in operation 1, 1');
  });
});

describe('an error about what is not counted', () => {
  test('is blamed on where it shows, in the operation in which it does', () => {
    const path = new Path().operation('backing-open').call('fuse_backing_open').at(10);
    path.operation('backing-close').call('fuse_backing_close').at(70, 'fb->bdev').fails();
    expect(told(blameOf(path.ends('null-dereference', null)))).toBe('no object: fuse_backing_close():70 in operation 1, 0');
  });

  test('is, for a leak, blamed on where the object was made', () => {
    const path = new Path().operation('backing-open').call('fuse_backing_open').at(10, 'fb = kmalloc_obj()');
    const fb = path.make('fuse_backing');
    path.is(fb, null, 'fb in fuse_backing_open()').at(11, 'return -EPERM').is(fb, null).end();
    expect(firstUnbalanced(path.trace)).toBeNull();
    expect(told(blameOf(path.ends('leak', fb, place('fuse_backing_open', 10))))).toBe(
      'fuse_backing: fuse_backing_open():10 in operation -1, 0',
    );
  });

  test('is, for anything else, blamed on the statement before it fails', () => {
    const path = new Path().operation('open').call('fuse_open').at(30, 'ff = kmalloc_obj()');
    const ff = path.make('fuse_file');
    path.is(ff, null, 'ff in fuse_open()');
    path.operation('release').call('fuse_release').call('fuse_file_put', 80).at(90, 'kfree(ff)').fails();
    expect(told(blameOf(path.ends('double-free', ff)))).toBe('fuse_file: fuse_file_put():90 in operation 1, 0');
  });

  test('has no blame where nothing of the tree is known of it', () => {
    const path = new Path().operation('read').behind('the driver reads');
    expect(blameOf(path.ends('warning', null))).toBeNull();
  });
});

describe('a reference that is handed out', () => {
  test('is the fault of the caller that does not drop it, not of the lookup that got it', () => {
    const { path, fb } = registered();
    path.operation('open').call('fuse_passthrough_open').call('fuse_backing_lookup', 30);
    path.at(40, 'fb = idr_find()').is(fb, 1, entry, 'fb in fuse_backing_lookup()');
    path.call('fuse_backing_get', 41).is(fb, 1, entry, 'fb in fuse_backing_get()', 'fb in fuse_backing_lookup()');
    path.at(50, 'refcount_inc_not_zero()').is(fb, 2, entry, 'fb in fuse_backing_get()', 'fb in fuse_backing_lookup()').back();
    path.at(42, 'return fb').is(fb, 2, entry, 'fb in fuse_passthrough_open()').back();
    path.at(31, 'return -EIO').is(fb, 2, entry);
    expect(told(firstUnbalanced(path.trace))).toBe('fuse_backing: fuse_passthrough_open():30 in operation 1, 1');
  });

  test('is so too where an index hands over its own', () => {
    const { path, fb } = registered();
    path.operation('backing-close').call('fuse_backing_close').call('fuse_backing_id_remove', 70);
    path.at(80, 'fb = idr_remove()').is(fb, 1, 'fb in fuse_backing_id_remove()');
    path.at(81, 'return fb').is(fb, 1, 'fb in fuse_backing_close()').back();
    path.at(71, 'return 0').is(fb, 1);
    expect(told(firstUnbalanced(path.trace))).toBe('fuse_backing: fuse_backing_close():70 in operation 1, 1');
  });

  test('is the fault of who takes it where nobody gets it', () => {
    const { path, fb } = registered();
    path.operation('open').call('fuse_passthrough_open').call('fuse_backing_count', 30);
    path.at(40, 'fb = idr_find()').is(fb, 1, entry, 'fb in fuse_backing_count()');
    path.at(41, 'refcount_inc()').is(fb, 2, entry, 'fb in fuse_backing_count()');
    path.at(42, 'return 0').is(fb, 2, entry).back();
    path.at(31, 'return 0').is(fb, 2, entry);
    expect(told(firstUnbalanced(path.trace))).toBe('fuse_backing: fuse_backing_count():41 in operation 1, 1');
  });
});
