/*
 * The halves are written one after the other. The reader reads the word in between.
 * threads: writer reader
 * verdict: warning
 */
static union {
	unsigned long both;
	struct {
		unsigned int low;
		unsigned int high;
	} half;
} view;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	return 0;
}

long writer(void)
{
	WRITE_ONCE(view.half.low, 1);
	WRITE_ONCE(view.half.high, 1);
	return 0;
}

long reader(void)
{
	unsigned long both = READ_ONCE(view.both);

	WARN_ON((both >> 32) != (both & 0xffffffffUL));
	return 0;
}
