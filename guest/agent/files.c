#define _GNU_SOURCE
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int write_text(const char *path, int flags, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | flags);
	ssize_t written;
	int err = 0;

	if (fd < 0)
		return -errno;
	written = write(fd, text, strlen(text));
	if (written < 0)
		err = -errno;
	close(fd);
	return err;
}

int file_write(const char *path, const char *text)
{
	return write_text(path, 0, text);
}

int file_append(const char *path, const char *text)
{
	return write_text(path, O_APPEND, text);
}

long file_read(const char *path, char *buffer, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t filled = 0;
	ssize_t got = 0;
	int err = 0;

	if (fd < 0)
		return -errno;
	while (filled < size - 1) {
		got = read(fd, buffer + filled, size - 1 - filled);
		if (got <= 0)
			break;
		filled += got;
	}
	if (got < 0)
		err = -errno;
	close(fd);
	buffer[filled] = '\0';
	return err ? err : (long)filled;
}

int file_keep(int fd)
{
	int kept;
	int err;

	if (fd < 0)
		return -1;
	kept = fcntl(fd, F_DUPFD_CLOEXEC, FIRST_OWN_FD);
	err = errno;
	close(fd);
	errno = err;
	return kept;
}
