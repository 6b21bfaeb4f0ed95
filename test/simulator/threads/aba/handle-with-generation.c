/*
 * A handle names the slot's generation, so it isn't taken for the slot's next owner.
 * threads: user recycler
 * verdict: no-error
 */
struct slot {
	int generation;
	int owner;
};

static DEFINE_SPINLOCK(lock);
static struct slot slot = { 1, 1 };

long setup(void)
{
	return 0;
}

long teardown(void)
{
	return 0;
}

long user(void)
{
	spin_lock(&lock);
	if (slot.generation == 1)
		WARN_ON(slot.owner != 1);
	spin_unlock(&lock);
	return 0;
}

long recycler(void)
{
	spin_lock(&lock);
	slot.owner = 0;
	slot.generation++;
	spin_unlock(&lock);

	spin_lock(&lock);
	slot.owner = 2;
	spin_unlock(&lock);
	return 0;
}
