/*
 * The pointer is read once, so what is tested is what is followed.
 * threads: user remover
 * verdict: no-error
 */
struct box {
	int value;
};

static struct box box = { 7 };
static struct box *shared = &box;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	return 0;
}

long user(void)
{
	struct box *b = READ_ONCE(shared);

	if (b)
		WARN_ON(READ_ONCE(b->value) != 7);
	return 0;
}

long remover(void)
{
	WRITE_ONCE(shared, NULL);
	return 0;
}
