/*
 * Whether the object is dead is looked at before its lock is taken. Remover marks it dead and takes the total in
 * between, and one more use is counted.
 * threads: finder remover
 * verdict: warning
 */
struct box {
	spinlock_t lock;
	refcount_t refs;
	int dead;
	int uses;
};

static struct box *box;
static int uses_at_end;

static void put(struct box *b)
{
	if (refcount_dec_and_test(&b->refs)) {
		WARN_ON(b->uses != uses_at_end);
		kfree(b);
	}
}

long setup(void)
{
	box = kzalloc(sizeof(*box), GFP_KERNEL | __GFP_NOFAIL);
	spin_lock_init(&box->lock);
	refcount_set(&box->refs, 2);
	return 0;
}

long teardown(void)
{
	return 0;
}

long finder(void)
{
	int dead;

	dead = READ_ONCE(box->dead);
	spin_lock(&box->lock);
	if (!dead)
		box->uses++;
	spin_unlock(&box->lock);
	put(box);
	return 0;
}

long remover(void)
{
	spin_lock(&box->lock);
	WRITE_ONCE(box->dead, 1);
	uses_at_end = box->uses;
	spin_unlock(&box->lock);
	put(box);
	return 0;
}
