/*
 * The worker doesn't touch the request after it completed it, and the waiter frees it.
 * threads: waiter worker
 * verdict: no-error
 */
struct request {
	struct completion done;
	int result;
};

static struct request *request;

long setup(void)
{
	request = kzalloc(sizeof(*request), GFP_KERNEL | __GFP_NOFAIL);
	init_completion(&request->done);
	return 0;
}

long teardown(void)
{
	return 0;
}

long waiter(void)
{
	wait_for_completion(&request->done);
	kfree(request);
	return 0;
}

long worker(void)
{
	struct request *r = request;

	r->result = 1;
	complete(&r->done);
	return 0;
}
