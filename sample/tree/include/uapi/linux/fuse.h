/* SPDX-License-Identifier: MIT */
/*
 * Sample input of FUSE Backing Review, written for it: not a part of Linux.
 *
 * What the sample and its server say to each other: as much of the FUSE
 * protocol as the sample speaks, and with the protocol's numbers, so that a
 * server is none the wiser.
 */
#ifndef _SAMPLE_UAPI_FUSE_H
#define _SAMPLE_UAPI_FUSE_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define FUSE_KERNEL_VERSION 7
#define FUSE_KERNEL_MINOR_VERSION 40

/* The node id of the root directory; 0 is no node. */
#define FUSE_ROOT_ID 1

/* A server reads requests with a buffer of at least this size. */
#define FUSE_MIN_READ_BUFFER 8192

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
	FUSE_DESTROY = 38,
};

/*
 * Flags of FUSE_INIT. We offer some, the server takes some of those. They are
 * one number of 64 bits, sent in two halves.
 */
#define FUSE_BIG_WRITES (1 << 5)
#define FUSE_WRITEBACK_CACHE (1 << 16)
#define FUSE_INIT_EXT (1 << 30)
#define FUSE_PASSTHROUGH (1ULL << 37)

/* Flags of an answer to FUSE_OPEN. None of them: use the page cache. */
#define FOPEN_DIRECT_IO (1 << 0)
#define FOPEN_PASSTHROUGH (1 << 7)

/* What each request begins with. */
struct fuse_in_header {
	__u32 len;
	__u32 opcode;
	__u64 unique;
	__u64 nodeid;
	__u32 uid;
	__u32 gid;
	__u32 pid;
	__u16 total_extlen;
	__u16 padding;
};

/* What each answer begins with; @error is 0 or a negative error code. */
struct fuse_out_header {
	__u32 len;
	__s32 error;
	__u64 unique;
};

struct fuse_attr {
	__u64 ino;
	__u64 size;
	__u64 blocks;
	__u64 atime;
	__u64 mtime;
	__u64 ctime;
	__u32 atimensec;
	__u32 mtimensec;
	__u32 ctimensec;
	__u32 mode;
	__u32 nlink;
	__u32 uid;
	__u32 gid;
	__u32 rdev;
	__u32 blksize;
	__u32 flags;
};

struct fuse_attr_out {
	__u64 attr_valid;
	__u32 attr_valid_nsec;
	__u32 dummy;
	struct fuse_attr attr;
};

/* The answer to FUSE_LOOKUP, whose request is a name. */
struct fuse_entry_out {
	__u64 nodeid;
	__u64 generation;
	__u64 entry_valid;
	__u64 attr_valid;
	__u32 entry_valid_nsec;
	__u32 attr_valid_nsec;
	struct fuse_attr attr;
};

struct fuse_forget_in {
	__u64 nlookup;
};

struct fuse_init_in {
	__u32 major;
	__u32 minor;
	__u32 max_readahead;
	__u32 flags;
	__u32 flags2;
	__u32 unused[11];
};

struct fuse_init_out {
	__u32 major;
	__u32 minor;
	__u32 max_readahead;
	__u32 flags;
	__u16 max_background;
	__u16 congestion_threshold;
	__u32 max_write;
	__u32 time_gran;
	__u16 max_pages;
	__u16 map_alignment;
	__u32 flags2;
	__u32 max_stack_depth;
	__u32 unused[6];
};

struct fuse_open_in {
	__u32 flags;
	__u32 open_flags;
};

/* @fh is the server's own and comes back with all requests on the file. */
struct fuse_open_out {
	__u64 fh;
	__u32 open_flags;
	__s32 backing_id;
};

struct fuse_release_in {
	__u64 fh;
	__u32 flags;
	__u32 release_flags;
	__u64 lock_owner;
};

struct fuse_read_in {
	__u64 fh;
	__u64 offset;
	__u32 size;
	__u32 read_flags;
	__u64 lock_owner;
	__u32 flags;
	__u32 padding;
};

/* The bytes follow. */
struct fuse_write_in {
	__u64 fh;
	__u64 offset;
	__u32 size;
	__u32 write_flags;
	__u64 lock_owner;
	__u32 flags;
	__u32 padding;
};

struct fuse_write_out {
	__u32 size;
	__u32 padding;
};

/* What a server hands in to register a file; @flags and @padding are 0. */
struct fuse_backing_map {
	__s32 fd;
	__u32 flags;
	__u64 padding;
};

#define FUSE_DEV_IOC_MAGIC 229
#define FUSE_DEV_IOC_BACKING_OPEN _IOW(FUSE_DEV_IOC_MAGIC, 1, struct fuse_backing_map)
#define FUSE_DEV_IOC_BACKING_CLOSE _IOW(FUSE_DEV_IOC_MAGIC, 2, __u32)

#endif /* _SAMPLE_UAPI_FUSE_H */
