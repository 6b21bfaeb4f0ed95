#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "console.h"
#include "files.h"
#include "json.h"

#define TRACING "/sys/kernel/tracing/"
#define BEGIN "fuse-review: begin "
#define END "fuse-review: end "
#define MOST_TASKS 8

static bool recording;
static int marker = -1;
static int pipe_fd = -1;

/* Who is in which operation, as far as lines were read. */
static struct {
	long task;
	long operation;
} inside[MOST_TASKS];
static long last_begun;

static int enable(const char *system)
{
	char path[256];

	snprintf(path, sizeof(path), TRACING "events/%s/enable", system);
	return file_write(path, "1");
}

/* The event system that a line of kprobe_events puts its event into. */
static void group_of(const char *line, char *group, size_t size)
{
	const char *colon = strchr(line, ':');
	size_t name = colon ? strcspn(colon + 1, "/ \t") : 0;

	if (colon && colon[1 + name] == '/' && colon < line + strcspn(line, " \t"))
		snprintf(group, size, "%.*s", (int)name, colon + 1);
	else
		snprintf(group, size, "kprobes");
}

/* A line with a space in it is a probe, any other the name of an event system. */
static int set_probe(const char *line)
{
	char group[64];
	int err;

	if (!strpbrk(line, " \t"))
		return enable(line);
	err = file_append(TRACING "kprobe_events", line);
	if (err)
		return err;
	group_of(line, group, sizeof(group));
	return enable(group);
}

void trace_probes(const struct json *lines)
{
	static char refused[LINE_BYTES - 64];
	size_t filled = 0;

	file_write(TRACING "tracing_on", "0");
	file_write(TRACING "events/enable", "0");
	/* An empty write removes nothing; opening with O_TRUNC does. */
	close(open(TRACING "kprobe_events", O_WRONLY | O_TRUNC | O_CLOEXEC));
	refused[0] = '\0';
	for (struct json *line = lines->first; line; line = line->next) {
		if (set_probe(line->string) == 0)
			continue;
		if (filled && filled < sizeof(refused) - 16)
			refused[filled++] = ',';
		if (filled < sizeof(refused) - 16)
			filled += strlen(json_quote(refused + filled, sizeof(refused) - filled, line->string));
	}
	console_send("{\"t\":\"probes\",\"refused\":[%s]}", refused);
}

int trace_record(bool on)
{
	int err;

	recording = false;
	if (on && marker < 0)
		marker = file_keep(open(TRACING "trace_marker", O_WRONLY | O_CLOEXEC));
	if (on && pipe_fd < 0)
		pipe_fd = file_keep(open(TRACING "trace_pipe", O_RDONLY | O_NONBLOCK | O_CLOEXEC));
	if (on && (marker < 0 || pipe_fd < 0))
		return -errno;
	err = file_write(TRACING "tracing_on", on ? "1" : "0");
	recording = on && !err;
	memset(inside, 0, sizeof(inside));
	last_begun = -1;
	return on ? err : 0;
}

static void mark(const char *what, long operation)
{
	char text[64];
	int length = snprintf(text, sizeof(text), "%s%ld\n", what, operation);

	if (recording && write(marker, text, length) < 0)
		console_error("trace_marker: %s", strerror(errno));
}

void trace_begin(long operation)
{
	mark(BEGIN, operation);
}

void trace_end(long operation)
{
	mark(END, operation);
}

/* Of a line such as `review-70  [001] .....  12.345678: ...`; 0 where it is none. */
static long task_of(const char *line)
{
	const char *processor = strstr(line, " [");

	while (processor && processor > line && *processor != '-')
		processor--;
	return processor && *processor == '-' ? strtol(processor + 1, NULL, 10) : 0;
}

static long operation_of(long task)
{
	for (int i = 0; i < MOST_TASKS; i++)
		if (inside[i].task && inside[i].task == task)
			return inside[i].operation;
	return last_begun;
}

static void enter(long task, long operation)
{
	last_begun = operation;
	for (int i = 0; i < MOST_TASKS; i++) {
		if (inside[i].task)
			continue;
		inside[i].task = task;
		inside[i].operation = operation;
		return;
	}
}

static void leave(long task)
{
	for (int i = 0; i < MOST_TASKS; i++)
		if (inside[i].task == task)
			inside[i].task = 0;
}

static void send_line(long id, const char *line)
{
	char quoted[8192];
	const char *begin = strstr(line, BEGIN);
	long task = task_of(line);

	if (begin)
		enter(task, strtol(begin + strlen(BEGIN), NULL, 10));
	else if (strstr(line, END))
		leave(task);
	else
		console_send("{\"t\":\"event\",\"id\":%ld,\"operation\":%ld,\"line\":%s}", id, operation_of(task),
			     json_quote(quoted, sizeof(quoted), line));
}

void trace_send(long id)
{
	static char buffer[16384];
	size_t filled = 0;
	ssize_t got;

	if (!recording)
		return;
	while ((got = read(pipe_fd, buffer + filled, sizeof(buffer) - 1 - filled)) > 0) {
		char *line = buffer;
		char *newline;

		filled += got;
		buffer[filled] = '\0';
		while ((newline = strchr(line, '\n'))) {
			*newline = '\0';
			send_line(id, line);
			line = newline + 1;
		}
		filled -= line - buffer;
		memmove(buffer, line, filled);
	}
	if (got < 0 && errno != EAGAIN)
		console_error("trace_pipe: %s", strerror(errno));
}
