/* Probes and tracepoints of the kernel, and which operation it was that they were hit in. */
#ifndef GUEST_TRACE_H
#define GUEST_TRACE_H

#include <stdbool.h>

struct json;

/* Answers the command `probes`: what was set before is removed, then each line is set. */
void trace_probes(const struct json *lines);

/* Begins to record, or ends it. 0, or a negative error number. */
int trace_record(bool on);

/* Where an operation of this thread begins and ends; nothing while nothing is recorded. */
void trace_begin(long operation);
void trace_end(long operation);

/*
 * Sends what was recorded since the last call as `event`s of run `id`. A line is of the operation that its task was in, else of the
 * operation that began last, or -1 before the first. Only while no operation runs.
 */
void trace_send(long id);

#endif
