// Small models of concurrent programs, each in C for the simulator and in Promela for SPIN, with the same threads and steps.

export interface SmallModel {
  readonly name: string;
  /** Defines `long work(void)` besides setup and teardown. */
  readonly c: string;
  readonly promela: string;
  readonly threads: number;
}

const begin = 'long setup(void) { return 0; }\n';

/** Threads that count with a lock held, so many times each. */
function lockedCount(threads: number, rounds: number): SmallModel {
  return {
    name: `${threads} threads count ${rounds} times with a lock`,
    threads,
    c: `${begin}long teardown(void) { WARN_ON(x != ${threads * rounds}); return 0; }
static DEFINE_SPINLOCK(lock);
static int x;
long work(void)
{
	for (int i = 0; i < ${rounds}; i++) {
		spin_lock(&lock);
		int seen = x;
		x = seen + 1;
		spin_unlock(&lock);
	}
	return 0;
}`,
    promela: `byte lock, x, done;
active [${threads}] proctype work()
{
	byte i, seen;
	do
	:: i < ${rounds} ->
		atomic { lock == 0 -> lock = 1 };
		seen = x;
		x = seen + 1;
		lock = 0;
		i++
	:: else -> break
	od;
	done++
}
active proctype teardown() { done == ${threads}; assert(x == ${threads * rounds}) }`,
  };
}

/** Threads that count without a lock: every interleaving of reads and writes makes a difference. */
function racyCount(threads: number, rounds: number): SmallModel {
  return {
    name: `${threads} threads count ${rounds} times without a lock`,
    threads,
    c: `${begin}long teardown(void) { WARN_ON(x < 1 || x > ${threads * rounds}); return 0; }
static int x;
long work(void)
{
	for (int i = 0; i < ${rounds}; i++) {
		int seen = READ_ONCE(x);
		WRITE_ONCE(x, seen + 1);
	}
	return 0;
}`,
    promela: `byte x, done;
active [${threads}] proctype work()
{
	byte i, seen;
	do
	:: i < ${rounds} ->
		seen = x;
		x = seen + 1;
		i++
	:: else -> break
	od;
	done++
}
active proctype teardown() { done == ${threads}; assert(x >= 1 && x <= ${threads * rounds}) }`,
  };
}

/** Threads that get, use and put an object whose first reference somebody drops; the last put frees it. */
function getPut(threads: number): SmallModel {
  return {
    name: `${threads} threads get, use and put`,
    threads,
    c: `struct object { refcount_t count; int value; struct rcu_head rcu; };
static struct object *shared;
long setup(void) { shared = kzalloc(sizeof(*shared), GFP_KERNEL); refcount_set(&shared->count, 1); return 0; }
static void put(struct object *o) { if (refcount_dec_and_test(&o->count)) { WRITE_ONCE(shared, NULL); kfree_rcu(o, rcu); } }
long teardown(void) { struct object *o = shared; if (o) put(o); return 0; }
long work(void)
{
	struct object *o;

	rcu_read_lock();
	o = READ_ONCE(shared);
	if (o && !refcount_inc_not_zero(&o->count))
		o = NULL;
	rcu_read_unlock();
	if (!o)
		return 0;
	WRITE_ONCE(o->value, READ_ONCE(o->value) + 1);
	put(o);
	return 0;
}`,
    promela: `byte count = 1, value, readers, done;
bool published = true, dead, freed;
inline put() { atomic { count--; last = (count == 0) }; if :: last -> published = false; dead = true :: else fi }
active [${threads}] proctype work()
{
	bool mine, last;
	byte seen;
	readers++;
	mine = published;
	if
	:: mine -> atomic { assert(!freed); if :: count > 0 -> count++ :: else -> mine = false fi }
	:: else
	fi;
	readers--;
	if
	:: mine -> assert(!freed); seen = value; assert(!freed); value = seen + 1; put()
	:: else
	fi;
	done++
}
active proctype reclaim() { if :: atomic { dead && readers == 0 -> freed = true } :: done == ${threads} fi }`,
  };
}

export const smallModels: readonly SmallModel[] = [
  lockedCount(2, 40),
  lockedCount(3, 12),
  racyCount(2, 20),
  racyCount(3, 4),
  getPut(2),
  getPut(3),
];
