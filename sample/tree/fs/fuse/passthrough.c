// SPDX-License-Identifier: MIT
/*
 * Sample input of FUSE Backing Review, written for it: not a part of Linux.
 *
 * Files that are served by a backing file: each has one of its own open on
 * the same path, and uses it with the rights of who registered it.
 */

#include <linux/backing-file.h>
#include <linux/file.h>

#include "fuse_i.h"

/* On success @ff has all that it needs until fuse_passthrough_release(). */
int fuse_passthrough_open(struct fuse_file *ff, struct file *file, int backing_id)
{
	struct fuse_inode *fi = get_fuse_inode(file_inode(file));
	struct fuse_conn *fc = ff->fm->fc;
	struct fuse_backing *fb;
	struct file *real;
	int err;

	if (!fc->passthrough)
		return -EINVAL;

	fb = fuse_backing_lookup(fc, backing_id);
	if (!fb)
		return -ENOENT;

	err = fuse_inode_uncached_io_start(fi, fb);
	if (err)
		goto out_put;

	real = backing_file_open(file, file->f_flags, &fb->file->f_path, fb->cred);
	if (IS_ERR(real)) {
		err = PTR_ERR(real);
		goto out_io;
	}
	ff->passthrough = real;

	/* The inode has a reference of its own by now. */
	fuse_backing_put(fb);
	return 0;

out_io:
	fuse_inode_uncached_io_end(fi);
out_put:
	fuse_backing_put(fb);
	return err;
}

void fuse_passthrough_release(struct fuse_file *ff, struct inode *inode)
{
	fput(ff->passthrough);
	ff->passthrough = NULL;
	fuse_inode_uncached_io_end(get_fuse_inode(inode));
}

/* An open file keeps its inode's backing file, so this takes no lock. */
static const struct cred *fuse_passthrough_cred(struct file *file)
{
	return get_fuse_inode(file_inode(file))->fb->cred;
}

ssize_t fuse_passthrough_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct fuse_file *ff = iocb->ki_filp->private_data;
	struct backing_file_ctx ctx = {
		.cred = fuse_passthrough_cred(iocb->ki_filp),
		.accessed = file_accessed,
	};

	return backing_file_read_iter(ff->passthrough, to, iocb, iocb->ki_flags, &ctx);
}

static void fuse_passthrough_end_write(struct kiocb *iocb, ssize_t ret)
{
	struct inode *inode = file_inode(iocb->ki_filp);

	if (ret > 0 && iocb->ki_pos > i_size_read(inode))
		i_size_write(inode, iocb->ki_pos);
}

/* With the inode locked. */
ssize_t fuse_passthrough_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct fuse_file *ff = iocb->ki_filp->private_data;
	struct backing_file_ctx ctx = {
		.cred = fuse_passthrough_cred(iocb->ki_filp),
		.end_write = fuse_passthrough_end_write,
	};

	return backing_file_write_iter(ff->passthrough, from, iocb, iocb->ki_flags, &ctx);
}

int fuse_passthrough_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct fuse_file *ff = file->private_data;
	struct backing_file_ctx ctx = {
		.cred = fuse_passthrough_cred(file),
		.accessed = file_accessed,
	};

	return backing_file_mmap(ff->passthrough, vma, &ctx);
}
