// Programs with one known error each, and beside each the same done right.

export interface KnownProgram {
  readonly title: string;
  /** The kind of its error; null where it is right. */
  readonly error: string | null;
  /** Defines the drivers `one` and, where they are two, `two`, besides setup and teardown. */
  readonly text: string;
  /** Both at the same time; else one after the other. */
  readonly parallel: boolean;
}

const object = `
struct object { int value; refcount_t count; struct rcu_head rcu; spinlock_t lock; };
static struct object *shared;
static struct object *make(void)
{
	struct object *o = kzalloc(sizeof(*o), GFP_KERNEL);
	if (o) { refcount_set(&o->count, 1); spin_lock_init(&o->lock); }
	return o;
}
`;
const none = `long setup(void) { return 0; }\nlong teardown(void) { return 0; }\n`;
const held = `${object}long setup(void) { shared = make(); return 0; }\nlong teardown(void) { kfree(shared); return 0; }\n`;
const given = `${object}long setup(void) { shared = make(); return 0; }\nlong teardown(void) { return 0; }\n`;
const locks = `static DEFINE_SPINLOCK(a);\nstatic DEFINE_SPINLOCK(b);\nstatic DEFINE_MUTEX(m);\nstatic int x;\n`;

function pair(title: string, error: string, common: string, wrong: string, right: string, parallel = false): readonly KnownProgram[] {
  return [
    { title, error, text: `${common}${wrong}`, parallel },
    { title: `${title}, done right`, error: null, text: `${common}${right}`, parallel },
  ];
}

