/*
 * Who has the lock writes itself down as the owner, and takes itself off before it unlocks, so the next one finds no
 * owner.
 * threads: first second
 * verdict: no-error
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
	WRITE_ONCE(owner, 0);
	spin_unlock(&lock);
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
