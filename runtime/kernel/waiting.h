/*
 * Waiting that takes several looks: who has to wait goes on at the next wake-up of the address it waits on, and looks again.
 * Who waits for work that has not begun runs it, where nothing runs beside it.
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

/* ---- work and timers: a function, what it is called with, and who waits for it ---- */

bool __sim_hold_deferred(const void *function, const void *argument);
bool __sim_release_deferred(const void *argument);
void __sim_await_deferred(const void *function, const void *argument, const char *what);
bool __sim_is_deferred(const void *function, const void *argument);
bool __sim_flush_deferred(const void *function, const void *argument, const char *what);

/* Whether it was queued: it is not, and does not run, and may be queued again. */
static bool __model_cancel_work(struct work_struct *work, const char *what)
{
	bool queued;

	__sim_sleeps(what);
	queued = __sim_hold_deferred(work->func, work);
	__sim_await_deferred(work->func, work, what);
	__sim_release_deferred(work);
	return queued;
}

bool cancel_work_sync(struct work_struct *work)
{
	return __model_cancel_work(work, "cancel_work_sync()");
}

bool cancel_delayed_work_sync(struct delayed_work *work)
{
	return __model_cancel_work(&work->work, "cancel_delayed_work_sync()");
}

/* As above, and it may not be queued before as many calls of enable_work(). */
bool disable_work(struct work_struct *work)
{
	return __sim_hold_deferred(work->func, work);
}

bool disable_delayed_work(struct delayed_work *work)
{
	return disable_work(&work->work);
}

static bool __model_disable_work(struct work_struct *work, const char *what)
{
	bool queued;

	__sim_sleeps(what);
	queued = __sim_hold_deferred(work->func, work);
	__sim_await_deferred(work->func, work, what);
	return queued;
}

bool disable_work_sync(struct work_struct *work)
{
	return __model_disable_work(work, "disable_work_sync()");
}

bool disable_delayed_work_sync(struct delayed_work *work)
{
	return __model_disable_work(&work->work, "disable_delayed_work_sync()");
}

bool enable_work(struct work_struct *work)
{
	return __sim_release_deferred(work);
}

bool enable_delayed_work(struct delayed_work *work)
{
	return enable_work(&work->work);
}

/* Whether there was anything to wait for. */
static bool __model_flush_work(struct work_struct *work, const char *what)
{
	bool waits;

	__sim_sleeps(what);
	waits = __sim_is_deferred(work->func, work);
	if (__sim_flush_deferred(work->func, work, what))
		work->func(work);
	return waits;
}

bool flush_work(struct work_struct *work)
{
	return __model_flush_work(work, "flush_work()");
}

bool flush_delayed_work(struct delayed_work *work)
{
	return __model_flush_work(&work->work, "flush_delayed_work()");
}

/* Whether it was queued: it is not, and its function does not run. */
int timer_delete_sync(struct timer_list *timer)
{
	bool queued = __sim_hold_deferred(timer->function, timer);

	__sim_await_deferred(timer->function, timer, "timer_delete_sync()");
	__sim_release_deferred(timer);
	return queued;
}

int del_timer_sync(struct timer_list *timer)
{
	return timer_delete_sync(timer);
}

/* It can't be started again. */
int timer_shutdown(struct timer_list *timer)
{
	return __sim_hold_deferred(timer->function, timer);
}

int timer_shutdown_sync(struct timer_list *timer)
{
	bool queued = __sim_hold_deferred(timer->function, timer);

	__sim_await_deferred(timer->function, timer, "timer_shutdown_sync()");
	return queued;
}
