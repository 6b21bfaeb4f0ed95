// SPDX-License-Identifier: MIT
/*
 * Sample input of FUSE Backing Review, written for it: not a part of Linux.
 *
 * Opening a file of ours on top of a backing file.
 */

#include <linux/file.h>
#include <linux/printk.h>

#include "fuse_i.h"

/* On success @ff holds all it needs until fuse_passthrough_release(). */
int fuse_passthrough_open(struct fuse_file *ff, int id)
{
	struct fuse_backing *fb;
	struct file *file;
	int err;

	fb = fuse_backing_lookup(ff->fc, id);
	if (!fb)
		return -ENOENT;

	err = fuse_inode_uncached_io_start(ff->fi);
	if (err)
		goto out_put;

	/* A position of its own, with the rights of who registered the file. */
	file = dentry_open(&fb->file->f_path, O_RDONLY, fb->cred);
	if (IS_ERR(file)) {
		err = PTR_ERR(file);
		goto out_io;
	}

	ff->passthrough = file;
	ff->cred = get_cred(fb->cred);
	ff->backing = fb;
	return 0;

out_io:
	fuse_inode_uncached_io_end(ff->fi);
out_put:
	fuse_backing_put(fb);
	return err;
}

void fuse_passthrough_release(struct fuse_file *ff)
{
	fput(ff->passthrough);
	ff->passthrough = NULL;
	put_cred(ff->cred);
	ff->cred = NULL;
	fuse_inode_uncached_io_end(ff->fi);
	fuse_backing_put(ff->backing);
	ff->backing = NULL;
}
