/*
 * They are read before the lock, and only the top is compared under it. Recycler pops 1 and 2 and pushes 1 in between,
 * and 2, which it holds, becomes the top.
 * threads: popper recycler
 * verdict: warning
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

	i = READ_ONCE(top);
	after = READ_ONCE(next[i]);
	spin_lock(&lock);
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
