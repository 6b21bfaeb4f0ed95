/* Failures by number: the kernel's fail-nth, documented in Documentation/fault-injection/fault-injection.rst. */
#ifndef GUEST_FAULT_H
#define GUEST_FAULT_H

/*
 * Once: allocations of all kinds are to be points at which calls can fail, but not those of kmemleak and debugobjects, which watch the others.
 * What goes wrong is said by fault_request().
 */
void fault_prepare(void);

/* The next system call under review of this thread is to fail at its nth point, counted from 1. 0, or a negative error number. */
int fault_request(long nth);

/*
 * Around the system call that is under review, in the thread that makes it: only there can anything fail. Subsystems call this; they do
 * nothing where no fault was asked for.
 */
void fault_begin(void);
void fault_end(void);

/* How many points were left when the call ended: 0 where it failed at the one that was asked for, or where none was. */
long fault_left(void);

#endif
