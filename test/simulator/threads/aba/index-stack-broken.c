/*
 * A stack of numbered nodes without a tag. Popper reads the top 1 and its next 2, recycler pops 1 and 2 and pushes 1,
 * and popper makes 2 the top, which recycler still holds.
 * threads: popper recycler
 * verdict: warning
 */
static unsigned int top;
static unsigned int next[4];
static unsigned int held;

static int change_top(unsigned int old, unsigned int index)
{
	return cmpxchg(&top, old, index) == old;
}

static unsigned int pop(void)
{
	unsigned int old = READ_ONCE(top);
	unsigned int index = old & 0xff;

	if (!index)
		return 0;
	if (!change_top(old, READ_ONCE(next[index])))
		return 0;
	return index;
}

static void push(unsigned int index)
{
	unsigned int old = READ_ONCE(top);

	WRITE_ONCE(next[index], old & 0xff);
	change_top(old, index);
}

long setup(void)
{
	top = 1;
	next[1] = 2;
	next[2] = 3;
	next[3] = 0;
	return 0;
}

long teardown(void)
{
	unsigned int i = top & 0xff;
	int n;

	for (n = 0; n < 4 && i; n++) {
		WARN_ON(i == held);
		i = next[i];
	}
	return 0;
}

long popper(void)
{
	pop();
	return 0;
}

long recycler(void)
{
	unsigned int index = pop();

	if (!index)
		return 0;
	held = pop();
	push(index);
	return 0;
}
