/*
 * They come to two locks in opposite orders, but leave the one before they take the other.
 * threads: first second
 * verdict: no-error
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
	mutex_unlock(&a);
	mutex_lock(&b);
	in_b++;
	mutex_unlock(&b);
	return 0;
}

long second(void)
{
	mutex_lock(&b);
	in_b++;
	mutex_unlock(&b);
	mutex_lock(&a);
	in_a++;
	mutex_unlock(&a);
	return 0;
}
