#define _GNU_SOURCE
#include "capability.h"

#include <errno.h>
#include <linux/capability.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* By number, as in <linux/capability.h>. */
static const char *const names[] = {
	"CAP_CHOWN",
	"CAP_DAC_OVERRIDE",
	"CAP_DAC_READ_SEARCH",
	"CAP_FOWNER",
	"CAP_FSETID",
	"CAP_KILL",
	"CAP_SETGID",
	"CAP_SETUID",
	"CAP_SETPCAP",
	"CAP_LINUX_IMMUTABLE",
	"CAP_NET_BIND_SERVICE",
	"CAP_NET_BROADCAST",
	"CAP_NET_ADMIN",
	"CAP_NET_RAW",
	"CAP_IPC_LOCK",
	"CAP_IPC_OWNER",
	"CAP_SYS_MODULE",
	"CAP_SYS_RAWIO",
	"CAP_SYS_CHROOT",
	"CAP_SYS_PTRACE",
	"CAP_SYS_PACCT",
	"CAP_SYS_ADMIN",
	"CAP_SYS_BOOT",
	"CAP_SYS_NICE",
	"CAP_SYS_RESOURCE",
	"CAP_SYS_TIME",
	"CAP_SYS_TTY_CONFIG",
	"CAP_MKNOD",
	"CAP_LEASE",
	"CAP_AUDIT_WRITE",
	"CAP_AUDIT_CONTROL",
	"CAP_SETFCAP",
	"CAP_MAC_OVERRIDE",
	"CAP_MAC_ADMIN",
	"CAP_SYSLOG",
	"CAP_WAKE_ALARM",
	"CAP_BLOCK_SUSPEND",
	"CAP_AUDIT_READ",
	"CAP_PERFMON",
	"CAP_BPF",
	"CAP_CHECKPOINT_RESTORE",
};

/* Of this thread: for the system call, 0 is the caller. */
static struct __user_cap_header_struct own = { .version = _LINUX_CAPABILITY_VERSION_3 };

capabilities capability_by_name(const char *name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(names[i], name))
			return 1ull << i;
	return 0;
}

static int get(struct __user_cap_data_struct data[2])
{
	return syscall(SYS_capget, &own, data) ? -errno : 0;
}

capabilities capabilities_permitted(void)
{
	struct __user_cap_data_struct data[2];

	if (get(data))
		return 0;
	return data[0].permitted | (capabilities)data[1].permitted << 32;
}

int capabilities_set(capabilities effective)
{
	struct __user_cap_data_struct data[2];
	int err = get(data);

	if (err)
		return err;
	data[0].effective = effective;
	data[1].effective = effective >> 32;
	return syscall(SYS_capset, &own, data) ? -errno : 0;
}
