/*
 * Dentries. A dentry with a name stays when its last reference goes, until memory is short or the file
 * system goes; lookup by name, renames and LRU order are left out.
 */

/* ---- making ---- */

/* Outside of the tree and on no list, with one reference and without an inode; NULL without memory. */
struct dentry *__model_d_alloc_pseudo(struct super_block *sb, gfp_t gfp)
{
	struct dentry *dentry;

	if (!(gfp & __GFP_NOFAIL) && __sim_fails("d_alloc"))
		return NULL;
	dentry = kzalloc_obj(struct dentry, gfp | __GFP_NOFAIL);
	dentry->d_count = 1;
	dentry->d_sb = sb;
	dentry->d_op = sb->s_d_op;
	dentry->d_parent = dentry;
	spin_lock_init(&dentry->d_lock);
	INIT_LIST_HEAD(&dentry->d_sb_list);
	return dentry;
}

/* Not hashed, without an inode, with one reference and one to its parent; NULL without memory. */
struct dentry *__model_d_alloc(struct super_block *sb, struct dentry *parent, gfp_t gfp)
{
	struct dentry *dentry = __model_d_alloc_pseudo(sb, gfp);

	if (!dentry)
		return NULL;
	if (dentry->d_op && dentry->d_op->d_init && dentry->d_op->d_init(dentry)) {
		kfree(dentry);
		return NULL;
	}
	if (parent)
		dentry->d_parent = dget(parent);
	spin_lock(&sb->s_inode_list_lock);
	list_add(&dentry->d_sb_list, &sb->s_dentries);
	spin_unlock(&sb->s_inode_list_lock);
	return dentry;
}

struct dentry *d_alloc(struct dentry *parent, const struct qstr *name)
{
	struct dentry *dentry = __model_d_alloc(parent->d_sb, parent, GFP_KERNEL);

	if (dentry)
		dentry->d_name = *name;
	return dentry;
}

struct dentry *d_alloc_name(struct dentry *parent, const char *name)
{
	return __model_d_alloc(parent->d_sb, parent, GFP_KERNEL);
}

/* Takes over the reference to the inode. */
void d_instantiate(struct dentry *dentry, struct inode *inode)
{
	dentry->d_inode = inode;
	if (!inode)
		return;
	spin_lock(&inode->i_lock);
	hlist_add_head(&dentry->d_alias, &inode->i_dentry);
	spin_unlock(&inode->i_lock);
}

void d_add(struct dentry *dentry, struct inode *inode)
{
	d_instantiate(dentry, inode);
	dentry->d_hashed = true;
}

/* A persistent dentry has a reference of its own, which d_make_discardable() drops. */
void d_make_persistent(struct dentry *dentry, struct inode *inode)
{
	d_add(dentry, inode);
	dget(dentry);
}

/* The root of the inode's superblock; without memory NULL, and the inode is put. */
struct dentry *d_make_root(struct inode *inode)
{
	struct dentry *root;

	if (!inode)
		return NULL;
	root = __model_d_alloc(inode->i_sb, NULL, GFP_KERNEL);
	if (root)
		d_instantiate(root, inode);
	else
		iput(inode);
	return root;
}

struct dentry *__model_dentry(struct super_block *sb, struct inode *inode)
{
	struct dentry *dentry = __model_d_alloc(sb, sb->s_root, GFP_KERNEL | __GFP_NOFAIL);

	if (dentry)
		d_add(dentry, inode);
	else
		iput(inode);
	return dentry;
}

void d_set_d_op(struct dentry *dentry, const struct dentry_operations *operations)
{
	dentry->d_op = operations;
}

void set_default_d_op(struct super_block *sb, const struct dentry_operations *operations)
{
	sb->s_d_op = operations;
}

/* ---- counts ---- */

struct dentry *dget(struct dentry *dentry)
{
	if (!dentry)
		return NULL;
	spin_lock(&dentry->d_lock);
	WARN_ON(dentry->d_count <= 0);
	dentry->d_count++;
	spin_unlock(&dentry->d_lock);
	return dentry;
}

/* Whether a dentry stays in the cache without users. */
bool __model_retained(struct dentry *dentry)
{
	if (!dentry->d_hashed || (dentry->d_flags & DCACHE_DONTCACHE))
		return false;
	return !(dentry->d_op && dentry->d_op->d_delete && dentry->d_op->d_delete(dentry));
}

void __model_d_unlist(struct dentry *dentry)
{
	struct super_block *sb = dentry->d_sb;

	if (list_empty(&dentry->d_sb_list))
		return;
	spin_lock(&sb->s_inode_list_lock);
	list_del_init(&dentry->d_sb_list);
	spin_unlock(&sb->s_inode_list_lock);
}

