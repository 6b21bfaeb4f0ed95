/*
 * The object is made without a mutex. Both find none, and the pointer that was written first is overwritten.
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
	if (!READ_ONCE(shared))
		WRITE_ONCE(shared, kzalloc(sizeof(struct box), GFP_KERNEL | __GFP_NOFAIL));
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
