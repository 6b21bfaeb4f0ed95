#define _GNU_SOURCE
#include "mount.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../agent/files.h"
#include "server.h"

#define CONNECTIONS "/sys/fs/fuse/connections"
#define SETTLE_TRIES 2000
#define SETTLE_WAIT_US 1000

/* The file that counts requests under way; it goes with the connection. */
static char waiting[128];

int mount_prepare(void)
{
	if (mkdir(MOUNT_POINT, 0755) || mount("fusectl", CONNECTIONS, "fusectl", 0, NULL))
		return -errno;
	return 0;
}

/* The connection is called by the device number of its file system; asked for without a request to the server. */
static int find_connection(void)
{
	struct statx root;

	if (statx(AT_FDCWD, MOUNT_POINT, AT_STATX_DONT_SYNC, STATX_INO, &root))
		return -errno;
	snprintf(waiting, sizeof(waiting), CONNECTIONS "/%u/waiting", root.stx_dev_minor);
	return 0;
}

int mount_begin(int device)
{
	char options[128];
	int err;

	waiting[0] = '\0';
	snprintf(options, sizeof(options), "fd=%d,rootmode=%o,user_id=0,group_id=0", device, S_IFDIR | 0755);
	if (mount("fuse-review", MOUNT_POINT, "fuse", 0, options))
		return -errno;
	err = find_connection();
	/* What is cached when the first client comes; the answer to the first look-up also means that FUSE_INIT was answered. */
	for (int file = 1; file <= FILES && !err; file++) {
		char path[32];
		struct stat found;

		snprintf(path, sizeof(path), MOUNT_POINT "/%d", file);
		if (stat(path, &found))
			err = -errno;
	}
	return err;
}

int mount_end(void)
{
	int err = umount2(MOUNT_POINT, 0) ? errno : 0;

	if (err == EBUSY)
		err = umount2(MOUNT_POINT, MNT_DETACH) ? errno : 0;
	return err == EINVAL ? 0 : -err;
}

int mount_settle(void)
{
	for (int i = 0; i < SETTLE_TRIES; i++) {
		char text[32];

		if (!waiting[0] || file_read(waiting, text, sizeof(text)) <= 0 || !strtol(text, NULL, 10))
			return 0;
		usleep(SETTLE_WAIT_US);
	}
	return -ETIMEDOUT;
}
