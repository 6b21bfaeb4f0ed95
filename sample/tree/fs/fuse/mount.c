// SPDX-License-Identifier: MIT
/*
 * Sample input of FUSE Backing Review, written for it: not a part of Linux.
 *
 * Mounting: what is agreed with the server in FUSE_INIT, and how all of it goes
 * away again. The module is loaded and unloaded here.
 */

#include <linux/file.h>
#include <linux/fs_context.h>
#include <linux/fs_parser.h>
#include <linux/magic.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "fuse_i.h"

/* ---- FUSE_INIT ---- */

struct fuse_init_args {
	struct fuse_args args;
	struct fuse_mount *fm;
	struct fuse_init_in in;
	struct fuse_init_out out;
};

static u64 fuse_init_offer(void)
{
	u64 flags = FUSE_INIT_EXT | FUSE_BIG_WRITES;

	if (IS_ENABLED(CONFIG_FUSE_PASSTHROUGH))
		flags |= FUSE_PASSTHROUGH;
	return flags;
}

static void fuse_init_passthrough(struct fuse_mount *fm, const struct fuse_init_out *out, u64 flags)
{
	if (!(flags & FUSE_PASSTHROUGH & fuse_init_offer()))
		return;
	/*
	 * We never offer the writeback cache. A server that takes it all the
	 * same counts on writes being held back: it has not understood us, and
	 * gets no file written behind its back.
	 */
	if (flags & FUSE_WRITEBACK_CACHE)
		return;
	/* We are a level ourselves, and there is an end to stacking. */
	if (out->max_stack_depth == 0 || out->max_stack_depth > FILESYSTEM_MAX_STACK_DEPTH)
		return;

	fm->fc->passthrough = true;
	fm->fc->max_stack_depth = out->max_stack_depth;
	fm->sb->s_stack_depth = out->max_stack_depth;
}

static void fuse_init_end(struct fuse_args *args, int error)
{
	struct fuse_init_args *ia = container_of(args, struct fuse_init_args, args);
	const struct fuse_init_out *out = &ia->out;
	struct fuse_conn *fc = ia->fm->fc;
	u64 flags = out->flags;

	if (error || out->major != FUSE_KERNEL_VERSION || !out->max_write) {
		WRITE_ONCE(fc->conn_error, true);
	} else {
		if (flags & FUSE_INIT_EXT)
			flags |= (u64)out->flags2 << 32;
		fc->max_write = out->max_write;
		fuse_init_passthrough(ia->fm, out, flags);
	}
	kfree(ia);

	smp_store_release(&fc->initialized, true);
	wake_up_all(&fc->waiters);
}

/* Nothing else is sent until the answer is there, which nobody waits for. */
static int fuse_send_init(struct fuse_mount *fm)
{
	struct fuse_init_args *ia;
	int err;

	ia = kzalloc(sizeof(*ia), GFP_KERNEL);
	if (!ia)
		return -ENOMEM;

	ia->fm = fm;
	ia->in.major = FUSE_KERNEL_VERSION;
	ia->in.minor = FUSE_KERNEL_MINOR_VERSION;
	ia->in.flags = lower_32_bits(fuse_init_offer());
	ia->in.flags2 = upper_32_bits(fuse_init_offer());
	ia->args.opcode = FUSE_INIT;
	ia->args.force = true;
	ia->args.in_numargs = 1;
	ia->args.in_args[0].size = sizeof(ia->in);
	ia->args.in_args[0].value = &ia->in;
	ia->args.out_numargs = 1;
	ia->args.out_args[0].size = sizeof(ia->out);
	ia->args.out_args[0].value = &ia->out;
	ia->args.end = fuse_init_end;

	err = fuse_simple_background(fm, &ia->args, GFP_KERNEL);
	if (err)
		kfree(ia);
	return err;
}

/* ---- the superblock ---- */

static struct fuse_mount *fuse_mount_alloc(struct super_block *sb)
{
	struct fuse_mount *fm;

	fm = kzalloc(sizeof(*fm), GFP_KERNEL);
	if (!fm)
		return NULL;

	fm->sb = sb;
	fm->fc = fuse_conn_alloc();
	if (!fm->fc) {
		kfree(fm);
		return NULL;
	}
	return fm;
}

static struct dentry *fuse_make_root(struct super_block *sb, const struct fuse_fs_context *ctx)
{
	struct fuse_attr attr = {
		.ino = FUSE_ROOT_ID,
		.mode = S_IFDIR | (ctx->rootmode & 07777),
		.nlink = 1,
		.uid = from_kuid(sb->s_user_ns, ctx->user_id),
		.gid = from_kgid(sb->s_user_ns, ctx->group_id),
	};
	struct inode *root;

