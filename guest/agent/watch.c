#define _GNU_SOURCE
#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "console.h"
#include "files.h"
#include "json.h"

#define MODULE "/canary.ko"
#define TRIGGER "/sys/kernel/debug/fuse_review/trigger"
#define KMEMLEAK "/sys/kernel/debug/kmemleak"

/* An object has to be 5 s old before kmemleak says that it leaked: MSECS_MIN_AGE of mm/kmemleak.c. */
static const struct timespec kmemleak_age = { .tv_sec = 5, .tv_nsec = 300000000 };

/* Most bytes of kmemleak's text that are sent: escaped, they have to fit into a line. */
#define MOST_TEXT 48000
#define RECORD "unreferenced object"

bool canary_load(void)
{
	int fd = open(MODULE, O_RDONLY | O_CLOEXEC);
	bool loaded = fd >= 0 && !syscall(SYS_finit_module, fd, "", 0);

	if (!loaded)
		log_write("no canaries: " MODULE ": %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return loaded;
}

int canary_trigger(const char *name)
{
	return file_write(TRIGGER, name);
}

void callbacks_done(void)
{
	canary_trigger("grace-period");
}

void warnings_again(void)
{
	file_write("/sys/kernel/debug/clear_warn_once", "1");
}

/* Whole records that fit, and how many there are beyond them. */
static void cut(char *text)
{
	char *end = text + MOST_TEXT;
	int more = 0;

	if (strlen(text) <= MOST_TEXT)
		return;
	while (end > text && strncmp(end, RECORD, strlen(RECORD)))
		end--;
	for (char *each = end; (each = strstr(each, RECORD)); each++)
		more++;
	sprintf(end, "%d more, left out\n", more);
}

void leaks_report(void)
{
	static char text[1 << 20];
	static char quoted[LINE_BYTES];
	long err;

	nanosleep(&kmemleak_age, NULL);
	/* The first scan only notes what objects hold: one that changes between two scans is in use. */
	err = file_write(KMEMLEAK, "scan");
	if (!err)
		err = file_write(KMEMLEAK, "scan");
	if (!err)
		err = file_read(KMEMLEAK, text, sizeof(text));
	if (err >= 0) {
		cut(text);
		err = file_write(KMEMLEAK, "clear");
	}
	if (err < 0)
		console_error("kmemleak: %s", strerror(-err));
	else
		console_send("{\"t\":\"leaks\",\"text\":%s}", json_quote(quoted, sizeof(quoted) - 64, text));
}
