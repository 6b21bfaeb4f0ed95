/*
 * They take two locks in opposite orders and leave the one after they took the other: each waits for what the other has.
 * threads: first second
 * verdict: deadlock
 */
static DEFINE_MUTEX(a);
static DEFINE_MUTEX(b);
static int in_a, in_b;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	WARN_ON(in_a != 2 || in_b != 2);
	return 0;
}

long first(void)
{
	mutex_lock(&a);
	in_a++;
	mutex_lock(&b);
	mutex_unlock(&a);
	in_b++;
	mutex_unlock(&b);
	return 0;
}

long second(void)
{
	mutex_lock(&b);
	in_b++;
	mutex_lock(&a);
	mutex_unlock(&b);
	in_a++;
	mutex_unlock(&a);
	return 0;
}
