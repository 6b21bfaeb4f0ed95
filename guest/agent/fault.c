#define _GNU_SOURCE
#include "fault.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "console.h"
#include "files.h"

#define CACHES "/sys/kernel/slab"

/* Why no fault can be had; 0 where they can. */
static int unprepared;
static _Thread_local int control = -1;
static _Thread_local char wanted[24];
static _Thread_local long left;

/* Caches of what watches the kernel. */
static bool watches(const char *cache)
{
	return !strncmp(cache, "kmemleak_", 9) || !strcmp(cache, "debug_objects_cache");
}

static int mark_caches(void)
{
	DIR *caches = opendir(CACHES);
	struct dirent *each;
	int err = 0;

	if (!caches)
		return -errno;
	while (!err && (each = readdir(caches))) {
		char path[512];

		if (each->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), CACHES "/%s/failslab", each->d_name);
		err = file_write(path, watches(each->d_name) ? "0" : "1");
	}
	closedir(caches);
	return err;
}

void fault_prepare(void)
{
	unprepared = file_write("/sys/kernel/debug/failslab/ignore-gfp-wait", "N");

	if (!unprepared)
		unprepared = mark_caches();
	if (!unprepared)
		unprepared = file_write("/sys/kernel/debug/failslab/cache-filter", "Y");
}

int fault_request(long nth)
{
	left = nth;
	if (unprepared)
		return unprepared;
	snprintf(wanted, sizeof(wanted), "%ld", nth);
	control = file_keep(open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC));
	return control < 0 ? -errno : 0;
}

void fault_begin(void)
{
	if (control < 0)
		return;
	/* The last thing before the call: any copy from user memory is a point as well. */
	if (pwrite(control, wanted, strlen(wanted), 0) < 0)
		console_error("fail-nth can't be set: %s", strerror(errno));
}

void fault_end(void)
{
	char text[24] = "";
	int saved = errno;

	if (control < 0)
		return;
	/* Reading copies to user memory, which is a point, too: with one left, it is this that fails. */
	if (pread(control, text, sizeof(text) - 1, 0) < 0)
		left = 1;
	else
		left = strtol(text, NULL, 10);
	while (pwrite(control, "0", 1, 0) < 0 && errno == EFAULT)
		;
	close(control);
	control = -1;
	errno = saved;
}

long fault_left(void)
{
	long answer = left;

	left = 0;
	if (control >= 0) {
		close(control);
		control = -1;
	}
	return answer;
}
