// SPDX-License-Identifier: MIT
/*
 * Sample input of FUSE Backing Review, written for it: not a part of Linux.
 *
 * A file is read either through the page cache or around it. All that are open
 * on one inode must agree, so the inode counts them.
 */

#include "fuse_i.h"

/* Each success is to be paired with fuse_inode_uncached_io_end(). */
int fuse_inode_uncached_io_start(struct fuse_inode *fi)
{
	int err = 0;

	spin_lock(&fi->lock);
	if (fi->iocachectr > 0)
		err = -ETXTBSY;
	else
		fi->iocachectr--;
	spin_unlock(&fi->lock);

	return err;
}

void fuse_inode_uncached_io_end(struct fuse_inode *fi)
{
	spin_lock(&fi->lock);
	WARN_ON(fi->iocachectr >= 0);
	fi->iocachectr++;
	spin_unlock(&fi->lock);
}
