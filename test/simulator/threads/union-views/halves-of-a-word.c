/*
 * The word is written at once, so who reads it at once sees both halves old or both new.
 * threads: writer reader
 * verdict: no-error
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
	WRITE_ONCE(view.both, 0x100000001UL);
	return 0;
}

long reader(void)
{
	unsigned long both = READ_ONCE(view.both);

	WARN_ON((both >> 32) != (both & 0xffffffffUL));
	return 0;
}
