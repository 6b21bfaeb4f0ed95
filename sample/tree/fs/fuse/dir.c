// SPDX-License-Identifier: MIT
/*
 * Sample input of FUSE Backing Review, written for it: not a part of Linux.
 *
 * Names: what the server says is behind one is believed until memory is short.
 */

#include "fuse_i.h"

/* On success *@inode has a reference of the caller's own. */
int fuse_lookup_name(struct super_block *sb, u64 nodeid, const struct qstr *name,
		     struct fuse_entry_out *out, struct inode **inode)
{
	struct fuse_mount *fm = sb->s_fs_info;
	struct fuse_args args = {
		.nodeid = nodeid,
		.opcode = FUSE_LOOKUP,
		.in_numargs = 1,
		.in_args[0].size = name->len + 1,
		.in_args[0].value = name->name,
		.out_numargs = 1,
		.out_args[0].size = sizeof(*out),
		.out_args[0].value = out,
	};
	struct inode *found;
	int err;

	err = fuse_simple_request(fm, &args);
	if (err)
		return err;
	/* A server may also say with 0 that there is no such node. */
	if (!out->nodeid)
		return -ENOENT;
	if (out->nodeid == FUSE_ROOT_ID)
		return -EIO;

	found = fuse_iget(sb, out->nodeid, &out->attr);
	if (IS_ERR(found)) {
		/* The server has counted this lookup. */
		fuse_forget(fm, out->nodeid, 1);
		return PTR_ERR(found);
	}
	*inode = found;
	return 0;
}

static struct dentry *fuse_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct fuse_entry_out out;
	struct inode *inode = NULL;
	int err;

	err = fuse_lookup_name(dir->i_sb, get_node_id(dir), &dentry->d_name, &out, &inode);
	/* A name without a node is an answer too. */
	if (err && err != -ENOENT)
		return ERR_PTR(err);
	return d_splice_alias(inode, dentry);
}

const struct inode_operations fuse_dir_inode_operations = {
	.lookup = fuse_lookup,
};
