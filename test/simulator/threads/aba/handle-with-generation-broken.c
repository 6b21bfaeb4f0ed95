/*
 * A handle is good while the slot is in use. Recycler gives the slot to another owner, and the old handle gets its.
 * threads: user recycler
 * verdict: warning
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
	if (slot.owner)
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
