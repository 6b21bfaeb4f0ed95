/*
 * The owner takes itself off after it has unlocked. First unlocks, second locks and finds first still written down.
 * threads: first second
 * verdict: bug
 */
static DEFINE_SPINLOCK(lock);
static int owner;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	return 0;
}

static void enter(int me)
{
	spin_lock(&lock);
	BUG_ON(READ_ONCE(owner));
	WRITE_ONCE(owner, me);
	spin_unlock(&lock);
	WRITE_ONCE(owner, 0);
}

long first(void)
{
	enter(1);
	return 0;
}

long second(void)
{
	enter(2);
	return 0;
}
