/*
 * Both bytes are written by one write of the word, so who sees the one new sees the other one new.
 * threads: writer reader
 * verdict: no-error
 */
static union {
	unsigned short word;
	unsigned char byte[2];
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
	WRITE_ONCE(view.word, 0x0101);
	return 0;
}

long reader(void)
{
	int one = READ_ONCE(view.byte[0]);
	int other = READ_ONCE(view.byte[1]);

	WARN_ON(one && !other);
	return 0;
}
