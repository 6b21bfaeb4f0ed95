/* What a subsystem tells the agent about itself. The agent knows nothing else of it. */
#ifndef GUEST_SUBSYSTEM_H
#define GUEST_SUBSYSTEM_H

#include <stdbool.h>

#define MOST_ARGUMENTS 8

struct operation {
	/* As scenarios call it. */
	const char *name;
	/* How many arguments it takes: those of the vocabulary, in its order. */
	int arguments;
	/* What the kernel answers: 0 or more, or a negative error number. Any thread. */
	long (*perform)(const long *arguments);
	/* Done by the system's administrator rather than by a server or client: with all capabilities, whatever the scenario's are. */
	bool privileged;
};

struct subsystem {
	/* Ended by one without a name. */
	const struct operation *operations;
	int setup_arguments;
	/* What is needed once, before the first setup. As the others: 0, or a negative error number. */
	int (*prepare)(void);
	/* Before the first operation of a round, and after the last, also where setup failed. */
	int (*setup)(const long *arguments);
	int (*teardown)(void);
	/* Waits until nothing is under way of what operations began; -ETIMEDOUT where that takes too long. */
	int (*settle)(void);
};

/* Defined by the subsystem that the agent is linked with. */
extern const struct subsystem subsystem;

#endif
