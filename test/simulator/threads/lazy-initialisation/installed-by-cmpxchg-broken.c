/*
 * Who lost uses the winner's object and forgets its own.
 * threads: first second
 * verdict: leak
 */
struct box {
	int value;
};

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
	struct box *mine = kzalloc(sizeof(*mine), GFP_KERNEL | __GFP_NOFAIL);
	struct box *theirs;

	mine->value = 7;
	theirs = cmpxchg(&shared, NULL, mine);
	if (!theirs)
		return mine;
	return theirs;
}

long first(void)
{
	WARN_ON(get()->value != 7);
	return 0;
}

long second(void)
{
	WARN_ON(get()->value != 7);
	return 0;
}
