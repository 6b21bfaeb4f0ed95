/* Performs a plan. */
#ifndef GUEST_RUN_H
#define GUEST_RUN_H

struct plan;

/* All rounds of a plan, with what the protocol wants to be said of each operation. */
void run_plan(const struct plan *plan);

#endif
