/*
 * The writer of b writes a back as well, but as it was: nobody else writes the word, so a reader of a sees no change.
 * threads: user writer
 * verdict: no-error
 */
static struct {
	unsigned int a : 3;
	unsigned int b : 3;
} state = { 2, 0 };

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
	WARN_ON(state.a != 2);
	return 0;
}

long writer(void)
{
	state.b = 5;
	return 0;
}
