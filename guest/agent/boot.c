#include "boot.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "console.h"
#include "files.h"

static const struct {
	const char *where;
	const char *type;
	bool needed;
} mounts[] = {
	{ "/dev", "devtmpfs", true },
	{ "/proc", "proc", true },
	{ "/sys", "sysfs", true },
	{ "/sys/kernel/debug", "debugfs", false },
	{ "/sys/kernel/tracing", "tracefs", false },
};

void boot_mounts(void)
{
	int errors[sizeof(mounts) / sizeof(*mounts)];
	int err;

	for (size_t i = 0; i < sizeof(mounts) / sizeof(*mounts); i++) {
		/* Those below /sys are there already, or the kernel has no such thing. */
		mkdir(mounts[i].where, 0755);
		errors[i] = mount(mounts[i].type, mounts[i].where, mounts[i].type, 0, NULL) && errno != EBUSY ? errno : 0;
	}
	err = log_open();
	if (err)
		die("/dev/kmsg: %s", strerror(-err));
	for (size_t i = 0; i < sizeof(mounts) / sizeof(*mounts); i++) {
		if (errors[i] && mounts[i].needed)
			die("no %s: %s", mounts[i].type, strerror(errors[i]));
		if (errors[i])
			log_write("no %s: %s", mounts[i].type, strerror(errors[i]));
	}
}

void boot_settings(void)
{
	int err = file_write("/proc/sys/kernel/panic_on_oops", "1\n");

	if (err)
		log_write("an oops does not end the machine: %s", strerror(-err));
}
