/* The FUSE server: a thread that answers what comes over /dev/fuse, as the one of the simulator does. */
#ifndef GUEST_FUSE_SERVER_H
#define GUEST_FUSE_SERVER_H

#include <stdbool.h>
#include <stdint.h>

/* Files of the root directory, called 1, 2, ...; their node ids follow the root's. */
#define FILES 3

struct server_options {
	bool passthrough;
	bool writeback_cache;
	uint32_t max_stack_depth;
};

/* Opens /dev/fuse and begins to answer. 0, or a negative error number. One server at a time. */
int server_start(const struct server_options *options);

/* The descriptor of /dev/fuse, -1 once closed. No file that an operation opens gets its number. */
int server_device(void);

/* Stops answering and drops the only reference to /dev/fuse: what close(2) answers, -EBADF where it is closed already. Any thread. */
long server_close(void);

/* What the next FUSE_OPEN that this thread causes is answered with, until server_forget_open(). */
void server_answer_open(uint32_t open_flags, int32_t backing_id);
void server_forget_open(void);

#endif
