/*
 * The operations of runtime/fuse/vocabulary.yaml, done with system calls: the same arguments and answers as the drivers in
 * runtime/fuse/operations.h.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../agent/fault.h"
#include "../agent/files.h"
#include "../agent/subsystem.h"
#include "../agent/watch.h"
#include "backing.h"
#include "mount.h"
#include "protocol.h"
#include "server.h"

#define TRANSFER 4096
/* Which descriptors are open files of clients: scenarios may use no others. */
static bool client_fds[FIRST_OWN_FD];
static pthread_mutex_t client_fds_lock = PTHREAD_MUTEX_INITIALIZER;

/* Notes whether a descriptor is a client's, and returns whether it was. */
static bool client_fd(long fd, bool now)
{
	bool before;

	if (fd < 0 || fd >= FIRST_OWN_FD)
		return false;
	pthread_mutex_lock(&client_fds_lock);
	before = client_fds[fd];
	client_fds[fd] = now;
	pthread_mutex_unlock(&client_fds_lock);
	return before;
}

static bool is_client_fd(long fd)
{
	bool is;

	if (fd < 0 || fd >= FIRST_OWN_FD)
		return false;
	pthread_mutex_lock(&client_fds_lock);
	is = client_fds[fd];
	pthread_mutex_unlock(&client_fds_lock);
	return is;
}

static long result(long answer)
{
	return answer < 0 ? -errno : answer;
}

static long device_ioctl(unsigned long command, void *argument)
{
	long answer;

	fault_begin();
	answer = ioctl(server_device(), command, argument);
	fault_end();
	return result(answer);
}

static long backing_open(const long *arguments)
{
	struct fuse_backing_map map = { .fd = backing_file(arguments[0]), .flags = arguments[1], .padding = arguments[2] };
	long answer = device_ioctl(FUSE_DEV_IOC_BACKING_OPEN, &map);

	if (map.fd >= 0)
		close(map.fd);
	return answer;
}

static long backing_close(const long *arguments)
{
	uint32_t id = arguments[0];

	return device_ioctl(FUSE_DEV_IOC_BACKING_CLOSE, &id);
}

static long open_file(const long *arguments)
{
	static const uint32_t open_flags[] = { 0, FOPEN_PASSTHROUGH, FOPEN_DIRECT_IO, FOPEN_PASSTHROUGH | FOPEN_DIRECT_IO };
	long mode = arguments[2];
	char path[32];
	long fd;

	snprintf(path, sizeof(path), MOUNT_POINT "/%ld", arguments[0]);
	server_answer_open(mode >= 0 && mode < 4 ? open_flags[mode] : 0, arguments[1]);
	fault_begin();
	fd = open(path, O_RDWR | O_CLOEXEC);
	fault_end();
	fd = result(fd);
	server_forget_open();
	client_fd(fd, true);
	return fd;
}

static long release(const long *arguments)
{
	long answer;

	if (!client_fd(arguments[0], false))
		return -EBADF;
	fault_begin();
	answer = close(arguments[0]);
	fault_end();
	return result(answer);
}

static long read_file(const long *arguments)
{
	char buffer[TRANSFER];
	long answer;

	if (!is_client_fd(arguments[0]))
		return -EBADF;
	fault_begin();
	answer = pread(arguments[0], buffer, sizeof(buffer), 0);
	fault_end();
	return result(answer);
}

static long write_file(const long *arguments)
{
	static const char buffer[TRANSFER];
	long answer;

	if (!is_client_fd(arguments[0]))
		return -EBADF;
	fault_begin();
	answer = pwrite(arguments[0], buffer, sizeof(buffer), 0);
	fault_end();
	return result(answer);
}

static long unmount(const long *arguments)
{
	long answer;

	(void)arguments;
	fault_begin();
	answer = umount2(MOUNT_POINT, 0);
	fault_end();
	return result(answer);
}

/* The mount is kept busy, so that aborting the connection is all that a forced unmount does. */
static long abort_connection(const long *arguments)
{
	int busy = open(MOUNT_POINT, O_PATH | O_CLOEXEC);
	long answer;

	(void)arguments;
	if (busy < 0)
		return -errno;
	fault_begin();
	answer = umount2(MOUNT_POINT, MNT_FORCE);
	fault_end();
	answer = result(answer);
	close(busy);
	return answer == -EBUSY ? 0 : answer;
}

static long device_close(const long *arguments)
{
	(void)arguments;
	return server_close();
}

/* 2: dentries and inodes. The first pass spares what was used lately. */
static long memory_pressure(const long *arguments)
{
	(void)arguments;
	for (int pass = 0; pass < 2; pass++) {
		int err = file_write("/proc/sys/vm/drop_caches", "2");

		if (err)
			return err;
	}
	return 0;
}

static long grace_period(const long *arguments)
{
	int err = canary_trigger("grace-period");

	(void)arguments;
	if (err != -ENOENT)
		return err;
	/* Without our module: a grace period passes, but what waited for one may be freed later. */
	return result(syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0));
}

static const struct operation operations[] = {
	{ "backing-open", 3, backing_open, false },
	{ "backing-close", 1, backing_close, false },
	{ "open", 3, open_file, false },
	{ "release", 1, release, false },
	{ "read", 1, read_file, false },
	{ "write", 1, write_file, false },
	{ "unmount", 0, unmount, true },
	{ "abort", 0, abort_connection, true },
	{ "device-close", 0, device_close, false },
	{ "memory-pressure", 0, memory_pressure, true },
	{ "grace-period", 0, grace_period, true },
	{ .name = NULL },
};

static int prepare(void)
{
	int err = mount_prepare();

	return err ? err : backing_prepare();
}

static int setup(const long *arguments)
{
	const struct server_options options = {
		.passthrough = arguments[0],
		.max_stack_depth = arguments[1],
		.writeback_cache = arguments[2],
	};
	int err = server_start(&options);

	if (!err)
		err = mount_begin(server_device());
	return err ? err : mount_settle();
}

/* The clients end first, then the mount, then the server. */
static int teardown(void)
{
	int settled;
	int err;

	for (int fd = 0; fd < FIRST_OWN_FD; fd++)
		if (client_fd(fd, false))
			close(fd);
	settled = mount_settle();
	err = mount_end();
	server_close();
	return err ? err : settled;
}

const struct subsystem subsystem = {
	.operations = operations,
	.setup_arguments = 3,
	.prepare = prepare,
	.setup = setup,
	.teardown = teardown,
	.settle = mount_settle,
};
