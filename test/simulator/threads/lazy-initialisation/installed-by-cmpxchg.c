/*
 * Both make an object, cmpxchg() installs one of them, and who lost frees its own and uses the winner's.
 * threads: first second
 * verdict: no-error
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
	kfree(mine);
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
