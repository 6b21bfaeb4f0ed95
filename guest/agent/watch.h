/* What shows that the kernel notices: kmemleak, and the canaries of our own module. */
#ifndef GUEST_WATCH_H
#define GUEST_WATCH_H

#include <stdbool.h>

/* Loads /canary.ko. Whether that worked; why not is in the log. */
bool canary_load(void);

/* What the module does by that name. 0, or a negative error number; -ENOENT without the module. */
int canary_trigger(const char *name);

/*
 * Waits until all that waits for a grace period has been done, kfree_rcu() too: the earliest moment shows most, and the simulator's is
 * the same. Without the module nothing is waited for.
 */
void callbacks_done(void);

/* Has warnings that a kernel gives once given again. A kernel that can't is left as it is. */
void warnings_again(void);

/* Answers the command `leaks`: takes several seconds. */
void leaks_report(void);

#endif
