/*
 * The last put frees the object before it takes it out of the IDR. Finder gets the freed one.
 * threads: finder owner
 * verdict: use-after-free
 */
struct box {
	refcount_t refs;
	int id;
};

static DEFINE_MUTEX(lock);
static DEFINE_IDR(boxes);
static struct box *owned;
static int id;

static void put(struct box *b)
{
	int was = b->id;

	if (!refcount_dec_and_test(&b->refs))
		return;
	kfree(b);
	mutex_lock(&lock);
	idr_remove(&boxes, was);
	mutex_unlock(&lock);
}

long setup(void)
{
	owned = kzalloc(sizeof(*owned), GFP_KERNEL | __GFP_NOFAIL);
	refcount_set(&owned->refs, 1);
	id = idr_alloc(&boxes, owned, 1, 0, GFP_KERNEL);
	owned->id = id;
	if (id < 0) {
		kfree(owned);
		owned = NULL;
	}
	return 0;
}

long teardown(void)
{
	idr_destroy(&boxes);
	return 0;
}

long finder(void)
{
	struct box *b;

	if (id < 0)
		return 0;
	mutex_lock(&lock);
	b = idr_find(&boxes, id);
	if (b && !refcount_inc_not_zero(&b->refs))
		b = NULL;
	mutex_unlock(&lock);
	if (b)
		put(b);
	return 0;
}

long owner(void)
{
	if (owned)
		put(owned);
	return 0;
}
