#define _GNU_SOURCE
#include "backing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../agent/console.h"

/* As many bytes as an operation reads or writes. */
#define FILE_BYTES 4096

#define REGULAR "/lower/file"
#define DIRECTORY "/lower/directory"
#define STACKED "/stacked/file"

enum { KIND_REGULAR, KIND_DIRECTORY, KIND_BLOCK, KIND_BAD, KIND_STACKED };

static int make_file(const char *path)
{
	static const char zeros[FILE_BYTES];
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, zeros, sizeof(zeros)) != sizeof(zeros))
		err = -EIO;
	close(fd);
	return err;
}

/* An overlayfs over the lower file system; its file is in the upper layer, so that opening it copies nothing. */
static int mount_stacked(void)
{
	return mkdir("/lower/below", 0755) || mkdir("/lower/above", 0755) || mkdir("/lower/work", 0755) || mkdir("/stacked", 0755) ||
			       mount("overlay", "/stacked", "overlay", 0, "lowerdir=/lower/below,upperdir=/lower/above,workdir=/lower/work")
		       ? -errno
		       : 0;
}

int backing_prepare(void)
{
	int err;

	if (mkdir("/lower", 0755) || mount("lower", "/lower", "tmpfs", 0, NULL) || mkdir(DIRECTORY, 0755))
		return -errno;
	err = make_file(REGULAR);
	if (!err)
		err = mount_stacked();
	return err ? err : make_file(STACKED);
}

int backing_file(long kind)
{
	const char *path = REGULAR;
	int flags = O_RDWR;
	int fd;

	switch (kind) {
	case KIND_REGULAR:
		break;
	case KIND_DIRECTORY:
		path = DIRECTORY;
		/* The only way in which a directory can be opened. */
		flags = O_RDONLY | O_DIRECTORY;
		break;
	case KIND_BLOCK:
		path = "/dev/loop0";
		break;
	case KIND_STACKED:
		path = STACKED;
		break;
	case KIND_BAD:
		return -1;
	default:
		die("no kind of descriptor has the number %ld", kind);
	}
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	return fd;
}
