#include "plan.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "json.h"

static char problem[256];

__attribute__((format(printf, 1, 2))) static bool fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(problem, sizeof(problem), format, arguments);
	va_end(arguments);
	return false;
}

static bool read_number(const struct json *object, const char *name, long least, long most, long *number)
{
	const struct json *member = json_member(object, name);

	if (!member || member->kind != JSON_NUMBER || member->number < least || member->number > most)
		return fail("'%s' is no number from %ld to %ld", name, least, most);
	*number = member->number;
	return true;
}

static bool read_capabilities(const struct json *list, capabilities *set)
{
	*set = 0;
	if (!list || list->kind != JSON_ARRAY)
		return fail("'capabilities' is no list");
	for (const struct json *each = list->first; each; each = each->next) {
		capabilities one = each->kind == JSON_STRING ? capability_by_name(each->string) : 0;

		if (!one)
			return fail("unknown capability '%s'", each->kind == JSON_STRING ? each->string : "?");
		*set |= one;
	}
	return true;
}

static bool read_argument(const struct json *value, struct argument *argument)
{
	if (value->kind == JSON_NUMBER) {
		*argument = (struct argument){ .value = value->number };
		return true;
	}
	*argument = (struct argument){ .of_answer = true, .has_otherwise = json_member(value, "otherwise") != NULL };
	if (argument->has_otherwise && !read_number(value, "otherwise", LONG_MIN, LONG_MAX, &argument->otherwise))
		return false;
	return read_number(value, "answer", 0, MOST_OPERATIONS - 1, &argument->value);
}

static const struct operation *operation_by_name(const struct json *name)
{
	if (!name || name->kind != JSON_STRING)
		return NULL;
	for (const struct operation *each = subsystem.operations; each->name; each++)
		if (!strcmp(each->name, name->string))
			return each;
	return NULL;
}

static bool read_operation(const struct json *json, capabilities usual, struct task *task)
{
	const struct json *name = json_member(json, "op");
	const struct json *arguments = json_member(json, "args");
	const struct json *own = json_member(json, "capabilities");
	int count = 0;

	task->operation = operation_by_name(name);
	task->capabilities = usual;
	if (!task->operation)
		return fail("unknown operation '%s'", name && name->kind == JSON_STRING ? name->string : "?");
	if (!read_number(json, "n", 0, MOST_OPERATIONS - 1, &task->n))
		return false;
	if (!arguments || arguments->kind != JSON_ARRAY || arguments->count != task->operation->arguments)
		return fail("'%s' takes %d arguments", task->operation->name, task->operation->arguments);
	for (const struct json *each = arguments->first; each; each = each->next)
		if (!read_argument(each, &task->arguments[count++]))
			return false;
	return !own || read_capabilities(own, &task->capabilities);
}

static bool read_branches(const struct json *list, int threads, struct task *task)
{
	if (list->kind != JSON_ARRAY || list->count > MOST_THREADS)
		return fail("'parallel' is no list of at most %d threads", MOST_THREADS);
	for (const struct json *each = list->first; each; each = each->next) {
		if (each->kind != JSON_NUMBER || each->number < 1 || each->number >= threads)
			return fail("'parallel' has something that is no other thread");
		task->branches[task->branch_count++] = each->number;
	}
	return true;
}

static bool read_thread(struct plan *plan, const struct json *list, capabilities usual, int thread)
{
	struct thread_plan *into = &plan->threads[thread];

	if (list->kind != JSON_ARRAY || list->count > MOST_TASKS_OF_A_THREAD)
		return fail("thread %d is no list of at most %d operations", thread, MOST_TASKS_OF_A_THREAD);
	for (const struct json *each = list->first; each; each = each->next) {
		struct task *task = &into->tasks[into->count++];
		const struct json *parallel = json_member(each, "parallel");

		*task = (struct task){ 0 };
		if (parallel && thread)
			return fail("only thread 0 starts others");
		if (!(parallel ? read_branches(parallel, plan->thread_count, task) : read_operation(each, usual, task)))
			return false;
	}
	return true;
}

static bool read_threads(struct plan *plan, const struct json *list, capabilities usual)
{
	int thread = 0;

	if (!list || list->kind != JSON_ARRAY || list->count < 1 || list->count > MOST_THREADS)
		return fail("'threads' is no list of 1 to %d", MOST_THREADS);
	plan->thread_count = list->count;
	for (const struct json *each = list->first; each; each = each->next)
		if (!read_thread(plan, each, usual, thread++))
			return false;
	return true;
}

static bool read_setup(struct plan *plan, const struct json *list)
{
	int count = 0;

	if (!list || list->kind != JSON_ARRAY || list->count != subsystem.setup_arguments)
		return fail("setup takes %d arguments", subsystem.setup_arguments);
	for (const struct json *each = list->first; each; each = each->next) {
		if (each->kind != JSON_NUMBER)
			return fail("'setup' has something that is no number");
		plan->setup[count++] = each->number;
	}
	return true;
}

static bool read_fault(struct plan *plan, const struct json *fault)
{
	plan->fault_operation = -1;
	if (!fault || fault->kind == JSON_NULL)
		return true;
	return read_number(fault, "operation", 0, MOST_OPERATIONS - 1, &plan->fault_operation) &&
	       read_number(fault, "nth", 1, 1 << 20, &plan->fault_nth);
}

const char *plan_read(struct plan *plan, const struct json *command)
{
	const struct json *events = json_member(command, "events");
	capabilities usual;
	bool read;

	memset(plan, 0, sizeof(*plan));
	plan->events = events && events->kind == JSON_BOOLEAN && events->number;
	read = read_number(command, "id", 0, 1L << 53, &plan->id) && read_number(command, "rounds", 1, 1 << 20, &plan->rounds) &&
	       read_setup(plan, json_member(command, "setup")) && read_capabilities(json_member(command, "capabilities"), &usual) &&
	       read_fault(plan, json_member(command, "fault")) && read_threads(plan, json_member(command, "threads"), usual);
	return read ? NULL : problem;
}
