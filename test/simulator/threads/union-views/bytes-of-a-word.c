/*
 * Each thread writes one byte of the word by the view of bytes, which leaves the other byte alone.
 * threads: first second
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
	WARN_ON(view.word != 0x0101);
	return 0;
}

long first(void)
{
	view.byte[0] = 1;
	return 0;
}

long second(void)
{
	view.byte[1] = 1;
	return 0;
}
