/*
 * Who found no object makes one as soon as it has the mutex. Both found none, and the second one overwrites the first
 * one's.
 * threads: first second
 * verdict: leak
 */
struct box {
	int value;
};

static DEFINE_MUTEX(lock);
static struct box *shared;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	kfree(shared);
	return 0;
}

static void make_once(void)
{
	if (READ_ONCE(shared))
		return;
	mutex_lock(&lock);
	WRITE_ONCE(shared, kzalloc(sizeof(struct box), GFP_KERNEL | __GFP_NOFAIL));
	mutex_unlock(&lock);
}

long first(void)
{
	make_once();
	return 0;
}

long second(void)
{
	make_once();
	return 0;
}