void __model_d_unalias(struct dentry *dentry, struct inode *inode)
{
	if (hlist_unhashed(&dentry->d_alias))
		return;
	spin_lock(&inode->i_lock);
	hlist_del_init(&dentry->d_alias);
	spin_unlock(&inode->i_lock);
}

/* Gives up what a dead dentry (d_count is -1) holds: its inode and its parent. */
void __dentry_kill(struct dentry *dentry)
{
	struct dentry *parent = dentry->d_parent;
	struct inode *inode = dentry->d_inode;

	__model_d_unlist(dentry);
	if (inode) {
		__model_d_unalias(dentry, inode);
		dentry->d_inode = NULL;
		if (dentry->d_op && dentry->d_op->d_iput)
			dentry->d_op->d_iput(dentry, inode);
		else
			iput(inode);
	}
	if (dentry->d_op && dentry->d_op->d_release)
		dentry->d_op->d_release(dentry);
	kfree_rcu(dentry, d_rcu);
	if (parent != dentry)
		dput(parent);
}

void dput(struct dentry *dentry)
{
	if (!dentry)
		return;
	spin_lock(&dentry->d_lock);
	WARN_ON(dentry->d_count <= 0);
	if (dentry->d_count > 1 || __model_retained(dentry)) {
		dentry->d_count--;
		spin_unlock(&dentry->d_lock);
		return;
	}
	dentry->d_count = -1;
	spin_unlock(&dentry->d_lock);
	__dentry_kill(dentry);
}

/* ---- leaving the cache ---- */

void d_drop(struct dentry *dentry)
{
	dentry->d_hashed = false;
}

/* Children are left alone. */
void d_invalidate(struct dentry *dentry)
{
	d_drop(dentry);
}

void d_mark_dontcache(struct inode *inode)
{
	struct dentry *dentry;

	spin_lock(&inode->i_lock);
	hlist_for_each_entry(dentry, &inode->i_dentry, d_alias)
		dentry->d_flags |= DCACHE_DONTCACHE;
	inode->i_state |= I_DONTCACHE;
	spin_unlock(&inode->i_lock);
}

/* A dentry that nobody uses, marked dead for the caller to kill; NULL where there is none. */
struct dentry *__model_unused_dentry(struct super_block *sb)
{
	struct dentry *dentry;
	struct dentry *found = NULL;

	spin_lock(&sb->s_inode_list_lock);
	list_for_each_entry(dentry, &sb->s_dentries, d_sb_list) {
		spin_lock(&dentry->d_lock);
		if (dentry->d_count == 0) {
			dentry->d_count = -1;
			found = dentry;
		}
		spin_unlock(&dentry->d_lock);
		if (found)
			break;
	}
	spin_unlock(&sb->s_inode_list_lock);
	return found;
}

void shrink_dcache_sb(struct super_block *sb)
{
	struct dentry *dentry;

	while ((dentry = __model_unused_dentry(sb)) != NULL)
		__dentry_kill(dentry);
}

/* Warns of dentries that are still in use. */
void shrink_dcache_for_umount(struct super_block *sb)
{
	struct dentry *root = sb->s_root;

	sb->s_root = NULL;
	shrink_dcache_sb(sb);
	if (root) {
		d_drop(root);
		dput(root);
	}
	WARN(!list_empty(&sb->s_dentries), "BUG: Dentry still in use");
}

/* ---- what a dentry is ---- */

struct inode *d_inode(const struct dentry *dentry)
{
	return dentry->d_inode;
}

#define d_inode_rcu(dentry) READ_ONCE((dentry)->d_inode)
#define d_backing_inode(dentry) d_inode(dentry)
#define d_really_is_positive(dentry) ((dentry)->d_inode != NULL)
#define d_really_is_negative(dentry) ((dentry)->d_inode == NULL)
#define d_unhashed(dentry) (!(dentry)->d_hashed)
#define IS_ROOT(dentry) ((dentry) == (dentry)->d_parent)

bool d_is_reg(const struct dentry *dentry)
{
	return dentry->d_inode && S_ISREG(dentry->d_inode->i_mode);
}

bool d_is_dir(const struct dentry *dentry)
{
	return dentry->d_inode && S_ISDIR(dentry->d_inode->i_mode);
}

bool d_is_negative(const struct dentry *dentry)
{
	return !dentry->d_inode;
}

bool d_is_positive(const struct dentry *dentry)
{
	return dentry->d_inode != NULL;
}
