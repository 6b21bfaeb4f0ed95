/* Finding an inode in the cache by what a file system tells it apart with, and waiting until it may be used. */

/* The reference that a finder takes; NULL in `*inode` where there is none. False: look again, since one is going away. */
bool __model_find_inode(struct super_block *sb, int (*test)(struct inode *inode, void *data), void *data, struct inode **inode)
{
	struct inode *each;
	bool usable = true;

	*inode = NULL;
	hlist_for_each_entry(each, &__model_inode_hash, i_hash) {
		if (each->i_sb != sb || !test(each, data))
			continue;
		spin_lock(&each->i_lock);
		if (each->i_state & (I_FREEING | I_WILL_FREE))
			usable = false;
		else
			atomic_inc(&each->i_count);
		spin_unlock(&each->i_lock);
		*inode = each;
		break;
	}
	return usable;
}

/* Waits until none that answers `test` is going away. With the hash locked on return; what it found has a reference more. */
struct inode *__model_lock_and_find(struct super_block *sb, int (*test)(struct inode *inode, void *data), void *data)
{
	struct inode *inode;

	spin_lock(&__model_inode_hash_lock);
	while (!__model_find_inode(sb, test, data, &inode)) {
		spin_unlock(&__model_inode_hash_lock);
		wait_event(__model_inode_wait, !__model_going(inode, sb));
		spin_lock(&__model_inode_hash_lock);
	}
	return inode;
}

/* Whether that inode is still hashed. Its memory may be gone: only its address is looked at. */
bool __model_going(struct inode *inode, struct super_block *sb)
{
	struct inode *each;
	bool found = false;

	spin_lock(&__model_inode_hash_lock);
	hlist_for_each_entry(each, &__model_inode_hash, i_hash)
		if (each == inode)
			found = true;
	spin_unlock(&__model_inode_hash_lock);
	return found;
}

void wait_on_new_inode(struct inode *inode)
{
	wait_event(__model_inode_wait, !(READ_ONCE(inode->i_state) & I_NEW));
}

/*
 * A cached inode, or a new one that `set` was run on and that is I_NEW and locked until unlock_new_inode(); NULL without
 * memory or where `set` fails.
 */
struct inode *iget5_locked(struct super_block *sb, unsigned long hashval, int (*test)(struct inode *inode, void *data),
			   int (*set)(struct inode *inode, void *data), void *data)
{
	struct inode *inode = ilookup5(sb, hashval, test, data);
	struct inode *new;

	if (inode)
		return inode;
	new = alloc_inode(sb);
	if (!new)
		return NULL;
	inode = __model_lock_and_find(sb, test, data);
	if (inode || set(new, data)) {
		spin_unlock(&__model_inode_hash_lock);
		destroy_inode(new);
		if (inode)
			wait_on_new_inode(inode);
		return inode;
	}
	new->i_state |= I_NEW;
	hlist_add_head(&new->i_hash, &__model_inode_hash);
	spin_unlock(&__model_inode_hash_lock);
	inode_sb_list_add(new);
	return new;
}

/* A cached inode with a reference for the caller, or NULL. */
struct inode *ilookup5(struct super_block *sb, unsigned long hashval, int (*test)(struct inode *inode, void *data), void *data)
{
	struct inode *inode = __model_lock_and_find(sb, test, data);

	spin_unlock(&__model_inode_hash_lock);
	if (inode)
		wait_on_new_inode(inode);
	return inode;
}

void unlock_new_inode(struct inode *inode)
{
	spin_lock(&inode->i_lock);
	WARN_ON(!(inode->i_state & I_NEW));
	inode->i_state &= ~I_NEW;
	spin_unlock(&inode->i_lock);
	wake_up_all(&__model_inode_wait);
}

/* An inode whose making failed: no lookup finds it. */
void iget_failed(struct inode *inode)
{
	remove_inode_hash(inode);
	unlock_new_inode(inode);
	iput(inode);
}
