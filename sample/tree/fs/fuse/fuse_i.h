/* SPDX-License-Identifier: MIT */
/*
 * Sample input of FUSE Backing Review, written for it: not a part of Linux.
 */
#ifndef _SAMPLE_FUSE_I_H
#define _SAMPLE_FUSE_I_H

#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>

/* One mounted server. */
struct fuse_conn {
	/* Protects backing_files. */
	spinlock_t lock;
	/* Registered backing files by id; each entry holds one reference. */
	struct idr backing_files;
	/* How many filesystems may lie under one of ours. */
	int max_stack_depth;
	/* The server asked for passthrough when it started. */
	bool passthrough;
};

/* A file that the server registered, to be read in place of its answers. */
struct fuse_backing {
	refcount_t count;
	struct file *file;
	/* Who registered it: reads are made with these rights. */
	const struct cred *cred;
	struct rcu_head rcu;
};

struct fuse_inode {
	struct inode inode;
	spinlock_t lock;
	/* Above zero: files open with page cache; below: without. */
	int iocachectr;
};

/* An open file of ours. */
struct fuse_file {
	struct fuse_conn *fc;
	struct fuse_inode *fi;
	/* The file that serves it, and the rights to read it with. */
	struct fuse_backing *backing;
	struct file *passthrough;
	const struct cred *cred;
};

/* What the server hands in to register a file. */
struct fuse_backing_map {
	__s32 fd;
	__u32 flags;
	__u64 padding;
};

/* backing.c */
void fuse_backing_files_init(struct fuse_conn *fc);
void fuse_backing_files_free(struct fuse_conn *fc);
struct fuse_backing *fuse_backing_get(struct fuse_backing *fb);
void fuse_backing_put(struct fuse_backing *fb);
struct fuse_backing *fuse_backing_lookup(struct fuse_conn *fc, int id);
int fuse_backing_open(struct fuse_conn *fc, struct fuse_backing_map *map);
int fuse_backing_close(struct fuse_conn *fc, int id);

/* iomode.c */
int fuse_inode_uncached_io_start(struct fuse_inode *fi);
void fuse_inode_uncached_io_end(struct fuse_inode *fi);

/* passthrough.c */
int fuse_passthrough_open(struct fuse_file *ff, int id);
void fuse_passthrough_release(struct fuse_file *ff);

#endif /* _SAMPLE_FUSE_I_H */
