/*
 * atomic_inc_return() gives each caller a number of its own.
 * threads: first second
 * verdict: no-error
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
	return atomic_inc_return(&last);
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
