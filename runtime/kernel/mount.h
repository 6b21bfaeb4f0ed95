/* Mounts and paths: a path holds its mount and its dentry, and a mount an active reference to its superblock. */

struct mnt_idmap {
	refcount_t count;
};

struct mnt_idmap nop_mnt_idmap = { .count = { .refs = { .counter = 1 } } };
struct mnt_idmap invalid_mnt_idmap = { .count = { .refs = { .counter = 1 } } };

struct vfsmount *__model_mount(struct super_block *sb)
{
	struct vfsmount *mnt = kzalloc_obj(struct vfsmount, GFP_KERNEL | __GFP_NOFAIL);

	mnt->mnt_root = dget(sb->s_root);
	mnt->mnt_sb = sb;
	mnt->mnt_idmap = &nop_mnt_idmap;
	refcount_set(&mnt->mnt_count, 1);
	return mnt;
}

struct vfsmount *mntget(struct vfsmount *mnt)
{
	if (mnt)
		refcount_inc(&mnt->mnt_count);
	return mnt;
}

/* The last one gives up the superblock, which goes away unless it is mounted elsewhere. */
void mntput(struct vfsmount *mnt)
{
	struct super_block *sb;

	if (!mnt || !refcount_dec_and_test(&mnt->mnt_count))
		return;
	sb = mnt->mnt_sb;
	dput(mnt->mnt_root);
	kfree(mnt);
	deactivate_super(sb);
}

#define mnt_idmap(mnt) ((mnt)->mnt_idmap)
#define file_mnt_idmap(file) (&nop_mnt_idmap)

void path_get(const struct path *path)
{
	mntget(path->mnt);
	dget(path->dentry);
}

void path_put(const struct path *path)
{
	dput(path->dentry);
	mntput(path->mnt);
}
