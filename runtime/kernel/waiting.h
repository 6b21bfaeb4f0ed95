/*
 * Waiting that takes several looks: who has to wait goes on at the next wake-up of the address it waits on, and looks again.
 * Who waits for work that has not begun runs it, as nothing runs beside it.
 */

/* A round of a wait; the second may answer -ERESTARTSYS. `name` is the function's, for messages. */
void __sim_wait(void *queue, const char *name);
int __sim_wait_interruptible(void *queue, const char *name);
/* A round that does not sleep. */
void __sim_spin(const void *queue);

/* ---- completions ---- */

bool try_wait_for_completion(struct completion *x);
bool completion_done(struct completion *x);

void wait_for_completion(struct completion *x)
{
	while (!try_wait_for_completion(x))
		__sim_wait(x, "wait_for_completion");
}

void wait_for_completion_io(struct completion *x)
{
	wait_for_completion(x);
}

int wait_for_completion_interruptible(struct completion *x)
{
	while (!try_wait_for_completion(x)) {
		int ret = __sim_wait_interruptible(x, "wait_for_completion_interruptible");

		if (ret)
			return ret;
	}
	return 0;
}

int wait_for_completion_killable(struct completion *x)
{
	while (!try_wait_for_completion(x)) {
		int ret = __sim_wait_interruptible(x, "wait_for_completion_killable");

		if (ret)
			return ret;
	}
	return 0;
}

/* ---- semaphores ---- */

struct semaphore;

int down_trylock(struct semaphore *sem);
void up(struct semaphore *sem);

void down(struct semaphore *sem)
{
	while (down_trylock(sem))
		__sim_wait(sem, "down");
}

int down_interruptible(struct semaphore *sem)
{
	while (down_trylock(sem))
		if (__sim_wait_interruptible(sem, "down_interruptible"))
			return -EINTR;
	return 0;
}

int down_killable(struct semaphore *sem)
{
	while (down_trylock(sem))
		if (__sim_wait_interruptible(sem, "down_killable"))
			return -EINTR;
	return 0;
}

/* ---- sequence counts: readers wait while the count is odd ---- */

unsigned int raw_read_seqcount(const void *seq);

unsigned int read_seqcount_begin(const seqcount_t *seq)
{
	unsigned int now;

	while ((now = raw_read_seqcount(seq)) & 1)
		__sim_spin(seq);
	return now;
}

unsigned int read_seqbegin(const seqlock_t *lock)
{
	unsigned int now;

	while ((now = raw_read_seqcount(lock)) & 1)
		__sim_spin(lock);
	return now;
}

/* ---- work ---- */

bool cancel_work(struct work_struct *work);

/* Whether there was anything to wait for. */
bool flush_work(struct work_struct *work)
{
	might_sleep();
	if (!cancel_work(work))
		return false;
	work->func(work);
	return true;
}

bool flush_delayed_work(struct delayed_work *work)
{
	might_sleep();
	if (!cancel_delayed_work(work))
		return false;
	work->work.func(&work->work);
	return true;
}
