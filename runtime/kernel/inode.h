/*
 * Inodes: their life from allocation over the cache to eviction. Kept per superblock and in one hash chain; writeback and
 * LRU order are left out, and an inode that is never used again goes with memory pressure or with its superblock.
 */

struct hlist_head __model_inode_hash;
spinlock_t __model_inode_hash_lock;
/* Woken when an inode is new no more, or gone. */
wait_queue_head_t __model_inode_wait;

/* ---- making ---- */

/* For the constructor of a cache of inodes; inode_init_always() sets all of it again. */
void inode_init_once(struct inode *inode)
{
	memset(inode, 0, sizeof(*inode));
}

void inode_init_always(struct super_block *sb, struct inode *inode)
{
	struct address_space *mapping = &inode->i_data;

	memset(inode, 0, sizeof(*inode));
	inode->i_sb = sb;
	atomic_set(&inode->i_count, 1);
	inode->i_nlink = 1;
	inode->i_blkbits = sb->s_blocksize_bits;
	spin_lock_init(&inode->i_lock);
	init_rwsem(&inode->i_rwsem);
	INIT_LIST_HEAD(&inode->i_sb_list);
	mapping->host = inode;
	mapping->gfp_mask = GFP_HIGHUSER;
	init_rwsem(&mapping->invalidate_lock);
	inode->i_mapping = mapping;
	inode->i_acl = ACL_NOT_CACHED;
	inode->i_default_acl = ACL_NOT_CACHED;
}

/* With one reference, on no list; NULL without memory. */
struct inode *alloc_inode(struct super_block *sb)
{
	struct inode *inode;

	if (sb->s_op && sb->s_op->alloc_inode)
		inode = sb->s_op->alloc_inode(sb);
	else
		inode = kmalloc_obj(struct inode, GFP_KERNEL | __GFP_NOFAIL);
	if (inode)
		inode_init_always(sb, inode);
	return inode;
}

/* On no list, as inodes of file systems that are never shrunk. */
struct inode *new_inode_pseudo(struct super_block *sb)
{
	return alloc_inode(sb);
}

void inode_sb_list_add(struct inode *inode)
{
	struct super_block *sb = inode->i_sb;

	spin_lock(&sb->s_inode_list_lock);
	list_add(&inode->i_sb_list, &sb->s_inodes);
	spin_unlock(&sb->s_inode_list_lock);
}

void inode_sb_list_del(struct inode *inode)
{
	struct super_block *sb = inode->i_sb;

	if (list_empty(&inode->i_sb_list))
		return;
	spin_lock(&sb->s_inode_list_lock);
	list_del_init(&inode->i_sb_list);
	spin_unlock(&sb->s_inode_list_lock);
}

struct inode *new_inode(struct super_block *sb)
{
	struct inode *inode = alloc_inode(sb);

	if (inode)
		inode_sb_list_add(inode);
	return inode;
}

/* ---- the hash ---- */

bool inode_unhashed(struct inode *inode)
{
	return hlist_unhashed(&inode->i_hash);
}

void insert_inode_hash(struct inode *inode)
{
	spin_lock(&__model_inode_hash_lock);
	hlist_add_head(&inode->i_hash, &__model_inode_hash);
	spin_unlock(&__model_inode_hash_lock);
}

void remove_inode_hash(struct inode *inode)
{
	if (inode_unhashed(inode))
		return;
	spin_lock(&__model_inode_hash_lock);
	hlist_del_init(&inode->i_hash);
	spin_unlock(&__model_inode_hash_lock);
}

/* ---- counts ---- */

void ihold(struct inode *inode)
{
	WARN_ON(atomic_inc_return(&inode->i_count) < 2);
}

/* NULL for an inode that is about to be freed. */
struct inode *igrab(struct inode *inode)
{
	spin_lock(&inode->i_lock);
	if (inode->i_state & (I_FREEING | I_WILL_FREE)) {
		spin_unlock(&inode->i_lock);
		return NULL;
	}
	atomic_inc(&inode->i_count);
	spin_unlock(&inode->i_lock);
	return inode;
}

