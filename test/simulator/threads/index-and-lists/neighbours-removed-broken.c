/*
 * They are taken out without a lock. Middle_remover has read that the last one is next, last_remover takes it out and
 * frees it, and middle_remover links to it: the walk at the end finds it.
 * threads: middle_remover last_remover
 * verdict: use-after-free
 */
struct node {
	struct node *next;
};

static DEFINE_SPINLOCK(lock);
static struct node *front, *middle, *last;

long setup(void)
{
	last = kzalloc(sizeof(*last), GFP_KERNEL | __GFP_NOFAIL);
	middle = kzalloc(sizeof(*middle), GFP_KERNEL | __GFP_NOFAIL);
	front = kzalloc(sizeof(*front), GFP_KERNEL | __GFP_NOFAIL);
	front->next = middle;
	middle->next = last;
	return 0;
}

long teardown(void)
{
	struct node *n = front;

	while (n) {
		struct node *next = n->next;

		kfree(n);
		n = next;
	}
	return 0;
}

static void take_out(struct node *out)
{
	struct node *n;

	for (n = front; n->next; n = n->next) {
		if (n->next == out) {
			n->next = out->next;
			break;
		}
	}
	kfree(out);
}

long middle_remover(void)
{
	take_out(middle);
	return 0;
}

long last_remover(void)
{
	take_out(last);
	return 0;
}
