/* A scenario as the host sends it: what each thread does, in numbers. */
#ifndef GUEST_PLAN_H
#define GUEST_PLAN_H

#include <stdbool.h>

#include "capability.h"
#include "subsystem.h"

#define MOST_THREADS 8
#define MOST_TASKS_OF_A_THREAD 256
#define MOST_OPERATIONS 512

struct json;

struct argument {
	/* The number; or, where `of_answer`, whose answer it is. */
	long value;
	bool of_answer;
	/* What stands in for an answer that was not given, where `has_otherwise`. */
	bool has_otherwise;
	long otherwise;
};

/* An operation, or threads to run side by side. */
struct task {
	/* NULL where it is threads. */
	const struct operation *operation;
	/* Its index among the scenario's operations. */
	long n;
	struct argument arguments[MOST_ARGUMENTS];
	capabilities capabilities;
	int branches[MOST_THREADS];
	int branch_count;
};

struct thread_plan {
	struct task tasks[MOST_TASKS_OF_A_THREAD];
	int count;
};

struct plan {
	long id;
	long rounds;
	bool events;
	long setup[MOST_ARGUMENTS];
	/* The operation in which a fault is wanted, or -1, and at which of its points. */
	long fault_operation;
	long fault_nth;
	struct thread_plan threads[MOST_THREADS];
	int thread_count;
};

/* Reads the command `run`. NULL, or a phrase for people, valid until the next call, why it can't be run. */
const char *plan_read(struct plan *plan, const struct json *command);

#endif
