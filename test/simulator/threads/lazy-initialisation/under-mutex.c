/*
 * Whoever comes first makes the object, under a mutex.
 * threads: first second
 * verdict: no-error
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
	mutex_lock(&lock);
	if (!READ_ONCE(shared))
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
