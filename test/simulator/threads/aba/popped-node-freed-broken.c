/*
 * A popped node is freed at once. The other one has read the pointer to it and reads its next.
 * threads: first second
 * verdict: use-after-free
 */
struct node {
	struct node *next;
	struct rcu_head rcu;
};

static struct node *top;

long setup(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		struct node *n = kzalloc(sizeof(*n), GFP_KERNEL | __GFP_NOFAIL);

		n->next = top;
		top = n;
	}
	return 0;
}

long teardown(void)
{
	while (top) {
		struct node *n = top;

		top = n->next;
		kfree(n);
	}
	return 0;
}

static void pop(void)
{
	struct node *n, *next;

	rcu_read_lock();
	n = READ_ONCE(top);
	if (n) {
		next = READ_ONCE(n->next);
		if (cmpxchg(&top, n, next) != n)
			n = NULL;
	}
	rcu_read_unlock();
	if (n)
		kfree(n);
}

long first(void)
{
	pop();
	return 0;
}

long second(void)
{
	pop();
	return 0;
}
