// SPDX-License-Identifier: MIT
/*
 * Sample input of FUSE Backing Review, written for it: not a part of Linux.
 *
 * All files that are open on one inode agree on where its bytes are: in the
 * page cache, or in one backing file. The inode counts which of the two it is,
 * and holds the backing file for those that are open on it.
 */

#include "fuse_i.h"

static int fuse_inode_cached_io_start(struct fuse_inode *fi)
{
	int err = 0;

	spin_lock(&fi->lock);
	if (fi->iocachectr < 0)
		err = -ETXTBSY;
	else
		fi->iocachectr++;
	spin_unlock(&fi->lock);

	return err;
}

static void fuse_inode_cached_io_end(struct fuse_inode *fi)
{
	spin_lock(&fi->lock);
	WARN_ON(fi->iocachectr <= 0);
	fi->iocachectr--;
	spin_unlock(&fi->lock);
}

/*
 * The first to start has the inode take a reference of its own to @fb. Each
 * success is to be paired with fuse_inode_uncached_io_end().
 */
int fuse_inode_uncached_io_start(struct fuse_inode *fi, struct fuse_backing *fb)
{
	int err = 0;

	spin_lock(&fi->lock);
	if (fi->iocachectr > 0) {
		err = -ETXTBSY;
	} else if (fi->fb && fi->fb != fb) {
		err = -EBUSY;
	} else {
		if (!fi->fb)
			fi->fb = fuse_backing_get(fb);
		fi->iocachectr--;
	}
	spin_unlock(&fi->lock);

	return err;
}

void fuse_inode_uncached_io_end(struct fuse_inode *fi)
{
	struct fuse_backing *fb = NULL;

	spin_lock(&fi->lock);
	WARN_ON(fi->iocachectr >= 0);
	if (++fi->iocachectr == 0) {
		fb = fi->fb;
		fi->fb = NULL;
	}
	spin_unlock(&fi->lock);

	/* To put a file may sleep. */
	fuse_backing_put(fb);
}

/* Goes to the server each time, and so takes no side but must not miss one. */
static int fuse_inode_direct_io_start(struct fuse_inode *fi)
{
	int err;

	spin_lock(&fi->lock);
	err = fi->fb ? -EBUSY : 0;
	spin_unlock(&fi->lock);

	return err;
}

/* As @ff->open_flags say. On success to be paired with fuse_file_io_release(). */
int fuse_file_io_open(struct fuse_file *ff, struct file *file, int backing_id)
{
	struct fuse_inode *fi = get_fuse_inode(file_inode(file));
	int err;

	if (ff->open_flags & FOPEN_PASSTHROUGH) {
		err = fuse_passthrough_open(ff, file, backing_id);
		if (!err)
			ff->iomode = FUSE_IOM_UNCACHED;
	} else if (ff->open_flags & FOPEN_DIRECT_IO) {
		err = fuse_inode_direct_io_start(fi);
	} else {
		err = fuse_inode_cached_io_start(fi);
		if (!err)
			ff->iomode = FUSE_IOM_CACHED;
	}
	return err;
}

void fuse_file_io_release(struct fuse_file *ff, struct inode *inode)
{
	switch (ff->iomode) {
	case FUSE_IOM_NONE:
		break;
	case FUSE_IOM_CACHED:
		fuse_inode_cached_io_end(get_fuse_inode(inode));
		break;
	case FUSE_IOM_UNCACHED:
		fuse_passthrough_release(ff, inode);
		break;
	}
}
