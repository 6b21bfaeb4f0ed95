// SPDX-License-Identifier: MIT
/*
 * Sample input of FUSE Backing Review, written for it: not a part of Linux.
 *
 * Inodes: one for each node that the server has named, until it is evicted.
 */

#include <linux/pagemap.h>
#include <linux/slab.h>

#include "fuse_i.h"

static struct kmem_cache *fuse_inode_cachep;

static struct inode *fuse_alloc_inode(struct super_block *sb)
{
	struct fuse_inode *fi;

	fi = alloc_inode_sb(sb, fuse_inode_cachep, GFP_KERNEL);
	if (!fi)
		return NULL;

	fi->nodeid = 0;
	fi->nlookup = 0;
	fi->iocachectr = 0;
	fi->fb = NULL;
	spin_lock_init(&fi->lock);
	return &fi->inode;
}

static void fuse_free_inode(struct inode *inode)
{
	kmem_cache_free(fuse_inode_cachep, get_fuse_inode(inode));
}

static void fuse_evict_inode(struct inode *inode)
{
	struct fuse_inode *fi = get_fuse_inode(inode);

	truncate_inode_pages_final(&inode->i_data);
	clear_inode(inode);

	/* Open files hold the inode, and each gave back what it counted for. */
	WARN_ON(fi->iocachectr || fi->fb);
	/* With the mount the server forgets all of them at once. */
	if (fi->nlookup && (inode->i_sb->s_flags & SB_ACTIVE))
		fuse_forget(get_fuse_mount(inode), fi->nodeid, fi->nlookup);
}

/* ---- telling the server that a node is of no interest any more ---- */

struct fuse_forget_args {
	struct fuse_args args;
	struct fuse_forget_in in;
};

static void fuse_forget_end(struct fuse_args *args, int error)
{
	kfree(container_of(args, struct fuse_forget_args, args));
}

void fuse_forget(struct fuse_mount *fm, u64 nodeid, u64 nlookup)
{
	struct fuse_forget_args *forget;

	/* Not GFP_KERNEL: this may be what memory is waited for. */
	forget = kzalloc(sizeof(*forget), GFP_NOFS | __GFP_NOFAIL);
	forget->in.nlookup = nlookup;
	forget->args.nodeid = nodeid;
	forget->args.opcode = FUSE_FORGET;
	forget->args.noreply = true;
	forget->args.in_numargs = 1;
	forget->args.in_args[0].size = sizeof(forget->in);
	forget->args.in_args[0].value = &forget->in;
	forget->args.end = fuse_forget_end;

	/* A server that is gone has nothing to forget. */
	if (fuse_simple_background(fm, &forget->args, GFP_NOFS | __GFP_NOFAIL))
		kfree(forget);
}

/* ---- finding and making ---- */

static int fuse_inode_is(struct inode *inode, void *nodeid)
{
	return get_node_id(inode) == *(u64 *)nodeid;
}

static int fuse_inode_set(struct inode *inode, void *nodeid)
{
	get_fuse_inode(inode)->nodeid = *(u64 *)nodeid;
	return 0;
}

static void fuse_init_inode(struct inode *inode, const struct fuse_attr *attr)
{
	inode->i_mode = attr->mode;
	inode->i_uid = make_kuid(inode->i_sb->s_user_ns, attr->uid);
	inode->i_gid = make_kgid(inode->i_sb->s_user_ns, attr->gid);
	set_nlink(inode, attr->nlink);
	i_size_write(inode, attr->size);

	if (S_ISREG(inode->i_mode)) {
		inode->i_fop = &fuse_file_operations;
		inode->i_mapping->a_ops = &fuse_file_aops;
	} else if (S_ISDIR(inode->i_mode)) {
		/* To be looked into by name; the sample does not list any. */
		inode->i_op = &fuse_dir_inode_operations;
	} else {
		init_special_inode(inode, inode->i_mode, attr->rdev);
	}
}

/* The node's inode, with a lookup more that the server is to be told of. */
struct inode *fuse_iget(struct super_block *sb, u64 nodeid, const struct fuse_attr *attr)
{
	struct inode *inode;
	struct fuse_inode *fi;

	inode = iget5_locked(sb, nodeid, fuse_inode_is, fuse_inode_set, &nodeid);
	if (!inode)
		return ERR_PTR(-ENOMEM);

	if (inode_state_read_once(inode) & I_NEW) {
		fuse_init_inode(inode, attr);
		unlock_new_inode(inode);
	} else if (inode_wrong_type(inode, attr->mode)) {
		/* Whoever has it open can't be told that it is another file. */
		iput(inode);
		return ERR_PTR(-EIO);
	}

	fi = get_fuse_inode(inode);
	spin_lock(&fi->lock);
	fi->nlookup++;
	spin_unlock(&fi->lock);

	return inode;
}

/* ---- forced unmount ---- */

static void fuse_umount_begin(struct super_block *sb)
{
	struct fuse_mount *fm = sb->s_fs_info;

	fuse_abort_conn(fm->fc);
}

const struct super_operations fuse_super_operations = {
	.alloc_inode = fuse_alloc_inode,
	.free_inode = fuse_free_inode,
	.evict_inode = fuse_evict_inode,
	.umount_begin = fuse_umount_begin,
};

/* ---- the module's part ---- */

static void fuse_inode_construct(void *object)
{
	struct fuse_inode *fi = object;

	inode_init_once(&fi->inode);
}

int fuse_inode_cache_init(void)
{
	fuse_inode_cachep = kmem_cache_create("fuse_inode", sizeof(struct fuse_inode), 0,
					      SLAB_RECLAIM_ACCOUNT | SLAB_ACCOUNT, fuse_inode_construct);
	return fuse_inode_cachep ? 0 : -ENOMEM;
}

void fuse_inode_cache_cleanup(void)
{
	/* Inodes are freed after a grace period. */
	rcu_barrier();
	kmem_cache_destroy(fuse_inode_cachep);
}
