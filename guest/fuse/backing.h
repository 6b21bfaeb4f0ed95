/* The files that the server may register as backing files, by the numbers that the vocabulary gives to kinds of descriptors. */
#ifndef GUEST_FUSE_BACKING_H
#define GUEST_FUSE_BACKING_H

/* Makes them, once. 0, or a negative error number. */
int backing_prepare(void);

/* A descriptor of that kind, for the caller to close; -1 for the kind that is bad. Ends the machine where there can be none. */
int backing_file(long kind);

#endif
