/*
 * User changes a between the reading and the writing back of the word by the writer of b, and then reads the old a.
 * threads: user writer
 * verdict: warning
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
	state.a = 4;
	WARN_ON(state.a != 4);
	return 0;
}

long writer(void)
{
	state.b = 5;
	return 0;
}
