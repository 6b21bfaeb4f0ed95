/* What a program has to do first when it is the only one. */
#ifndef GUEST_BOOT_H
#define GUEST_BOOT_H

/* Mounts the kernel's own file systems. Says in the log which are not there; ends the machine where it can't go on without one. */
void boot_mounts(void);

#endif
