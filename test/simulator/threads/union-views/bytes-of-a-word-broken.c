/*
 * Second sets its byte by the view of the word. It reads the word, first writes its byte, and second writes back the old
 * one.
 * threads: first second
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
	view.word |= 0x0100;
	return 0;
}
