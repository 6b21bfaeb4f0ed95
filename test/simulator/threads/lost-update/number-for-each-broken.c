/*
 * The number is read after the increment. Both increment, then both read 2.
 * threads: first second
 * verdict: warning
 */
static atomic_t last = ATOMIC_INIT(0);
static int numbers[2];

long setup(void)
{
	return 0;
}

long teardown(void)
{
	WARN_ON(numbers[0] == numbers[1]);
	return 0;
}

static int new_number(void)
{
	atomic_inc(&last);
	return atomic_read(&last);
}

long first(void)
{
	numbers[0] = new_number();
	return 0;
}

long second(void)
{
	numbers[1] = new_number();
	return 0;
}
