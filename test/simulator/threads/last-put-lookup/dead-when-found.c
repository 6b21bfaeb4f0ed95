/*
 * A reference keeps the object in memory but not alive, so whether it's dead is looked at under the lock that it's used
 * under.
 * threads: finder remover
 * verdict: no-error
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

	spin_lock(&box->lock);
	dead = READ_ONCE(box->dead);
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
