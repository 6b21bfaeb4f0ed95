/*
 * The top and its next are read under the lock that the top is changed under.
 * threads: popper recycler
 * verdict: no-error
 */
static DEFINE_SPINLOCK(lock);
static int top;
static int next[4];
static int held;

static int pop(void)
{
	int i;

	spin_lock(&lock);
	i = top;
	if (i)
		top = next[i];
	spin_unlock(&lock);
	return i;
}

static void push(int i)
{
	spin_lock(&lock);
	next[i] = top;
	top = i;
	spin_unlock(&lock);
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
	int i = top, n;

	for (n = 0; n < 4 && i; n++) {
		WARN_ON(i == held);
		i = next[i];
	}
	return 0;
}

long popper(void)
{
	int i, after;

	spin_lock(&lock);
	i = READ_ONCE(top);
	after = READ_ONCE(next[i]);
	if (i && top == i)
		top = after;
	spin_unlock(&lock);
	return 0;
}

long recycler(void)
{
	int i = pop();

	held = pop();
	if (i)
		push(i);
	return 0;
}
