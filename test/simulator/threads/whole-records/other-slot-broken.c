/*
 * The write goes to the slot that is in use. The reader copies it meanwhile.
 * threads: writer reader
 * verdict: warning
 */
struct range {
	long from;
	long to;
};

static struct range slots[2];
static int in_use;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	return 0;
}

long writer(void)
{
	int slot = READ_ONCE(in_use);

	slots[slot] = (struct range){ 1, 1 };
	WRITE_ONCE(in_use, slot);
	return 0;
}

long reader(void)
{
	struct range r = slots[READ_ONCE(in_use)];

	WARN_ON(r.from != r.to);
	return 0;
}
