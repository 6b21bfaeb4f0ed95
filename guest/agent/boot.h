/* What a program has to do first when it is the only one. */
#ifndef GUEST_BOOT_H
#define GUEST_BOOT_H

/* Mounts the kernel's own file systems. Says in the log which are not there; ends the machine where it can't go on without one. */
void boot_mounts(void);

/* Has an oops end the machine: the task that it happened in is gone with all that it held, and would be waited for in vain. */
void boot_settings(void);

#endif
