/* Superblocks and mounting. Freezing, the list of all superblocks and device numbers are left out. */

struct backing_dev_info noop_backing_dev_info = { .capabilities = 0, .refcnt = { .refs = { .counter = 1 } } };

/* ---- making ---- */

struct super_block *__model_sget(struct file_system_type *type, void *fs_info)
{
	struct super_block *sb = kzalloc_obj(struct super_block, GFP_KERNEL | __GFP_NOFAIL);

	sb->s_count = 1;
	atomic_set(&sb->s_active, 1);
	sb->s_type = type;
	sb->s_fs_info = fs_info;
	sb->s_bdi = &noop_backing_dev_info;
	sb->s_maxbytes = 0x7fffffff;
	sb->s_time_gran = NSEC_PER_SEC;
	sb->s_blocksize = PAGE_SIZE;
	sb->s_blocksize_bits = PAGE_SHIFT;
	sb->s_user_ns = get_user_ns(current_user_ns());
	init_rwsem(&sb->s_umount);
	spin_lock_init(&sb->s_inode_list_lock);
	INIT_LIST_HEAD(&sb->s_inodes);
	INIT_LIST_HEAD(&sb->s_dentries);
	return sb;
}

/* Always a new superblock, write-locked: `test` is for file systems that are mounted twice, which no scenario does. */
struct super_block *sget_fc(struct fs_context *fsc, int (*test)(struct super_block *sb, struct fs_context *fsc),
			    int (*set)(struct super_block *sb, struct fs_context *fsc))
{
	struct super_block *sb = __model_sget(fsc->fs_type, fsc->s_fs_info);
	int err;

	sb->s_flags |= fsc->sb_flags;
	sb->s_iflags |= fsc->s_iflags;
	down_write(&sb->s_umount);
	err = set(sb, fsc);
	if (!err) {
		fsc->s_fs_info = NULL;
		return sb;
	}
	sb->s_fs_info = NULL;
	up_write(&sb->s_umount);
	put_super(sb);
	return ERR_PTR(err);
}

/* Sets the number of a superblock without a device; there is one for all. */
int set_anon_super_fc(struct super_block *sb, struct fs_context *fsc)
{
	sb->s_dev = 1;
	return 0;
}

/* Mounts a file system without a device: on success `fsc->root` is its root, and the superblock is locked and active. */
int get_tree_nodev(struct fs_context *fsc, int (*fill_super)(struct super_block *sb, struct fs_context *fsc))
{
	struct super_block *sb = sget_fc(fsc, NULL, set_anon_super_fc);
	int err;

	if (IS_ERR(sb))
		return PTR_ERR(sb);
	err = fill_super(sb, fsc);
	if (err) {
		deactivate_locked_super(sb);
		return err;
	}
	sb->s_flags |= SB_ACTIVE;
	fsc->root = dget(sb->s_root);
	return 0;
}

int sb_set_blocksize(struct super_block *sb, int size)
{
	sb->s_blocksize = size;
	sb->s_blocksize_bits = ilog2(size);
	return size;
}

/* ---- the end ---- */

/* Drops a passive reference. */
void put_super(struct super_block *sb)
{
	if (--sb->s_count)
		return;
	put_user_ns(sb->s_user_ns);
	kfree(sb->s_subtype);
	kfree(sb);
}

/* With s_umount held for writing, which it gives back. Inodes that are still in use are an error of the file system. */
void generic_shutdown_super(struct super_block *sb)
{
	if (sb->s_root) {
		shrink_dcache_for_umount(sb);
		sb->s_flags &= ~SB_ACTIVE;
		evict_inodes(sb);
		if (sb->s_op && sb->s_op->put_super)
			sb->s_op->put_super(sb);
		WARN(!list_empty(&sb->s_inodes), "VFS: Busy inodes after unmount");
	}
	up_write(&sb->s_umount);
	if (sb->s_bdi != &noop_backing_dev_info) {
		bdi_put(sb->s_bdi);
		sb->s_bdi = &noop_backing_dev_info;
	}
}

void kill_anon_super(struct super_block *sb)
{
	generic_shutdown_super(sb);
}

void kill_block_super(struct super_block *sb)
{
	generic_shutdown_super(sb);
}

/* Drops an active reference; the last one ends the file system. */
void deactivate_locked_super(struct super_block *sb)
{
	if (!atomic_dec_and_test(&sb->s_active)) {
		up_write(&sb->s_umount);
		return;
	}
	sb->s_type->kill_sb(sb);
	put_super(sb);
}

void deactivate_super(struct super_block *sb)
{
	if (atomic_add_unless(&sb->s_active, -1, 1))
		return;
	down_write(&sb->s_umount);
	deactivate_locked_super(sb);
}

/* ---- backing devices: that a file system has one, and that it is put ---- */

int super_setup_bdi_name(struct super_block *sb, char *format, ...)
{
	struct backing_dev_info *bdi;

	if (__sim_fails("super_setup_bdi_name"))
		return -ENOMEM;
	bdi = kzalloc_obj(struct backing_dev_info, GFP_KERNEL | __GFP_NOFAIL);
	refcount_set(&bdi->refcnt, 1);
	bdi->wb.bdi = bdi;
	bdi->ra_pages = 32;
	bdi->max_ratio = 100;
	WARN_ON(sb->s_bdi != &noop_backing_dev_info);
	sb->s_bdi = bdi;
	return 0;
}

/* The one of all file systems without their own is never freed. */
void bdi_put(struct backing_dev_info *bdi)
{
	if (bdi != &noop_backing_dev_info && refcount_dec_and_test(&bdi->refcnt))
		kfree(bdi);
}

int bdi_set_max_ratio(struct backing_dev_info *bdi, unsigned int max_ratio)
{
	bdi->max_ratio = max_ratio;
	return 0;
}

#define inode_to_bdi(inode) ((inode)->i_sb->s_bdi)
