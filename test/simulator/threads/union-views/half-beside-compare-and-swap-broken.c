/*
 * The count in one half is raised by a write of the whole. Marker writes the other half between the read and that write.
 * threads: counter marker
 * verdict: warning
 */
union both {
	unsigned long whole;
	struct {
		unsigned int mark;
		unsigned int count;
	} half;
};

static union both view;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	WARN_ON(view.half.mark != 7);
	return 0;
}

long counter(void)
{
	union both old, new;

	old.whole = READ_ONCE(view.whole);
	new.whole = old.whole;
	new.half.count++;
	WRITE_ONCE(view.whole, new.whole);
	return 0;
}

long marker(void)
{
	WRITE_ONCE(view.half.mark, 7);
	return 0;
}
