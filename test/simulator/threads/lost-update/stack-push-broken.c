/*
 * A node is pushed by a plain write of the top. Both link to the same old top, and the node whose write came first is
 * lost.
 * threads: first second
 * verdict: leak
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

	n->next = READ_ONCE(top);
	WRITE_ONCE(top, n);
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
