/* SPDX-License-Identifier: MIT */
/*
 * Sample input of FUSE Backing Review, written for it: not a part of Linux.
 *
 * What the files of the sample share. From the outside in: a mount has a
 * connection to its server, inodes and open files; a connection has requests
 * on their way and, with passthrough, a table of backing files.
 */
#ifndef _SAMPLE_FUSE_I_H
#define _SAMPLE_FUSE_I_H

#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/list.h>
#include <linux/mnt_idmapping.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/uio.h>
#include <linux/wait.h>
#include <uapi/linux/fuse.h>

/* ---- requests ---- */

struct fuse_in_arg {
	unsigned int size;
	const void *value;
};

struct fuse_out_arg {
	unsigned int size;
	void *value;
};

/* What is asked of the server, and where its answer goes. */
struct fuse_args {
	u64 nodeid;
	u32 opcode;
	unsigned int in_numargs;
	unsigned int out_numargs;
	struct fuse_in_arg in_args[2];
	struct fuse_out_arg out_args[1];
	/* The last part of the answer may be shorter; its size is set then. */
	bool out_argvar;
	/* Sent before the server has answered FUSE_INIT. */
	bool force;
	/* The server does not answer it. */
	bool noreply;
	/* Of a request that nobody waits for: the answer is there. */
	void (*end)(struct fuse_args *args, int error);
};

/*
 * A request on its way. It is on one of its connection's lists, or was taken
 * off by one thread, and only that thread may end it.
 */
struct fuse_req {
	struct list_head list;
	struct fuse_args *args;
	struct fuse_in_header in;
	/* Freed when it ends; else its sender waits for @done. */
	bool background;
	struct completion done;
	int error;
};

/* ---- connections ---- */

/* A server, from mount to the later of unmount and close of its device. */
struct fuse_conn {
	refcount_t count;
	/* Protects all but what is set before @initialized is. */
	spinlock_t lock;
	bool connected;
	/* The server's FUSE_INIT is of no use: nothing else is sent to it. */
	bool conn_error;

	/* Not yet read by the server, read but not yet answered, and all. */
	struct list_head pending;
	struct list_head processing;
	unsigned int num_requests;
	u64 last_unique;
	/* Readers of the device, and all who wait for the connection. */
	wait_queue_head_t readers;
	wait_queue_head_t waiters;

	/* The server has answered FUSE_INIT, and with what. */
	bool initialized;
	bool passthrough;
	unsigned int max_write;
	/* How many filesystems may lie under one another, ours included. */
	int max_stack_depth;

	/* Registered backing files by id; each entry holds a reference. */
	struct idr backing_files;
};

struct fuse_mount {
	struct fuse_conn *fc;
	struct super_block *sb;
};

/* What mount(2) was given. */
struct fuse_fs_context {
	int fd;
	unsigned int rootmode;
	kuid_t user_id;
	kgid_t group_id;
	bool fd_present;
	bool rootmode_present;
	bool user_id_present;
	bool group_id_present;
};

/* ---- inodes and files ---- */

/* A file that a server registered, to be used in place of its answers. */
struct fuse_backing {
	refcount_t count;
	struct file *file;
	/* Who registered it: all is done to the file with these rights. */
	const struct cred *cred;
	struct rcu_head rcu;
};

struct fuse_inode {
	struct inode inode;
	u64 nodeid;
	spinlock_t lock;
	/* How often the server has named this node and not been told off. */
	u64 nlookup;
	/* Files open with page cache; below zero, those open without. */
	int iocachectr;
	/* While it is below zero: what they are served by, with a reference. */
	struct fuse_backing *fb;
};

enum fuse_iomode {
	FUSE_IOM_NONE,
	FUSE_IOM_CACHED,
	FUSE_IOM_UNCACHED,
};

struct fuse_file {
	struct fuse_mount *fm;
	u64 fh;
	u32 open_flags;
	/* What it is counted as in its inode. */
	enum fuse_iomode iomode;
	/* Open on the inode's backing file, or NULL. */
	struct file *passthrough;
	/* The last request, for which there has to be memory. */
	struct fuse_release_in release_in;
	struct fuse_args release_args;
};

static inline struct fuse_mount *get_fuse_mount(struct inode *inode)
{
	return inode->i_sb->s_fs_info;
}

static inline struct fuse_inode *get_fuse_inode(struct inode *inode)
{
	return container_of(inode, struct fuse_inode, inode);
}

static inline u64 get_node_id(struct inode *inode)
{
	return get_fuse_inode(inode)->nodeid;
}