	root = fuse_iget(sb, FUSE_ROOT_ID, &attr);
	if (IS_ERR(root))
		return NULL;
	return d_make_root(root);
}

/* What this leaves behind when it fails is for fuse_kill_sb(). */
static int fuse_fill_super(struct super_block *sb, struct fs_context *fsc)
{
	struct fuse_fs_context *ctx = fsc->fs_private;
	struct fuse_mount *fm;
	struct file *device;
	int err;

	if (!ctx->fd_present || !ctx->rootmode_present || !ctx->user_id_present || !ctx->group_id_present)
		return -EINVAL;

	fm = fuse_mount_alloc(sb);
	if (!fm)
		return -ENOMEM;
	sb->s_fs_info = fm;
	sb->s_magic = FUSE_SUPER_MAGIC;
	sb->s_op = &fuse_super_operations;
	sb->s_maxbytes = MAX_LFS_FILESIZE;
	sb->s_time_gran = 1;

	sb->s_root = fuse_make_root(sb, ctx);
	if (!sb->s_root)
		return -ENOMEM;

	device = fget(ctx->fd);
	if (!device)
		return -EBADF;
	err = fuse_dev_attach(device, fm->fc);
	fput(device);
	if (err)
		return err;

	return fuse_send_init(fm);
}

static void fuse_kill_sb(struct super_block *sb)
{
	struct fuse_mount *fm = sb->s_fs_info;

	kill_anon_super(sb);
	if (!fm)
		return;

	/* The answer to FUSE_INIT may still be on its way to @fm. */
	fuse_abort_conn(fm->fc);
	fuse_wait_idle(fm->fc);
	fuse_conn_put(fm->fc);
	kfree(fm);
}

/* ---- options ---- */

enum fuse_option { OPT_FD, OPT_ROOTMODE, OPT_USER_ID, OPT_GROUP_ID };

static const struct fs_parameter_spec fuse_fs_parameters[] = {
	fsparam_fd("fd", OPT_FD),
	fsparam_u32oct("rootmode", OPT_ROOTMODE),
	fsparam_uid("user_id", OPT_USER_ID),
	fsparam_gid("group_id", OPT_GROUP_ID),
	{}
};

static int fuse_parse_param(struct fs_context *fsc, struct fs_parameter *param)
{
	struct fuse_fs_context *ctx = fsc->fs_private;
	struct fs_parse_result result;
	int opt;

	opt = fs_parse(fsc, fuse_fs_parameters, param, &result);
	if (opt < 0)
		return opt;

	switch (opt) {
	case OPT_FD:
		ctx->fd = result.uint_32;
		ctx->fd_present = true;
		break;
	case OPT_ROOTMODE:
		ctx->rootmode = result.uint_32;
		ctx->rootmode_present = true;
		break;
	case OPT_USER_ID:
		ctx->user_id = result.uid;
		ctx->user_id_present = true;
		break;
	case OPT_GROUP_ID:
		ctx->group_id = result.gid;
		ctx->group_id_present = true;
		break;
	}
	return 0;
}

static int fuse_get_tree(struct fs_context *fsc)
{
	return get_tree_nodev(fsc, fuse_fill_super);
}

static void fuse_free_fsc(struct fs_context *fsc)
{
	kfree(fsc->fs_private);
}

static const struct fs_context_operations fuse_context_ops = {
	.parse_param = fuse_parse_param,
	.get_tree = fuse_get_tree,
	.free = fuse_free_fsc,
};

static int fuse_init_fs_context(struct fs_context *fsc)
{
	struct fuse_fs_context *ctx;

	ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);
	if (!ctx)
		return -ENOMEM;
	fsc->fs_private = ctx;
	fsc->ops = &fuse_context_ops;
	return 0;
}

/* ---- the module ---- */

static struct file_system_type fuse_fs_type = {
	.owner = THIS_MODULE,
	.name = "fuse",
	.init_fs_context = fuse_init_fs_context,
	.parameters = fuse_fs_parameters,
	.kill_sb = fuse_kill_sb,
};

static int __init fuse_init(void)
{
	int err;

	err = fuse_inode_cache_init();
	if (err)
		return err;
	err = fuse_dev_init();
	if (err)
		goto out_cache;
	err = register_filesystem(&fuse_fs_type);
	if (err)
		goto out_dev;
	return 0;

out_dev:
	fuse_dev_cleanup();
out_cache:
	fuse_inode_cache_cleanup();
	return err;
}

static void __exit fuse_exit(void)
{
	unregister_filesystem(&fuse_fs_type);
	fuse_dev_cleanup();
	fuse_inode_cache_cleanup();
}

module_init(fuse_init);
module_exit(fuse_exit);

MODULE_DESCRIPTION("Sample filesystem in userspace");
MODULE_LICENSE("Dual MIT/GPL");
