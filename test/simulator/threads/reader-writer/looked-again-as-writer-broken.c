/*
 * Who found no object as a reader makes one as a writer. Both found none, and the second one overwrites the first one's.
 * threads: first second
 * verdict: leak
 */
struct box {
	int value;
};

static struct rw_semaphore sem;
static struct box *shared;

long setup(void)
{
	init_rwsem(&sem);
	return 0;
}

long teardown(void)
{
	kfree(shared);
	return 0;
}

static void make_once(void)
{
	int found;

	down_read(&sem);
	found = shared != NULL;
	up_read(&sem);
	if (found)
		return;
	down_write(&sem);
	shared = kzalloc(sizeof(struct box), GFP_KERNEL | __GFP_NOFAIL);
	up_write(&sem);
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
