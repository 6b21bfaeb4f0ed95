/*
 * Whether a node is left is looked at under the lock that it's taken under.
 * threads: first second
 * verdict: no-error
 */
struct node {
	struct node *next;
};

static DEFINE_SPINLOCK(lock);
static struct node *top;

long setup(void)
{
	top = kzalloc(sizeof(*top), GFP_KERNEL | __GFP_NOFAIL);
	return 0;
}

long teardown(void)
{
	kfree(top);
	return 0;
}

static void take(void)
{
	struct node *n = NULL;

	spin_lock(&lock);
	if (READ_ONCE(top)) {
		n = top;
		top = n->next;
	}
	spin_unlock(&lock);
	kfree(n);
}

long first(void)
{
	take();
	return 0;
}

long second(void)
{
	take();
	return 0;
}
