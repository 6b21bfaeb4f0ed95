/*
 * A node is pushed by cmpxchg(), tried twice: the first try fails only where the other's one push came between.
 * threads: first second
 * verdict: no-error
 */
struct node {
	struct node *next;
};

static struct node *top;

long setup(void)
{
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

static void push(void)
{
	struct node *n = kzalloc(sizeof(*n), GFP_KERNEL | __GFP_NOFAIL);
	int i;

	for (i = 0; i < 2; i++) {
		n->next = READ_ONCE(top);
		if (cmpxchg(&top, n->next, n) == n->next)
			return;
	}
	kfree(n);
}

long first(void)
{
	push();
	return 0;
}

long second(void)
{
	push();
	return 0;
}