/* dev.c */
extern const struct file_operations fuse_dev_operations;
int fuse_dev_attach(struct file *file, struct fuse_conn *fc);
int fuse_dev_init(void);
void fuse_dev_cleanup(void);

/* dir.c */
extern const struct inode_operations fuse_dir_inode_operations;
int fuse_lookup_name(struct super_block *sb, u64 nodeid, const struct qstr *name,
		     struct fuse_entry_out *out, struct inode **inode);

/* file.c */
extern const struct file_operations fuse_file_operations;
extern const struct address_space_operations fuse_file_aops;

/* inode.c */
extern const struct super_operations fuse_super_operations;
struct inode *fuse_iget(struct super_block *sb, u64 nodeid, const struct fuse_attr *attr);
void fuse_forget(struct fuse_mount *fm, u64 nodeid, u64 nlookup);
int fuse_inode_cache_init(void);
void fuse_inode_cache_cleanup(void);

/* req.c */
struct fuse_conn *fuse_conn_alloc(void);
struct fuse_conn *fuse_conn_get(struct fuse_conn *fc);
void fuse_conn_put(struct fuse_conn *fc);
void fuse_abort_conn(struct fuse_conn *fc);
void fuse_wait_idle(struct fuse_conn *fc);
void fuse_request_end(struct fuse_conn *fc, struct fuse_req *req, int error);
ssize_t __fuse_simple_request(struct mnt_idmap *idmap, struct fuse_mount *fm, struct fuse_args *args);
int fuse_simple_background(struct fuse_mount *fm, struct fuse_args *args, gfp_t gfp_flags);

static inline ssize_t fuse_simple_request(struct fuse_mount *fm, struct fuse_args *args)
{
	return __fuse_simple_request(&nop_mnt_idmap, fm, args);
}

/* iomode.c */
int fuse_inode_uncached_io_start(struct fuse_inode *fi, struct fuse_backing *fb);
void fuse_inode_uncached_io_end(struct fuse_inode *fi);
int fuse_file_io_open(struct fuse_file *ff, struct file *file, int backing_id);
void fuse_file_io_release(struct fuse_file *ff, struct inode *inode);

#ifdef CONFIG_FUSE_PASSTHROUGH

/* backing.c */
void fuse_backing_files_init(struct fuse_conn *fc);
void fuse_backing_files_free(struct fuse_conn *fc);
struct fuse_backing *fuse_backing_get(struct fuse_backing *fb);
void fuse_backing_put(struct fuse_backing *fb);
struct fuse_backing *fuse_backing_lookup(struct fuse_conn *fc, int id);
int fuse_backing_open(struct fuse_conn *fc, struct fuse_backing_map *map);
int fuse_backing_close(struct fuse_conn *fc, int id);

/* passthrough.c */
int fuse_passthrough_open(struct fuse_file *ff, struct file *file, int backing_id);
void fuse_passthrough_release(struct fuse_file *ff, struct inode *inode);
ssize_t fuse_passthrough_read_iter(struct kiocb *iocb, struct iov_iter *to);
ssize_t fuse_passthrough_write_iter(struct kiocb *iocb, struct iov_iter *from);
int fuse_passthrough_mmap(struct file *file, struct vm_area_struct *vma);

#else /* Nothing is ever registered, and no file is ever opened on it. */

static inline void fuse_backing_files_init(struct fuse_conn *fc)
{
}

static inline void fuse_backing_files_free(struct fuse_conn *fc)
{
}

static inline struct fuse_backing *fuse_backing_get(struct fuse_backing *fb)
{
	return NULL;
}

static inline void fuse_backing_put(struct fuse_backing *fb)
{
}

static inline int fuse_backing_open(struct fuse_conn *fc, struct fuse_backing_map *map)
{
	return -EOPNOTSUPP;
}

static inline int fuse_backing_close(struct fuse_conn *fc, int id)
{
	return -EOPNOTSUPP;
}

static inline int fuse_passthrough_open(struct fuse_file *ff, struct file *file, int backing_id)
{
	return -EOPNOTSUPP;
}

static inline void fuse_passthrough_release(struct fuse_file *ff, struct inode *inode)
{
}

static inline ssize_t fuse_passthrough_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	return -EIO;
}

static inline ssize_t fuse_passthrough_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	return -EIO;
}

static inline int fuse_passthrough_mmap(struct file *file, struct vm_area_struct *vma)
{
	return -ENODEV;
}

#endif /* CONFIG_FUSE_PASSTHROUGH */

#endif /* _SAMPLE_FUSE_I_H */
