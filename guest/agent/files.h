/* Small files of /proc, /sys and the like. */
#ifndef GUEST_FILES_H
#define GUEST_FILES_H

#include <stddef.h>

/* Writes a text to a file that exists, in one go. 0, or a negative error number. */
int file_write(const char *path, const char *text);

/* As file_write(), behind what the file holds. */
int file_append(const char *path, const char *text);

/* Reads up to size - 1 bytes and ends them with a zero. How many there were, or a negative error number. */
long file_read(const char *path, char *buffer, size_t size);

/* Descriptors from here on are the agent's own, those below are what operations get: always the same in the same scenario. */
#define FIRST_OWN_FD 512

/* Moves an open file to a descriptor of the agent's own. That, or -1 and errno; also where `fd` is -1, of which errno tells. */
int file_keep(int fd);

#endif
