// Programs of threads that do what numbers say, made up at random: a small language of what goes wrong between threads.
import fc from 'fast-check';
import type { SimulationResult } from '../../extension/model/simulation.js';

/** What a thread does, a number for each; the error sites are told apart by their lines. */
export const actions = `
struct object { int value; refcount_t count; struct rcu_head rcu; };
static DEFINE_SPINLOCK(a);
static DEFINE_SPINLOCK(b);
static struct object *o;
static int x, y;
long setup(void) { x = y = 0; o = kzalloc(sizeof(*o), GFP_KERNEL); refcount_set(&o->count, 2); return 0; }
long teardown(void) { return 0; }
static void put(void) { struct object *was = o; if (refcount_dec_and_test(&was->count)) kfree(was); }
long run(long n0, long n1, long n2, long n3)
{
	long list[4] = { n0, n1, n2, n3 };
	int held_a = 0, held_b = 0, seen = 0;
	for (int i = 0; i < 4; i++)
		switch (list[i]) {
		case 1: if (!held_a) { spin_lock(&a); held_a = 1; } break;
		case 2: if (held_a) { spin_unlock(&a); held_a = 0; } break;
		case 3: if (!held_b) { spin_lock(&b); held_b = 1; } break;
		case 4: if (held_b) { spin_unlock(&b); held_b = 0; } break;
		case 5: seen = x; break;
		case 6: x = seen + 1; break;
		case 7: y = x; break;
		case 8: WARN_ON(y > x); break;
		case 9: WARN_ON(x == 2); break;
		case 10: put(); break;
		case 11: refcount_inc(&o->count); break;
		case 12: seen += o->value; break;
		case 13: o->value = 1; break;
		}
	if (held_b) spin_unlock(&b);
	if (held_a) spin_unlock(&a);
	return 0;
}`;

/** The same with what others wait for, and with calls that may fail; it answers what it has seen. */
export const waitingActions = actions
  .replace('static int x, y;', 'static int x, y;\nstatic DECLARE_WAIT_QUEUE_HEAD(queue);')
  .replace(
    '		}\n',
    `		case 14: { void *p = kmalloc(8, GFP_KERNEL); if (!p) { seen = -12; y = 7; goto out; } kfree(p); break; }
		case 15: if (!held_a) held_a = spin_trylock(&a); break;
		case 16: rcu_read_lock(); seen += o->value; rcu_read_unlock(); break;
		case 17: synchronize_rcu(); break;
		case 18: wait_event(queue, x != 0); break;
		case 19: wake_up(&queue); break;
		}
out:
`,
  )
  .replace('case 5: seen = x;', 'case 5: seen = 10 * seen + x;')
  .replace('return 0;\n}', 'return seen;\n}');

// Those that read and write what others do are the most.
const action = fc.oneof({ weight: 2, arbitrary: fc.constantFrom(5, 6, 7) }, { weight: 3, arbitrary: fc.integer({ min: 1, max: 19 }) });
/** So many threads, each with the numbers that `run` is called with. */
export const threads = (count: number, most: number): fc.Arbitrary<number[][]> =>
  fc.array(fc.array(action, { minLength: 1, maxLength: most }), { minLength: count, maxLength: count });

/** Ids of the errors that a run met, without counterexamples. */
export function metBy({ unexplained = [] }: SimulationResult): string[] {
  return unexplained.map(({ error }) => error.id).sort();
}

/** What all answered together, but where an error ended a path: there it makes no difference how far the others are with what is theirs alone. */
export function answersOf({ outcomes = [] }: SimulationResult): string[] {
  const ended = outcomes.filter((each) => each.ended === null);
  return [...new Set(ended.map((each) => each.answers.join()))].sort();
}
