/* Failures by number: the kernel's fail-nth, documented in Documentation/fault-injection/fault-injection.rst. */
#ifndef GUEST_FAULT_H
#define GUEST_FAULT_H

/*
 * Lets allocations of all kinds fail, but not those that watch the others: kmemleak and debugobjects count for nothing. Once before
 * runs with faults. 0, or a negative error number.
 */
int fault_prepare(void);

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
