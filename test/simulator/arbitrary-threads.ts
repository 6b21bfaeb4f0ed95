// Programs of two threads made up at random: pointers, copies, unions, bit-fields, locks, RCU, atomics, waiting, freeing, and work,
// timers and callbacks beside them.
import fc from 'fast-check';

/** What both threads have, with `setup`, `teardown` and `digest`, which answers what is left of it. */
const common = `
struct pair { int x, y; };
struct box { int value; };
struct flags { unsigned int low : 4, high : 4; unsigned int rest : 24; };
union view { u32 word; u16 half[2]; u8 bytes[4]; };
static int a, b;
static struct pair s, t;
static struct box boxes[2];
static struct box *p, *h;
static struct flags f;
static union view u;
static atomic_t n;
static DEFINE_SPINLOCK(lock);
static DEFINE_MUTEX(mutex);
static struct completion done;
static DECLARE_WAIT_QUEUE_HEAD(queue);
static struct work_struct work;
static struct timer_list timer;
static struct rcu_head head;
static int called;
static void works(struct work_struct *unused) { b++; mutex_lock(&mutex); s.x = 7; mutex_unlock(&mutex); }
static void ticks(struct timer_list *unused) { a++; wake_up(&queue); }
static void calls(struct rcu_head *unused) { WRITE_ONCE(b, 6); complete(&done); }
static struct pair made(int k) { struct pair c; c.x = k; c.y = k; return c; }
long setup(void)
{
	h = kzalloc(sizeof(*h), GFP_KERNEL | __GFP_NOFAIL);
	p = &boxes[0];
	t.x = 1;
	init_completion(&done);
	INIT_WORK(&work, works);
	timer_setup(&timer, ticks, 0);
	return 0;
}
long teardown(void) { kfree(h); return 0; }
long digest(void)
{
	u32 r = a;
	r = r * 31 + b; r = r * 31 + s.x; r = r * 31 + s.y; r = r * 31 + t.x; r = r * 31 + t.y;
	r = r * 31 + boxes[0].value; r = r * 31 + boxes[1].value; r = r * 31 + (p == &boxes[1]); r = r * 31 + (h == NULL);
	r = r * 31 + f.low; r = r * 31 + f.high; r = r * 31 + u.word; r = r * 31 + atomic_read(&n);
	return r;
}
`;

const statements = [
  'a++;',
  'a |= 2;',
  'b = a + b;',
  'r = r * 31 + a;',
  'r = r * 31 + READ_ONCE(b);',
  'a = 1; b = 1;',
  'WARN_ON(b == 1 && a == 0);',
  'WARN_ON(a == 2);',
  'p = &boxes[1];',
  'p->value = 3;',
  'p->value++;',
  'r = r * 31 + p->value;',
  's = (struct pair){ 2, 2 };',
  's = made(3);',
  '{ struct pair c = s; r = r * 31 + c.x * 3 + c.y; }',
  '{ struct pair c = s; c.x++; s = c; }',
  't = s;',
  's = t;',
  'memcpy(&s, &t, sizeof(s));',
  'memset(&t, 0, sizeof(t));',
  'r = r * 31 + (memcmp(&s, &t, sizeof(s)) == 0);',
  'f.low = 5;',
  'f.high++;',
  'r = r * 31 + f.low;',
  'u.word = 0x10203;',
  'u.bytes[1]++;',
  'r = r * 31 + u.half[0];',
  'spin_lock(&lock); a++; spin_unlock(&lock);',
  'if (spin_trylock(&lock)) { b += 2; spin_unlock(&lock); }',
  'spin_lock(&lock); mutex_lock(&mutex); b++; mutex_unlock(&mutex); spin_unlock(&lock);',
  'mutex_lock(&mutex); a++; mutex_unlock(&mutex);',
  'atomic_inc(&n);',
  'r = r * 31 + atomic_read(&n);',
  'if (xchg(&a, 4) == 1) b = 7;',
  'if (cmpxchg(&a, 0, 5) == 0) b++;',
  '{ struct box *x = xchg(&h, NULL); kfree(x); }',
  '{ struct box *x = h; if (x) r = r * 31 + x->value; }',
  'if (h) h->value++;',
  '{ struct box *x = h; h = NULL; synchronize_rcu(); kfree(x); }',
  'rcu_read_lock(); { struct box *x = h; if (x) r = r * 31 + x->value; } rcu_read_unlock();',
  'complete(&done);',
  'wait_for_completion(&done);',
  'schedule_work(&work);',
  'r = r * 31 + cancel_work_sync(&work);',
  'r = r * 31 + cancel_work(&work);',
  'flush_work(&work);',
  'r = r * 31 + work_pending(&work);',
  'mod_timer(&timer, jiffies);',
  'timer_delete_sync(&timer);',
  'if (xchg(&called, 1) == 0) call_rcu(&head, calls);',
  'rcu_barrier();',
  'wait_event(queue, READ_ONCE(a));',
  'a = 3; wake_up(&queue);',
  'if (waitqueue_active(&queue)) b += 3;',
  '{ DEFINE_WAIT(w); prepare_to_wait(&queue, &w, TASK_UNINTERRUPTIBLE); if (!a) schedule(); finish_wait(&queue, &w); }',
  '__set_bit(3, (unsigned long *)&s);',
  '{ int *at = &a; (*at)++; }',
  '{ int own = 1; int *at = &own; a = *at; }',
] as const;

export interface ThreadsProgram {
  readonly text: string;
  /** Of each thread. */
  readonly bodies: readonly string[];
}

const body = (most: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...statements), { minLength: 1, maxLength: most }).map((list) => list.join('\n\t'));

/** Threads `one` and `two`. */
export const threadsProgram: fc.Arbitrary<ThreadsProgram> = fc.tuple(body(3), body(2)).map((bodies) => ({
  bodies,
  text: [
    common,
    ...bodies.map((each, at) => `long ${at === 0 ? 'one' : 'two'}(void)\n{\n\tu32 r = 0;\n\n\t${each}\n\treturn r;\n}\n`),
  ].join('\n'),
}));
