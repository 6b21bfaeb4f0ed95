/*
 * Whether a node is left is looked at before the lock is taken. Both see the last one, and the second one to take it
 * finds none.
 * threads: first second
 * verdict: null-dereference
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

	if (READ_ONCE(top)) {
		spin_lock(&lock);
		n = top;
		top = n->next;
		spin_unlock(&lock);
	}
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
