/*
 * Double-checked with the pointer written before the object is filled. The other one's look without the mutex finds it
 * with value 0.
 * threads: first second
 * verdict: warning
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

static struct box *get(void)
{
	struct box *b = READ_ONCE(shared);

	if (b)
		return b;
	mutex_lock(&lock);
	b = READ_ONCE(shared);
	if (!b) {
		b = kzalloc(sizeof(*b), GFP_KERNEL | __GFP_NOFAIL);
		WRITE_ONCE(shared, b);
		WRITE_ONCE(b->value, 7);
	}
	mutex_unlock(&lock);
	return b;
}

long first(void)
{
	WARN_ON(READ_ONCE(get()->value) != 7);
	return 0;
}

long second(void)
{
	WARN_ON(READ_ONCE(get()->value) != 7);
	return 0;
}
