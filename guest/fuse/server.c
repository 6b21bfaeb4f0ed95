#define _GNU_SOURCE
#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../agent/console.h"
#include "../agent/files.h"
#include "protocol.h"

#define PAGE 4096
#define MOST_WRITE (32 * PAGE)
/* Seconds for which names and attributes are cached: for good, as far as a guest lives. */
#define CACHED 1000000000
#define MOST_OPENERS 16

static struct server_options options;
static atomic_int device = -1;
static int stop = -1;
static pthread_t thread;

/* What opens are answered with, by the task that opens. 0 is nobody. */
static struct {
	pid_t task;
	uint32_t open_flags;
	int32_t backing_id;
} opens[MOST_OPENERS];
static pthread_mutex_t opens_lock = PTHREAD_MUTEX_INITIALIZER;

void server_answer_open(uint32_t open_flags, int32_t backing_id)
{
	bool found = false;

	pthread_mutex_lock(&opens_lock);
	for (int i = 0; i < MOST_OPENERS && !found; i++) {
		if (opens[i].task)
			continue;
		opens[i].task = gettid();
		opens[i].open_flags = open_flags;
		opens[i].backing_id = backing_id;
		found = true;
	}
	pthread_mutex_unlock(&opens_lock);
	if (!found)
		die("more than %d opens at once", MOST_OPENERS);
}

void server_forget_open(void)
{
	pthread_mutex_lock(&opens_lock);
	for (int i = 0; i < MOST_OPENERS; i++)
		if (opens[i].task == gettid())
			opens[i].task = 0;
	pthread_mutex_unlock(&opens_lock);
}

static void answer(int fd, const struct fuse_in_header *request, int error, const void *data, size_t size)
{
	struct fuse_out_header header = { .len = sizeof(header) + size, .error = error, .unique = request->unique };
	struct iovec parts[] = { { &header, sizeof(header) }, { (void *)data, size } };

	/* ENOENT: the request was aborted meanwhile. ENODEV: unmounted. */
	if (writev(fd, parts, 2) < 0 && errno != ENOENT && errno != ENODEV)
		console_error("the answer to FUSE request %u was refused: %s", request->opcode, strerror(errno));
}

static struct fuse_attr attributes(uint64_t node)
{
	return (struct fuse_attr){
		.ino = node,
		.mode = node == FUSE_ROOT_ID ? S_IFDIR | 0755 : S_IFREG | 0644,
		.nlink = 1,
		.size = PAGE,
		.blksize = PAGE,
	};
}

static void answer_init(int fd, const struct fuse_in_header *request, const struct fuse_init_in *in)
{
	uint64_t flags = FUSE_INIT_EXT | FUSE_BIG_WRITES;
	struct fuse_init_out out = {
		.major = FUSE_KERNEL_VERSION,
		.minor = in->minor,
		.max_readahead = 32 * PAGE,
		.max_write = MOST_WRITE,
		.time_gran = 1,
		.max_stack_depth = options.max_stack_depth,
	};

	if (options.passthrough)
		flags |= FUSE_PASSTHROUGH;
	if (options.writeback_cache)
		flags |= FUSE_WRITEBACK_CACHE;
	out.flags = flags;
	out.flags2 = flags >> 32;
	answer(fd, request, 0, &out, sizeof(out));
}

static void answer_lookup(int fd, const struct fuse_in_header *request, const char *name)
{
	uint64_t node = FUSE_ROOT_ID + (name[0] - '0');
	struct fuse_entry_out out = {
		.nodeid = node,
		.generation = 1,
		.entry_valid = CACHED,
		.attr_valid = CACHED,
		.attr = attributes(node),
	};

	if (name[0] < '1' || name[0] > '0' + FILES || name[1])
		answer(fd, request, -ENOENT, NULL, 0);
	else
		answer(fd, request, 0, &out, sizeof(out));
}

