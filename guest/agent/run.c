#define _GNU_SOURCE
#include "run.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#include "console.h"
#include "fault.h"
#include "plan.h"
#include "trace.h"
#include "watch.h"

/* Branches of later rounds start up to that much apart, so that rounds differ in who comes first. */
#define LONGEST_DELAY_NS 200000

/* What operations of this round answered. */
static struct {
	bool known;
	long value;
} answers[MOST_OPERATIONS];

/* An operation of this round failed because it was told to. */
static atomic_bool failed_on_purpose;

static capabilities all;

/* Lets threads go on together: they are awake and on their processors when the last one arrives. */
struct start {
	atomic_int missing;
};

/* One of the threads that run side by side. */
struct branch {
	const struct plan *plan;
	long round;
	int thread;
	struct start *start;
	pthread_t pthread;
};

static void start_together(struct start *start)
{
	if (!start)
		return;
	atomic_fetch_sub(&start->missing, 1);
	while (atomic_load(&start->missing) > 0)
		sched_yield();
}

/* A number that looks random and is the same for the same round and thread. */
static void start_apart(long round, int thread)
{
	unsigned long long mixed = (round * 64ull + thread) * 0x9e3779b97f4a7c15ull;
	struct timespec now;
	long long until;

	if (!round)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	until = now.tv_sec * 1000000000ll + now.tv_nsec + (long long)((mixed >> 32) % LONGEST_DELAY_NS);
	/* Where there is one processor, the others have to get it meanwhile. */
	while (now.tv_sec * 1000000000ll + now.tv_nsec < until) {
		sched_yield();
		clock_gettime(CLOCK_MONOTONIC, &now);
	}
}

/*
 * False where an argument is what an operation did not give, and nothing stands in for it. Nothing does once an operation was made to
 * fail: a server that was merely refused goes on in the scenario's own way, and how it gets over any failure is not what is asked.
 */
static bool resolve(const struct task *task, long *arguments)
{
	for (int i = 0; i < task->operation->arguments; i++) {
		const struct argument *argument = &task->arguments[i];

		if (!argument->of_answer)
			arguments[i] = argument->value;
		else if (answers[argument->value].known && answers[argument->value].value >= 0)
			arguments[i] = answers[argument->value].value;
		else if (argument->has_otherwise && !failed_on_purpose)
			arguments[i] = argument->otherwise;
		else
			return false;
	}
	return true;
}

static void set_capabilities(capabilities effective)
{
	int err = capabilities_set(effective);

	if (err)
		die("capabilities can't be set: %s", strerror(-err));
}

/* The call itself, as little around it as can be. */
static long call(const struct branch *branch, const struct task *task, const long *arguments)
{
	bool faulty = task->n == branch->plan->fault_operation;
	int err = faulty ? fault_request(branch->plan->fault_nth) : 0;
	long value;

	if (err)
		console_error("fail-nth: %s", strerror(-err));
	set_capabilities(task->operation->privileged ? all : task->capabilities);
	if (branch->start) {
		start_together(branch->start);
		start_apart(branch->round, branch->thread);
	}
	value = task->operation->perform(arguments);
	set_capabilities(all);
	return value;
}

static void settle(const struct branch *branch, long operation)
{
	int err = subsystem.settle();

	callbacks_done();
	if (err)
		console_error("run %ld, round %ld: after operation %ld something was still under way: %s", branch->plan->id, branch->round,
			      operation, strerror(-err));
}

static void perform(const struct branch *branch, const struct task *task, bool alone)
{
	long id = branch->plan->id;
	long arguments[MOST_ARGUMENTS];
	long value;
	long left;

	if (!resolve(task, arguments)) {
		start_together(branch->start);
		console_send("{\"t\":\"skip\",\"id\":%ld,\"round\":%ld,\"operation\":%ld,\"thread\":%d}", id, branch->round, task->n,
			     branch->thread);
		return;
	}
	console_send("{\"t\":\"begin\",\"id\":%ld,\"round\":%ld,\"operation\":%ld,\"thread\":%d}", id, branch->round, task->n,
		     branch->thread);
	log_write("begin %ld %ld %ld %d", id, branch->round, task->n, branch->thread);
	trace_begin(task->n);
	value = call(branch, task, arguments);
	left = fault_left();
	if (task->n == branch->plan->fault_operation && !left)
		failed_on_purpose = true;
	trace_end(task->n);
	if (alone)
		settle(branch, task->n);
	answers[task->n].value = value;
	answers[task->n].known = true;
	log_write("end %ld %ld %ld %d %ld", id, branch->round, task->n, branch->thread, value);
	if (alone)
		trace_send(id);
	console_send("{\"t\":\"answer\",\"id\":%ld,\"round\":%ld,\"operation\":%ld,\"thread\":%d,\"value\":%ld,\"left\":%ld}", id,
		     branch->round, task->n, branch->thread, value, left);
}

static void *run_branch(void *argument)
{
	struct branch *branch = argument;
	const struct thread_plan *own = &branch->plan->threads[branch->thread];

	if (!own->count)
		start_together(branch->start);
	for (int i = 0; i < own->count; i++) {
		perform(branch, &own->tasks[i], false);
		branch->start = NULL;
	}
	return NULL;
}

static void run_parallel(const struct branch *main_branch, const struct task *task)
{
	struct branch branches[MOST_THREADS];
	struct start start = { .missing = task->branch_count };

	for (int i = 0; i < task->branch_count; i++) {
		int err;

		branches[i] = *main_branch;
		branches[i].thread = task->branches[i];
		branches[i].start = &start;
		err = pthread_create(&branches[i].pthread, NULL, run_branch, &branches[i]);
		if (err)
			die("no thread: %s", strerror(err));
	}
	for (int i = 0; i < task->branch_count; i++)
		pthread_join(branches[i].pthread, NULL);
	settle(main_branch, -1);
	trace_send(main_branch->plan->id);
}

static void run_steps(const struct plan *plan, long round)
{
	struct branch main_branch = { .plan = plan, .round = round };
	const struct thread_plan *steps = &plan->threads[0];

	for (int i = 0; i < steps->count; i++) {
		if (steps->tasks[i].operation)
			perform(&main_branch, &steps->tasks[i], true);
		else
			run_parallel(&main_branch, &steps->tasks[i]);
	}
}

/* Only the first round's events are recorded: the others do the same. */
static void run_round(const struct plan *plan, long round)
{
	bool events = plan->events && !round;
	int err = events ? trace_record(true) : 0;
	int setup;
	int teardown;

	if (err)
		console_error("events can't be recorded: %s", strerror(-err));
	memset(answers, 0, sizeof(answers));
	failed_on_purpose = false;
	log_write("setup %ld %ld", plan->id, round);
	setup = subsystem.setup(plan->setup);
	trace_send(plan->id);
	if (!setup)
		run_steps(plan, round);
	/* What teardown does is of no operation. */
	trace_begin(-1);
	log_write("teardown %ld %ld", plan->id, round);
	teardown = subsystem.teardown();
	trace_send(plan->id);
	if (events)
		trace_record(false);
	console_send("{\"t\":\"done\",\"id\":%ld,\"round\":%ld,\"setup\":%d,\"teardown\":%d}", plan->id, round, setup, teardown);
}

void run_plan(const struct plan *plan)
{
	prctl(PR_SET_NAME, "review");
	all = capabilities_permitted();
	warnings_again();
	for (long round = 0; round < plan->rounds; round++)
		run_round(plan, round);
	console_send("{\"t\":\"ran\",\"id\":%ld}", plan->id);
}
