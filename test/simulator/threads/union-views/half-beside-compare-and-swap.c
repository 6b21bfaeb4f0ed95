/*
 * The count in one half is raised by cmpxchg() on the whole, which fails where the other half was written meanwhile.
 * threads: counter marker
 * verdict: no-error
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
	cmpxchg(&view.whole, old.whole, new.whole);
	return 0;
}

long marker(void)
{
	WRITE_ONCE(view.half.mark, 7);
	return 0;
}