export const knownPrograms: readonly KnownProgram[] = [
  ...pair(
    'a leak',
    'leak',
    `${object}${none}`,
    'long one(void) { struct object *o = make(); return o ? 0 : -ENOMEM; }',
    'long one(void) { struct object *o = make(); if (!o) return -ENOMEM; kfree(o); return 0; }',
  ),
  ...pair(
    'a second free',
    'double-free',
    given,
    'long one(void) { kfree(shared); return 0; }\nlong two(void) { kfree(shared); return 0; }',
    'long one(void) { kfree(shared); shared = NULL; return 0; }\nlong two(void) { kfree(shared); return 0; }',
  ),
  ...pair(
    'a use of what is freed',
    'use-after-free',
    given,
    'long one(void) { kfree(shared); return 0; }\nlong two(void) { return shared->value; }',
    'long one(void) { kfree(shared); shared = NULL; return 0; }\nlong two(void) { return shared ? shared->value : 0; }',
  ),
  ...pair(
    'a count that goes below zero',
    'refcount',
    held,
    'long one(void) { refcount_dec_and_test(&shared->count); return refcount_dec_and_test(&shared->count); }',
    'long one(void) { refcount_inc(&shared->count); refcount_dec(&shared->count); return refcount_dec_and_test(&shared->count); }',
  ),
  ...pair(
    'a reference taken from none',
    'refcount',
    held,
    'long one(void) { refcount_set(&shared->count, 0); refcount_inc(&shared->count); return 0; }',
    'long one(void) { refcount_set(&shared->count, 0); return refcount_inc_not_zero(&shared->count); }',
  ),
  ...pair(
    'a lock that is never let go',
    'lock-imbalance',
    `${locks}${none}`,
    'long one(void) { spin_lock(&a); if (x == 0) return 0; spin_unlock(&a); return 1; }',
    'long one(void) { spin_lock(&a); if (x == 0) { spin_unlock(&a); return 0; } spin_unlock(&a); return 1; }',
  ),
  ...pair(
    'a lock let go that nobody holds',
    'lock-imbalance',
    `${locks}${none}`,
    'long one(void) { mutex_unlock(&m); return 0; }',
    'long one(void) { mutex_lock(&m); mutex_unlock(&m); return 0; }',
  ),
  ...pair(
    'two locks in two orders',
    'deadlock',
    `${locks}${none}long one(void) { spin_lock(&a); spin_lock(&b); x++; spin_unlock(&b); spin_unlock(&a); return 0; }\n`,
    'long two(void) { spin_lock(&b); spin_lock(&a); x++; spin_unlock(&a); spin_unlock(&b); return 0; }',
    'long two(void) { spin_lock(&a); spin_lock(&b); x++; spin_unlock(&b); spin_unlock(&a); return 0; }',
    true,
  ),
  ...pair(
    'a lock taken again',
    'deadlock',
    `${locks}${none}`,
    'long one(void) { mutex_lock(&m); mutex_lock(&m); mutex_unlock(&m); return 0; }',
    'long one(void) { mutex_lock(&m); if (mutex_trylock(&m)) x++; mutex_unlock(&m); return 0; }',
  ),
  ...pair(
    'sleeping with a spinlock held',
    'sleep-in-atomic',
    `${locks}${none}`,
    'long one(void) { spin_lock(&a); kfree(kmalloc(8, GFP_KERNEL)); spin_unlock(&a); return 0; }',
    'long one(void) { spin_lock(&a); kfree(kmalloc(8, GFP_ATOMIC)); spin_unlock(&a); return 0; }',
  ),
  ...pair(
    'a mutex taken inside a spinlock',
    'sleep-in-atomic',
    `${locks}${none}`,
    'long one(void) { spin_lock(&a); mutex_lock(&m); mutex_unlock(&m); spin_unlock(&a); return 0; }',
    'long one(void) { mutex_lock(&m); spin_lock(&a); spin_unlock(&a); mutex_unlock(&m); return 0; }',
  ),
  ...pair(
    'an update that is lost',
    'warning',
    `${locks}static atomic_t done;\nlong setup(void) { return 0; }\nlong teardown(void) { WARN_ON(x != atomic_read(&done)); return 0; }\n`,
    'long one(void) { x = x + 1; atomic_inc(&done); return 0; }\nlong two(void) { x = x + 1; atomic_inc(&done); return 0; }',
    'long one(void) { spin_lock(&a); x = x + 1; spin_unlock(&a); atomic_inc(&done); return 0; }\nlong two(void) { spin_lock(&a); x = x + 1; spin_unlock(&a); atomic_inc(&done); return 0; }',
    true,
  ),
  ...pair(
    'a pointer of RCU used outside of a reader',
    'use-after-free',
    `${given}long one(void) { struct object *o = shared; WRITE_ONCE(shared, NULL); kfree_rcu(o, rcu); return 0; }\n`,
    'long two(void) { struct object *o; long v = 0; rcu_read_lock(); o = READ_ONCE(shared); rcu_read_unlock(); if (o) v = o->value; return v; }',
    'long two(void) { struct object *o; long v = 0; rcu_read_lock(); o = READ_ONCE(shared); if (o) v = o->value; rcu_read_unlock(); return v; }',
    true,
  ),
  ...pair(
    'a pointer of RCU read without a reader',
    'rcu-outside',
    held,
    'long one(void) { struct object *o = rcu_dereference(shared); return o->value; }',
    'long one(void) { long v; rcu_read_lock(); v = rcu_dereference(shared)->value; rcu_read_unlock(); return v; }',
  ),
  ...pair(
    'a wake-up that is missed',
    'deadlock',
    `static wait_queue_head_t q;\nstatic int ready;\nlong setup(void) { init_waitqueue_head(&q); return 0; }\nlong teardown(void) { return 0; }\nlong two(void) { wait_event(q, ready); return 0; }\n`,
    'long one(void) { wake_up(&q); ready = 1; return 0; }',
    'long one(void) { ready = 1; wake_up(&q); return 0; }',
    true,
  ),
  ...pair(
    'a loop without an end',
    'live-lock',
    `${locks}${none}`,
    'long one(void) { while (x == 0) cpu_relax(); return 0; }',
    'long one(void) { while (x < 9) x++; return 0; }',
  ),
  ...pair(
    'memory that was not there',
    'null-dereference',
    `${object}${none}`,
    'long one(void) { struct object *o = kzalloc(sizeof(*o), GFP_KERNEL); o->value = 1; kfree(o); return 0; }',
    'long one(void) { struct object *o = kzalloc(sizeof(*o), GFP_KERNEL); if (!o) return -ENOMEM; o->value = 1; kfree(o); return 0; }',
  ),
  ...pair(
    'an index that still has what is freed',
    'dangling-reference',
    `${object}static DEFINE_IDR(ids);\nlong setup(void) { return 0; }\nlong teardown(void) { idr_destroy(&ids); return 0; }\n`,
    'long one(void) { struct object *o = make(); int id; if (!o) return 0; id = idr_alloc(&ids, o, 1, 0, GFP_KERNEL); kfree(o); return 0; }',
    'long one(void) { struct object *o = make(); int id; if (!o) return 0; id = idr_alloc(&ids, o, 1, 0, GFP_KERNEL); if (id > 0) idr_remove(&ids, id); kfree(o); return 0; }',
  ),
  ...pair(
    'a branch on what has no value',
    'uninitialised',
    none,
    'long one(void) { int y; if (y) return 1; return 0; }',
    'long one(void) { int y = 0; if (y) return 1; return 0; }',
  ),
  ...pair(
    'a field of fresh memory that was not set',
    'uninitialised',
    `${object}${none}`,
    'long one(void) { struct object *o = kmalloc(sizeof(*o), GFP_KERNEL); long v = 0; if (o && o->value) v = 1; kfree(o); return v; }',
    'long one(void) { struct object *o = kzalloc(sizeof(*o), GFP_KERNEL); long v = 0; if (o && o->value) v = 1; kfree(o); return v; }',
  ),
  ...pair(
    'a warning after an allocation failed',
    'warning',
    none,
    'long one(void) { void *p = kmalloc(8, GFP_KERNEL); WARN_ON(!p); kfree(p); return 0; }',
    'long one(void) { void *p = kmalloc(8, GFP_KERNEL | __GFP_NOFAIL); WARN_ON(!p); kfree(p); return 0; }',
  ),
  ...pair(
    'an access beyond an array',
    'wild-dereference',
    none,
    'long one(void) { int *p = kcalloc(4, sizeof(int), GFP_KERNEL); long v = 0; if (p) v = p[4]; kfree(p); return v; }',
    'long one(void) { int *p = kcalloc(4, sizeof(int), GFP_KERNEL); long v = 0; if (p) v = p[3]; kfree(p); return v; }',
  ),
  ...pair(
    'two puts of one reference',
    'use-after-free',
    given,
    `static void put(void) { struct object *o = shared; if (refcount_read(&o->count) > 1) refcount_dec(&o->count); else kfree(o); }
long one(void) { refcount_inc(&shared->count); put(); return 0; }\nlong two(void) { put(); return 0; }`,
    `static void put(void) { struct object *o = shared; spin_lock(&o->lock); refcount_inc(&o->count); refcount_dec(&o->count); spin_unlock(&o->lock); }
long one(void) { put(); return 0; }\nlong two(void) { put(); return 0; }\nlong teardown(void);`,
    true,
  ).slice(0, 1),
];
