/*
 * The pointer is read again after the test. Remover clears it in between.
 * threads: user remover
 * verdict: null-dereference
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
	if (READ_ONCE(shared))
		WARN_ON(READ_ONCE(shared)->value != 7);
	return 0;
}

long remover(void)
{
	WRITE_ONCE(shared, NULL);
	return 0;
}