static void answer_attributes(int fd, const struct fuse_in_header *request)
{
	struct fuse_attr_out out = { .attr_valid = CACHED, .attr = attributes(request->nodeid) };

	answer(fd, request, 0, &out, sizeof(out));
}

/* This server has no handles of its own. */
static void answer_open(int fd, const struct fuse_in_header *request)
{
	struct fuse_open_out out = { 0 };
	int error = -EIO;

	pthread_mutex_lock(&opens_lock);
	for (int i = 0; i < MOST_OPENERS; i++) {
		if (opens[i].task != (pid_t)request->pid)
			continue;
		out.open_flags = opens[i].open_flags;
		out.backing_id = opens[i].backing_id;
		error = 0;
	}
	pthread_mutex_unlock(&opens_lock);
	if (error)
		console_error("task %u opens a file that no operation opens", request->pid);
	answer(fd, request, error, &out, error ? 0 : sizeof(out));
}

static void answer_write(int fd, const struct fuse_in_header *request, const struct fuse_write_in *in)
{
	struct fuse_write_out out = { .size = in->size };

	answer(fd, request, 0, &out, sizeof(out));
}

static void serve(int fd, const struct fuse_in_header *request)
{
	const void *body = request + 1;

	switch (request->opcode) {
	case FUSE_INIT:
		answer_init(fd, request, body);
		break;
	case FUSE_LOOKUP:
		answer_lookup(fd, request, body);
		break;
	case FUSE_GETATTR:
	case FUSE_SETATTR:
		answer_attributes(fd, request);
		break;
	case FUSE_OPEN:
		answer_open(fd, request);
		break;
	case FUSE_WRITE:
		answer_write(fd, request, body);
		break;
	/* An empty answer to FUSE_READ is the end of the file. */
	case FUSE_READ:
	case FUSE_FLUSH:
	case FUSE_FSYNC:
	case FUSE_RELEASE:
	case FUSE_DESTROY:
		answer(fd, request, 0, NULL, 0);
		break;
	/* Nobody waits for an answer to these. */
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		break;
	default:
		answer(fd, request, -ENOSYS, NULL, 0);
	}
}

static void *run(void *argument)
{
	static _Alignas(struct fuse_in_header) char buffer[MOST_WRITE + PAGE];
	int fd = (int)(long)argument;
	struct pollfd waiting[] = { { .fd = fd, .events = POLLIN }, { .fd = stop, .events = POLLIN } };

	for (;;) {
		ssize_t got;

		if (poll(waiting, 2, -1) < 0)
			continue;
		if (waiting[1].revents)
			return NULL;
		got = read(fd, buffer, sizeof(buffer));
		if (got >= (ssize_t)sizeof(struct fuse_in_header))
			serve(fd, (struct fuse_in_header *)buffer);
		else if (got < 0 && (errno == ENODEV || errno == ECONNABORTED))
			/* Unmounted or aborted: nothing will come any more, and only `stop` is waited for. */
			waiting[0].fd = -1;
	}
}

int server_start(const struct server_options *wanted)
{
	int fd = file_keep(open("/dev/fuse", O_RDWR | O_NONBLOCK | O_CLOEXEC));
	int err;

	if (fd < 0)
		return -errno;
	options = *wanted;
	stop = file_keep(eventfd(0, EFD_CLOEXEC));
	err = stop < 0 ? errno : pthread_create(&thread, NULL, run, (void *)(long)fd);
	if (err) {
		close(fd);
		return -err;
	}
	atomic_store(&device, fd);
	return 0;
}

int server_device(void)
{
	return atomic_load(&device);
}

long server_close(void)
{
	int fd = atomic_exchange(&device, -1);
	long answer;

	if (fd < 0)
		return -EBADF;
	eventfd_write(stop, 1);
	pthread_join(thread, NULL);
	close(stop);
	answer = close(fd);
	return answer ? -errno : 0;
}
