/*
 * The bytes are written one after the other. The reader comes in between.
 * threads: writer reader
 * verdict: warning
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
	WRITE_ONCE(view.byte[0], 1);
	WRITE_ONCE(view.byte[1], 1);
	return 0;
}

long reader(void)
{
	int one = READ_ONCE(view.byte[0]);
	int other = READ_ONCE(view.byte[1]);

	WARN_ON(one && !other);
	return 0;
}
