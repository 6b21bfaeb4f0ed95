/* Loading the module, mounting, unmounting: before the first step of a scenario and after the last. */

/* Files of the root directory, by the numbers that scenarios give them. */
#define FUSE_SIM_FILES 3

struct fuse_sim_mount {
	/* Where servers keep their files, and an overlayfs on top of it. */
	struct super_block *lower;
	struct super_block *stacked;
	/* The server's /dev/fuse. */
	int device;
	/* NULL once unmounted. */
	struct vfsmount *mnt;
	/* Protects `mnt`. */
	spinlock_t lock;
	/* Held while a name of the root directory is looked up. */
	struct mutex lookup;
};

static struct fuse_sim_mount fuse_sim_mounted;

/* The mount with a reference; NULL once unmounted. */
static struct vfsmount *fuse_sim_mntget(void)
{
	struct vfsmount *mnt;

	spin_lock(&fuse_sim_mounted.lock);
	mnt = fuse_sim_mounted.mnt;
	if (mnt)
		mntget(mnt);
	spin_unlock(&fuse_sim_mounted.lock);
	return mnt;
}

/* The dentry of a file with a reference, where it is cached and not about to leave the cache; else NULL. */
static struct dentry *fuse_sim_cached(struct super_block *sb, long file)
{
	struct dentry *dentry;
	struct dentry *found = NULL;

	spin_lock(&sb->s_inode_list_lock);
	list_for_each_entry(dentry, &sb->s_dentries, d_sb_list) {
		if (get_node_id(d_inode(dentry)) != FUSE_ROOT_ID + file)
			continue;
		spin_lock(&dentry->d_lock);
		if (dentry->d_count >= 0) {
			dentry->d_count++;
			found = dentry;
		}
		spin_unlock(&dentry->d_lock);
		if (found)
			break;
	}
	spin_unlock(&sb->s_inode_list_lock);
	return found;
}

/* The dentry of a file with a reference, looked up by the server where it isn't cached; or an ERR_PTR. */
static struct dentry *fuse_sim_lookup(struct super_block *sb, long file)
{
	const unsigned char digits[2] = { '0' + file, 0 };
	struct qstr name = { .name = digits, .len = 1 };
	struct fuse_entry_out out;
	struct inode *inode;
	struct dentry *dentry;
	int err = 0;

	mutex_lock(&fuse_sim_mounted.lookup);
	dentry = fuse_sim_cached(sb, file);
	if (!dentry) {
		err = fuse_lookup_name(sb, FUSE_ROOT_ID, &name, &out, &inode);
		if (!err)
			dentry = __model_dentry(sb, inode);
		if (!err && !dentry)
			err = -ENOMEM;
	}
	mutex_unlock(&fuse_sim_mounted.lookup);
	return err ? ERR_PTR(err) : dentry;
}

/* What mount(8) hands over besides the device. */
static void fuse_sim_mount_options(struct fuse_fs_context *ctx)
{
#ifdef HAVE_fuse_fs_context__fud
	struct file *device = fget(fuse_sim_mounted.device);

	ctx->fud = fuse_dev_grab(device);
	fput(device);
#else
	ctx->fd = fuse_sim_mounted.device;
	ctx->fd_present = true;
#endif
	ctx->rootmode = S_IFDIR | 0755;
	ctx->rootmode_present = true;
	ctx->user_id_present = true;
	ctx->group_id_present = true;
}

static int fuse_sim_mount(void)
{
	struct fs_context fsc = {
		.fs_type = get_fs_type("fuse"),
		.purpose = FS_CONTEXT_FOR_MOUNT,
		.cred = current_cred(),
		.user_ns = current_user_ns(),
	};
	int err = fsc.fs_type->init_fs_context(&fsc);

	if (err)
		return err;
	fuse_sim_mount_options(fsc.fs_private);
	err = fsc.ops->get_tree(&fsc);
	if (!err) {
		up_write(&fsc.root->d_sb->s_umount);
		fuse_sim_mounted.mnt = __model_mount(fsc.root->d_sb);
		dput(fsc.root);
	}
	fsc.ops->free(&fsc);
	return err;
}

static int fuse_sim_open_device(void)
{
	struct file *device = __model_device_file(&fuse_dev_operations);
	int err = fuse_dev_operations.open(file_inode(device), device);

	if (err)
		return err;
	fuse_sim_mounted.device = __model_fd_install(device);
	return 0;
}

/* Unmounts, whoever still holds on to the mount. */
static void fuse_sim_detach(void)
{
	struct vfsmount *mnt;

	spin_lock(&fuse_sim_mounted.lock);
	mnt = fuse_sim_mounted.mnt;
	fuse_sim_mounted.mnt = NULL;
	spin_unlock(&fuse_sim_mounted.lock);
	if (mnt)
		mntput(mnt);
}

long fuse_sim_setup(long passthrough, long max_stack_depth, long writeback_cache)
{
	int err;

	__model_begin();
	spin_lock_init(&fuse_sim_mounted.lock);
	mutex_init(&fuse_sim_mounted.lookup);
	fuse_sim_mounted.lower = __model_super(0);
	fuse_sim_mounted.stacked = __model_super(1);
	fuse_sim_server.passthrough = passthrough;
	fuse_sim_server.max_stack_depth = max_stack_depth;
	fuse_sim_server.writeback_cache = writeback_cache;
	err = fuse_init();
	if (!err)
		err = fuse_sim_open_device();
	if (!err)
		err = fuse_sim_mount();
	if (err)
		return err;
	/* What is cached when the first client comes. */
	for (long file = 1; file <= FUSE_SIM_FILES; file++)
		dput(fuse_sim_lookup(fuse_sim_mounted.mnt->mnt_sb, file));
	return 0;
}

long fuse_sim_teardown(void)
{
	/* The clients end first, then the mount, then the server. */
	for (int fd = 0; fd < MODEL_FDS; fd++)
		if (fd != fuse_sim_mounted.device)
			__model_close_fd(fd);
	fuse_sim_detach();
	__model_close_fd(fuse_sim_mounted.device);
	__model_drop_super(fuse_sim_mounted.lower);
	__model_drop_super(fuse_sim_mounted.stacked);
	fuse_exit();
	__model_end();
	return 0;
}
