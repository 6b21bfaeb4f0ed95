// SPDX-License-Identifier: MIT
/*
 * Sample input of FUSE Backing Review, written for it: not a part of Linux.
 *
 * The table of backing files. A server registers a file and gets an id; files
 * that are opened with that id are served by the registered one. The table
 * holds one reference to each entry, every inode that is served another.
 */

#include <linux/capability.h>
#include <linux/file.h>
#include <linux/printk.h>
#include <linux/slab.h>

#include "fuse_i.h"

struct fuse_backing *fuse_backing_get(struct fuse_backing *fb)
{
	if (fb && refcount_inc_not_zero(&fb->count))
		return fb;
	return NULL;
}

static void fuse_backing_release(struct fuse_backing *fb)
{
	fput(fb->file);
	put_cred(fb->cred);
	/* Lookups may still look at the count. */
	kfree_rcu(fb, rcu);
}

void fuse_backing_put(struct fuse_backing *fb)
{
	if (fb && refcount_dec_and_test(&fb->count))
		fuse_backing_release(fb);
}

void fuse_backing_files_init(struct fuse_conn *fc)
{
	idr_init(&fc->backing_files);
}

void fuse_backing_files_free(struct fuse_conn *fc)
{
	struct fuse_backing *fb;
	int id;

	/* The connection is gone: nobody opens or closes ids any more. */
	idr_for_each_entry(&fc->backing_files, fb, id)
		fuse_backing_put(fb);
	idr_destroy(&fc->backing_files);
}

/* Returns a reference of the caller's own, or NULL. */
struct fuse_backing *fuse_backing_lookup(struct fuse_conn *fc, int id)
{
	struct fuse_backing *fb;

	rcu_read_lock();
	fb = idr_find(&fc->backing_files, id);
	fb = fuse_backing_get(fb);
	rcu_read_unlock();

	return fb;
}

/*
 * On success the table takes over the caller's reference; returns the id. An
 * id does not come back soon, so that one that is old is noticed.
 */
static int fuse_backing_publish(struct fuse_conn *fc, struct fuse_backing *fb)
{
	int id;

	idr_preload(GFP_KERNEL);
	spin_lock(&fc->lock);
	id = idr_alloc_cyclic(&fc->backing_files, fb, 1, 0, GFP_ATOMIC);
	spin_unlock(&fc->lock);
	idr_preload_end();

	return id;
}

/* Hands the table's reference to the caller, or NULL for an unknown id. */
static struct fuse_backing *fuse_backing_unpublish(struct fuse_conn *fc, int id)
{
	struct fuse_backing *fb;

	spin_lock(&fc->lock);
	fb = idr_remove(&fc->backing_files, id);
	spin_unlock(&fc->lock);

	return fb;
}

static int fuse_backing_may_serve(struct fuse_conn *fc, struct file *file)
{
	struct inode *inode = file_inode(file);

	if (S_ISDIR(inode->i_mode))
		return -EISDIR;
	if (!S_ISREG(inode->i_mode))
		return -EINVAL;
	if (inode->i_sb->s_stack_depth >= fc->max_stack_depth)
		return -ELOOP;

	return 0;
}

/* Returns the new id, or a negative error code. */
int fuse_backing_open(struct fuse_conn *fc, struct fuse_backing_map *map)
{
	struct fuse_backing *fb;
	struct file *file;
	int res;

	/* A server can hide files from lsof this way: not anybody's right. */
	if (!fc->passthrough || !capable(CAP_SYS_ADMIN))
		return -EPERM;

	if (map->flags || map->padding)
		return -EINVAL;

	file = fget(map->fd);
	if (!file)
		return -EBADF;

	res = fuse_backing_may_serve(fc, file);
	if (res)
		goto out_file;

	res = -ENOMEM;
	fb = kzalloc(sizeof(*fb), GFP_KERNEL);
	if (!fb)
		goto out_file;

	refcount_set(&fb->count, 1);
	fb->cred = get_current_cred();
	fb->file = file;

	res = fuse_backing_publish(fc, fb);
	if (res < 0)
		goto out_fb;

	pr_debug("%s: fd=%d id=%d\n", __func__, map->fd, res);
	return res;

out_fb:
	put_cred(fb->cred);
	kfree(fb);
out_file:
	fput(file);
	return res;
}

/* Takes the id out of the table. Inodes that it serves keep it alive. */
int fuse_backing_close(struct fuse_conn *fc, int id)
{
	struct fuse_backing *fb;

	if (!fc->passthrough || !capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (id <= 0)
		return -EINVAL;

	fb = fuse_backing_unpublish(fc, id);
	if (!fb)
		return -ENOENT;

	fuse_backing_put(fb);
	return 0;
}
