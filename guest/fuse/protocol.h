/*
 * What goes over /dev/fuse, as far as our server uses it: names, numbers and layouts of the kernel's interface to user space
 * (fuse(4), include/uapi/linux/fuse.h), so that the guest builds with the headers of any machine.
 */
#ifndef GUEST_FUSE_PROTOCOL_H
#define GUEST_FUSE_PROTOCOL_H

#include <linux/ioctl.h>
#include <stdint.h>

#define FUSE_KERNEL_VERSION 7
#define FUSE_ROOT_ID 1

enum fuse_opcode {
	FUSE_LOOKUP = 1,
	FUSE_FORGET = 2,
	FUSE_GETATTR = 3,
	FUSE_SETATTR = 4,
	FUSE_OPEN = 14,
	FUSE_READ = 15,
	FUSE_WRITE = 16,
	FUSE_RELEASE = 18,
	FUSE_FSYNC = 20,
	FUSE_FLUSH = 25,
	FUSE_INIT = 26,
	FUSE_INTERRUPT = 36,
	FUSE_DESTROY = 38,
	FUSE_BATCH_FORGET = 42,
};

/* Flags of FUSE_INIT; those from bit 32 on are in flags2. */
#define FUSE_BIG_WRITES (1ull << 5)
#define FUSE_WRITEBACK_CACHE (1ull << 16)
#define FUSE_INIT_EXT (1ull << 30)
#define FUSE_PASSTHROUGH (1ull << 37)

/* Flags of the answer to FUSE_OPEN. */
#define FOPEN_DIRECT_IO (1u << 0)
#define FOPEN_PASSTHROUGH (1u << 7)

struct fuse_in_header {
	uint32_t len;
	uint32_t opcode;
	uint64_t unique;
	uint64_t nodeid;
	uint32_t uid;
	uint32_t gid;
	uint32_t pid;
	uint32_t padding;
};

struct fuse_out_header {
	uint32_t len;
	int32_t error;
	uint64_t unique;
};

struct fuse_attr {
	uint64_t ino;
	uint64_t size;
	uint64_t blocks;
	uint64_t atime;
	uint64_t mtime;
	uint64_t ctime;
	uint32_t atimensec;
	uint32_t mtimensec;
	uint32_t ctimensec;
	uint32_t mode;
	uint32_t nlink;
	uint32_t uid;
	uint32_t gid;
	uint32_t rdev;
	uint32_t blksize;
	uint32_t flags;
};

struct fuse_init_in {
	uint32_t major;
	uint32_t minor;
	uint32_t max_readahead;
	uint32_t flags;
};

struct fuse_init_out {
	uint32_t major;
	uint32_t minor;
	uint32_t max_readahead;
	uint32_t flags;
	uint16_t max_background;
	uint16_t congestion_threshold;
	uint32_t max_write;
	uint32_t time_gran;
	uint16_t max_pages;
	uint16_t map_alignment;
	uint32_t flags2;
	uint32_t max_stack_depth;
	uint32_t unused[6];
};

struct fuse_entry_out {
	uint64_t nodeid;
	uint64_t generation;
	uint64_t entry_valid;
	uint64_t attr_valid;
	uint32_t entry_valid_nsec;
	uint32_t attr_valid_nsec;
	struct fuse_attr attr;
};

struct fuse_attr_out {
	uint64_t attr_valid;
	uint32_t attr_valid_nsec;
	uint32_t dummy;
	struct fuse_attr attr;
};

struct fuse_open_out {
	uint64_t fh;
	uint32_t open_flags;
	int32_t backing_id;
};

struct fuse_write_in {
	uint64_t fh;
	uint64_t offset;
	uint32_t size;
	uint32_t write_flags;
	uint64_t lock_owner;
	uint32_t flags;
	uint32_t padding;
};

struct fuse_write_out {
	uint32_t size;
	uint32_t padding;
};

struct fuse_backing_map {
	int32_t fd;
	uint32_t flags;
	uint64_t padding;
};

#define FUSE_DEV_IOC_BACKING_OPEN _IOW(229, 1, struct fuse_backing_map)
#define FUSE_DEV_IOC_BACKING_CLOSE _IOW(229, 2, uint32_t)

_Static_assert(sizeof(struct fuse_in_header) == 40, "struct fuse_in_header");
_Static_assert(sizeof(struct fuse_out_header) == 16, "struct fuse_out_header");
_Static_assert(sizeof(struct fuse_init_out) == 64, "struct fuse_init_out");
_Static_assert(sizeof(struct fuse_entry_out) == 128, "struct fuse_entry_out");
_Static_assert(sizeof(struct fuse_attr_out) == 104, "struct fuse_attr_out");
_Static_assert(sizeof(struct fuse_write_in) == 40, "struct fuse_write_in");

#endif