int inode_generic_drop(struct inode *inode)
{
	return !inode->i_nlink || inode_unhashed(inode);
}

int inode_just_drop(struct inode *inode)
{
	return 1;
}

#define generic_drop_inode inode_generic_drop
#define generic_delete_inode inode_just_drop

/* ---- the end ---- */

void __model_free_inode(struct rcu_head *head)
{
	struct inode *inode = container_of(head, struct inode, i_rcu);

	if (inode->free_inode)
		inode->free_inode(inode);
	else
		kfree(inode);
}

void destroy_inode(struct inode *inode)
{
	const struct super_operations *op = inode->i_sb->s_op;

	if (op && op->destroy_inode) {
		op->destroy_inode(inode);
		if (!op->free_inode)
			return;
	}
	inode->free_inode = op ? op->free_inode : NULL;
	call_rcu(&inode->i_rcu, __model_free_inode);
}

void clear_inode(struct inode *inode)
{
	BUG_ON(inode->i_data.nrpages);
	BUG_ON(!(inode->i_state & I_FREEING));
	BUG_ON(inode->i_state & I_CLEAR);
	inode->i_state = I_FREEING | I_CLEAR;
}

/* `inode` is marked I_FREEING and has no users. */
void evict(struct inode *inode)
{
	struct super_block *sb = inode->i_sb;

	BUG_ON(!(inode->i_state & I_FREEING));
	inode_sb_list_del(inode);
	if (sb->s_op && sb->s_op->evict_inode) {
		sb->s_op->evict_inode(inode);
	} else {
		truncate_inode_pages_final(&inode->i_data);
		clear_inode(inode);
	}
	remove_inode_hash(inode);
	wake_up_all(&__model_inode_wait);
	BUG_ON(inode->i_state != (I_FREEING | I_CLEAR));
	destroy_inode(inode);
}

/* Whether an inode without users is to be thrown away rather than kept in the cache. */
bool __model_to_drop(struct inode *inode)
{
	const struct super_operations *op = inode->i_sb->s_op;

	if (!(inode->i_sb->s_flags & SB_ACTIVE) || (inode->i_state & I_DONTCACHE))
		return true;
	return op && op->drop_inode ? op->drop_inode(inode) : inode_generic_drop(inode);
}

void iput(struct inode *inode)
{
	if (!inode)
		return;
	BUG_ON(inode->i_state & I_CLEAR);
	if (atomic_add_unless(&inode->i_count, -1, 1))
		return;
	spin_lock(&inode->i_lock);
	if (!atomic_dec_and_test(&inode->i_count) || !__model_to_drop(inode)) {
		spin_unlock(&inode->i_lock);
		return;
	}
	WARN_ON(inode->i_state & I_NEW);
	inode->i_state |= I_FREEING;
	spin_unlock(&inode->i_lock);
	evict(inode);
}

/* An inode without users, marked I_FREEING for the caller to evict; NULL where there is none. */
struct inode *__model_unused_inode(struct super_block *sb)
{
	struct inode *inode;
	struct inode *found = NULL;

	spin_lock(&sb->s_inode_list_lock);
	list_for_each_entry(inode, &sb->s_inodes, i_sb_list) {
		spin_lock(&inode->i_lock);
		if (!atomic_read(&inode->i_count) && !(inode->i_state & (I_NEW | I_FREEING | I_WILL_FREE))) {
			inode->i_state |= I_FREEING;
			found = inode;
		}
		spin_unlock(&inode->i_lock);
		if (found)
			break;
	}
	spin_unlock(&sb->s_inode_list_lock);
	return found;
}

void evict_inodes(struct super_block *sb)
{
	struct inode *inode;

	while ((inode = __model_unused_inode(sb)) != NULL)
		evict(inode);
}

void __model_shrink_inodes(struct super_block *sb)
{
	shrink_dcache_sb(sb);
	evict_inodes(sb);
}
