/*
 * Two nodes beside each other are taken out of a list of our own under one lock.
 * threads: middle_remover last_remover
 * verdict: no-error
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

	spin_lock(&lock);
	for (n = front; n->next; n = n->next) {
		if (n->next == out) {
			n->next = out->next;
			break;
		}
	}
	spin_unlock(&lock);
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
