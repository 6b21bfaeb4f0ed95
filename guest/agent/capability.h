/* What a thread may do, by the names of capabilities. */
#ifndef GUEST_CAPABILITY_H
#define GUEST_CAPABILITY_H

#include <stdint.h>

/* A bit for each capability, by its number. */
typedef uint64_t capabilities;

/* The bit of a capability, or 0 where no such name is known. */
capabilities capability_by_name(const char *name);

/* All that this thread may take. */
capabilities capabilities_permitted(void);

/* Makes these the effective ones of this thread alone; its permitted ones stay. 0, or a negative error number. */
int capabilities_set(capabilities effective);

#endif
