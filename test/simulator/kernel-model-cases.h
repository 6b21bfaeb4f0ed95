/* What the model of the kernel is held to: each case answers 0, or the number of the check that failed. */

#define CHECK(number, condition)          \
	do {                              \
		if (!(condition))         \
			return number;    \
	} while (0)

long case_setup(void)
{
	__model_begin();
	return 0;
}

long case_teardown(void)
{
	__model_end();
	return 0;
}

/* ---- lists and trees ---- */

struct item {
	int key;
	struct list_head link;
	struct hlist_node hash;
	struct rb_node node;
};

static long keys_of(struct list_head *head)
{
	struct item *item;
	long keys = 0;

	list_for_each_entry(item, head, link)
		keys = keys * 10 + item->key;
	return keys;
}

long case_lists(void)
{
	struct item items[4];
	struct item *item, *next;
	struct hlist_head hash = HLIST_HEAD_INIT;
	long keys = 0;
	LIST_HEAD(head);
	LIST_HEAD(other);

	CHECK(1, list_empty(&head));
	for (int i = 0; i < 4; i++) {
		items[i].key = i + 1;
		list_add_tail(&items[i].link, &head);
		hlist_add_head(&items[i].hash, &hash);
	}
	CHECK(2, keys_of(&head) == 1234);
	list_move(&items[2].link, &head);
	CHECK(3, keys_of(&head) == 3124);
	list_move_tail(&items[0].link, &other);
	CHECK(4, keys_of(&head) == 324 && keys_of(&other) == 1);
	list_splice_init(&head, &other);
	CHECK(5, list_empty(&head) && keys_of(&other) == 3241);
	list_for_each_entry_safe(item, next, &other, link)
		if (item->key & 1)
			list_del_init(&item->link);
	CHECK(6, keys_of(&other) == 24 && list_empty(&items[0].link));
	list_splice_tail_init(&other, &head);
	CHECK(7, keys_of(&head) == 24 && list_empty(&other));
	CHECK(8, list_first_entry(&head, struct item, link)->key == 2 && list_last_entry(&head, struct item, link)->key == 4);
	hlist_del_init(&items[1].hash);
	hlist_for_each_entry(item, &hash, hash)
		keys = keys * 10 + item->key;
	CHECK(9, keys == 431 && hlist_unhashed(&items[1].hash));
	hlist_for_each_entry_rcu(item, &hash, hash)
		keys -= item->key;
	list_for_each_entry_rcu(item, &head, link)
		keys -= item->key;
	CHECK(10, keys == 431 - 8 - 6);
	return 0;
}

static void insert(struct rb_root *root, struct item *item)
{
	struct rb_node **link = &root->rb_node;
	struct rb_node *parent = NULL;

	while (*link) {
		parent = *link;
		link = item->key < rb_entry(parent, struct item, node)->key ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&item->node, parent, link);
	rb_insert_color(&item->node, root);
}

static long tree_keys(struct rb_root *root)
{
	long keys = 0;

	for (struct rb_node *node = rb_first(root); node; node = rb_next(node))
		keys = keys * 10 + rb_entry(node, struct item, node)->key;
	return keys;
}

/* Every order of taking out four keys of five that were put in so that nodes with no, one and two children are met. */
long case_trees(void)
{
	const int keys[5] = { 3, 1, 5, 4, 2 };
	struct item items[5];
	struct rb_root root = RB_ROOT;
	long left = 12345;

	RB_CLEAR_NODE(&items[0].node);
	CHECK(1, RB_EMPTY_NODE(&items[0].node));
	for (int i = 0; i < 5; i++) {
		items[i].key = keys[i];
		insert(&root, &items[i]);
	}
	CHECK(2, tree_keys(&root) == 12345);
	for (int n = 5; n > 1; n--) {
		struct rb_node *node = rb_first(&root);
		long expected = 0;

		for (long at = __sim_choose("which node", n); at > 0; at--)
			node = rb_next(node);
		for (long rest = left, digit = 10000; digit; digit /= 10) {
			long key = rest / digit % 10;

			if (key && key != rb_entry(node, struct item, node)->key)
				expected = expected * 10 + key;
		}
		rb_erase(node, &root);
		CHECK(3, tree_keys(&root) == expected);
		left = expected;
	}
	return 0;
}

/* ---- indexes ---- */

static int add_up(int id, void *entry, void *data)
{
	*(long *)data = *(long *)data * 100 + id * 10 + *(int *)entry;
	return id == 4 ? -EINTR : 0;
}

long case_indexes(void)
{
	int values[3] = { 1, 2, 3 };
	struct idr idr;
	struct xarray xa;
	unsigned long index;
	void *entry;
	int id;
	long all = 0;

	idr_init(&idr);
	CHECK(1, idr_alloc(&idr, &values[0], 2, 0, GFP_KERNEL | __GFP_NOFAIL) == 2);
	CHECK(2, idr_alloc(&idr, &values[1], 4, 5, GFP_KERNEL | __GFP_NOFAIL) == 4);
	CHECK(3, idr_alloc(&idr, &values[2], 4, 0, GFP_KERNEL | __GFP_NOFAIL) == 5);
	CHECK(4, idr_for_each(&idr, add_up, &all) == -EINTR && all == 2142);
	all = 0;
	idr_for_each_entry(&idr, entry, id)
		all = all * 100 + id * 10 + *(int *)entry;
	CHECK(5, all == 214253);
	idr_destroy(&idr);
	xa_init(&xa);
	xa_store(&xa, 7, &values[0], GFP_KERNEL | __GFP_NOFAIL);
	xa_store(&xa, 3, &values[1], GFP_KERNEL | __GFP_NOFAIL);
	all = 0;
	xa_for_each(&xa, index, entry)
		all = all * 100 + index * 10 + *(int *)entry;
	CHECK(6, all == 3271);
	xa_destroy(&xa);
	return 0;
}

/* ---- user memory and bits ---- */

long case_user(void)
{
	u32 there = 7;
	u32 got = 1;
	int err = get_user(got, &there);

	CHECK(1, err ? err == -EFAULT && got == 0 : got == 7);
	return 0;
}

long case_bits(void)
{
	unsigned int word = 0x0f;

	CHECK(1, set_mask_bits(&word, 0x3, 0x30) == 0x0f && word == 0x3c);
	CHECK(2, S_ISREG(S_IFREG | 0644) && !S_ISDIR(S_IFREG) && S_ISBLK(S_IFBLK));
	CHECK(3, _IOW(229, 1, struct iovec) == 0x4010e501 && _IOR(229, 0, u32) == 0x8004e500);
	return 0;
}

/* ---- files ---- */

static int released;

static int count_release(struct inode *inode, struct file *file)
{
	released++;
	return 0;
}

static const struct file_operations device_operations = { .release = count_release };

long case_descriptors(void)
{
	struct file *file = __model_device_file(&device_operations);
	int fd = __model_fd_install(file);

	CHECK(1, fd == 0 && fget(fd) == file && file_count(file) == 2);
	CHECK(2, !fget(5) && !fget_raw(-1));
	file->f_mode |= FMODE_PATH;
	CHECK(3, !fget(fd) && file_count(file) == 2);
	CHECK(4, __model_close_fd(fd) == 0 && __model_close_fd(fd) == -EBADF && released == 0);
	fput(file);
	CHECK(5, released == 1);
	return 0;
}

/* A file keeps its file system; the last one takes it along. */
long case_backing(void)
{
	struct super_block *sb = __model_super(1);
	struct file *user = __model_file(S_IFREG | 0644, sb);
	struct file *real = __model_file(S_IFREG | 0644, sb);
	struct cred *cred = prepare_creds();
	struct backing_file_ctx context = { .cred = cred };
	struct kiocb iocb;
	struct iov_iter iter;
	struct file *backing;

	__model_drop_super(sb);
	if (!cred)
		goto out;
	backing = backing_file_open(user, O_RDWR, &real->f_path, cred);
	if (!IS_ERR(backing)) {
		CHECK(1, file_inode(backing) == file_inode(real) && file_inode(backing)->i_sb->s_stack_depth == 1);
		CHECK(2, file_user_path(backing)->dentry == user->f_path.dentry);
		fput(user);
		fput(real);
		user = real = NULL;
		init_sync_kiocb(&iocb, backing);
		iov_iter_ubuf(&iter, WRITE, NULL, 10);
		CHECK(3, backing_file_write_iter(backing, &iter, &iocb, 0, &context) == 10 && iocb.ki_pos == 10);
		CHECK(4, current_cred() != cred && i_size_read(file_inode(backing)) == 10);
		fput(backing);
	} else {
		CHECK(5, PTR_ERR(backing) == -ENOMEM || PTR_ERR(backing) == -EIO);
	}
	put_cred(cred);
out:
	fput(user);
	fput(real);
	return 0;
}

/* ---- inodes and dentries ---- */

static struct super_block *cases_sb;
static int evicted;
static int freed;

static struct inode *case_alloc_inode(struct super_block *sb)
{
	return kmalloc_obj(struct inode, GFP_KERNEL);
}

static void case_evict_inode(struct inode *inode)
{
	truncate_inode_pages_final(&inode->i_data);
	clear_inode(inode);
	evicted++;
}

static void case_free_inode(struct inode *inode)
{
	freed++;
	kfree(inode);
}

static const struct super_operations cases_operations = {
	.alloc_inode = case_alloc_inode,
	.evict_inode = case_evict_inode,
	.free_inode = case_free_inode,
};

static int test_number(struct inode *inode, void *data)
{
	return inode->i_ino == *(unsigned long *)data;
}

static int set_number(struct inode *inode, void *data)
{
	inode->i_ino = *(unsigned long *)data;
	return 0;
}

static struct inode *get_number(unsigned long number)
{
	struct inode *inode = iget5_locked(cases_sb, number, test_number, set_number, &number);

	if (inode && (inode_state_read_once(inode) & I_NEW)) {
		inode->i_mode = S_IFREG;
		unlock_new_inode(inode);
	}
	return inode;
}

long cached_setup(void)
{
	__model_begin();
	cases_sb = __model_super(0);
	cases_sb->s_op = &cases_operations;
	return 0;
}

long cached_teardown(void)
{
	if (cases_sb)
		__model_drop_super(cases_sb);
	__model_end();
	return 0;
}

long case_inodes(void)
{
	struct inode *inode = get_number(7);

	CHECK(1, !inode || inode->i_ino == 7);
	if (!inode)
		return 0;
	CHECK(2, get_number(7) == inode && atomic_read(&inode->i_count) == 2);
	iput(inode);
	iput(inode);
	CHECK(3, evicted == 0 && get_number(7) == inode);
	iput(inode);
	__model_shrink_inodes(cases_sb);
	CHECK(4, evicted == 1);
	rcu_barrier();
	CHECK(5, freed == 1);
	return 0;
}

long case_dentries(void)
{
	struct inode *inode = get_number(7);
	struct dentry *dentry;

	if (!inode)
		return 0;
	dentry = __model_dentry(cases_sb, inode);
	CHECK(1, d_inode(dentry) == inode && d_is_reg(dentry) && !d_is_dir(dentry));
	dput(dget(dentry));
	__model_shrink_inodes(cases_sb);
	CHECK(2, evicted == 0);
	dput(dentry);
	CHECK(3, evicted == 0 && dentry->d_count == 0);
	__model_shrink_inodes(cases_sb);
	CHECK(4, evicted == 1);
	return 0;
}

/* The root's inode goes with the file system. */
long case_unmount(void)
{
	struct inode *inode = get_number(7);

	iput(inode);
	__model_drop_super(cases_sb);
	cases_sb = NULL;
	CHECK(1, evicted == (inode ? 2 : 1));
	return 0;
}

/* For several threads: the inode of that number, used and let go of. */
long case_use_inode(long number)
{
	struct inode *inode = get_number(number);

	CHECK(1, !inode || (inode->i_ino == number && S_ISREG(inode->i_mode)));
	iput(inode);
	return 0;
}

long case_shrink(void)
{
	__model_shrink_inodes(cases_sb);
	return 0;
}

/* ---- what has to be noticed ---- */

long wrong_leak(void)
{
	get_file(__model_device_file(&device_operations));
	return 0;
}

long wrong_put(void)
{
	struct file *file = __model_device_file(&device_operations);

	fput(file);
	fput(file);
	return 0;
}

static int *guarded;

long wrong_dereference(void)
{
	return rcu_dereference(guarded) != NULL;
}

long wrong_busy_inode(void)
{
	struct inode *inode = get_number(7);

	__model_drop_super(cases_sb);
	cases_sb = NULL;
	return inode == NULL;
}

long wrong_credentials(void)
{
	struct cred *cred = __model_cred();

	put_cred(cred);
	rcu_barrier();
	revert_creds(override_creds(cred));
	return 0;
}

long wrong_list(void)
{
	struct list_head entry;
	LIST_HEAD(head);

	list_add(&entry, &head);
	list_del(&entry);
	list_del(&entry);
	return 0;
}

/* ---- caches and sizes ---- */

struct pooled {
	struct rcu_head rcu;
	u32 word;
	u64 tail[];
};

static struct kmem_cache *pool;

static void construct(void *object)
{
	((struct pooled *)object)->word = 7;
}

static void free_pooled(struct rcu_head *head)
{
	kmem_cache_free(pool, container_of(head, struct pooled, rcu));
}

static long use_pool(u32 word)
{
	struct pooled *zeroed = kmem_cache_zalloc(pool, GFP_KERNEL | __GFP_NOFAIL);
	struct pooled *one = kmem_cache_alloc_node(pool, GFP_KERNEL | __GFP_NOFAIL, 0);
	void *many[2];

	CHECK(11, zeroed->word == 0);
	one->word += word;
	CHECK(12, one->word == 7);
	CHECK(13, kmem_cache_alloc_bulk(pool, GFP_KERNEL | __GFP_NOFAIL, 2, many));
	((struct pooled *)many[1])->word = 1;
	kmem_cache_free_bulk(pool, 2, many);
	call_rcu(&zeroed->rcu, free_pooled);
	call_rcu_hurry(&one->rcu, free_pooled);
	rcu_barrier();
	kmem_cache_shrink(pool);
	kmem_cache_destroy(pool);
	return 0;
}

long case_cache_of_type(void)
{
	struct pooled *object;

	pool = KMEM_CACHE(pooled, SLAB_ACCOUNT | SLAB_HWCACHE_ALIGN);
	if (!pool)
		return 0;
	CHECK(1, kmem_cache_size(pool) == sizeof(struct pooled));
	object = kmem_cache_alloc(pool, GFP_KERNEL | __GFP_NOFAIL);
	object->word = 0;
	CHECK(2, object->word == 0);
	kmem_cache_free(pool, object);
	kmem_cache_destroy(pool);
	pool = KMEM_CACHE_USERCOPY(pooled, SLAB_ACCOUNT, word);
	if (!pool)
		return 0;
	object = kmem_cache_alloc(pool, GFP_KERNEL);
	kmem_cache_destroy(pool);
	return 0;
}

long case_caches(void)
{
	struct kmem_cache_args args = { .align = 8, .ctor = construct };

	pool = kmem_cache_create("pooled", sizeof(struct pooled), &args, SLAB_ACCOUNT);
	if (pool)
		CHECK(1, use_pool(0) == 0);
	pool = kmem_cache_create("pooled", sizeof(struct pooled), 0, SLAB_ACCOUNT, construct);
	if (pool)
		CHECK(2, use_pool(0) == 0);
	pool = kmem_cache_create_usercopy("pooled", sizeof(struct pooled), 0, 0, 0, 4, construct);
	if (pool)
		CHECK(3, use_pool(0) == 0);
	return 0;
}

long case_sizes(void)
{
	struct pooled *p = kmalloc_flex(struct pooled, tail, 3, GFP_KERNEL | __GFP_NOFAIL);
	struct pooled *q = kvzalloc_flex(*q, tail, 3);
	u32 *words = kcalloc(2, sizeof(u32), GFP_KERNEL | __GFP_NOFAIL);
	u32 *more;

	p->tail[2] = 1;
	CHECK(1, struct_size(p, tail, 3) == sizeof(*p) + 24 && ksize(p) == sizeof(*p) + 24);
	CHECK(2, struct_size_t(struct pooled, tail, 1) == sizeof(*p) + 8 && flex_array_size(p, tail, 2) == 16);
	CHECK(3, size_mul(SIZE_MAX, 2) == SIZE_MAX && size_add(SIZE_MAX, 1) == SIZE_MAX && array_size(3, 4) == 12);
	CHECK(4, !kmalloc_flex(*p, tail, SIZE_MAX));
	kfree(p);
	CHECK(5, !q || q->tail[2] == 0);
	kvfree(q);
	words[1] = 5;
	more = krealloc(words, 4 * sizeof(u32), GFP_KERNEL);
	if (more) {
		CHECK(6, more[1] == 5 && ksize(more) == 16);
		words = more;
	}
	more = krealloc_array(words, 1, sizeof(u32), GFP_KERNEL);
	if (more)
		words = more;
	CHECK(7, words[0] == 0 && ZERO_OR_NULL_PTR(krealloc(words, 0, GFP_KERNEL)));
	return 0;
}

/* ---- what call_rcu() was given ---- */

struct counted {
	refcount_t count;
};

struct keeper {
	struct rcu_head rcu;
	struct counted *counted;
};

static void free_keeper(struct rcu_head *head)
{
	kfree(container_of(head, struct keeper, rcu));
}

/* Points to an object that is gone until the grace period is over, as with kfree_rcu(). */
long case_callback(void)
{
	struct keeper *keeper = kmalloc_obj(struct keeper, GFP_KERNEL | __GFP_NOFAIL);

	keeper->counted = kmalloc_obj(struct counted, GFP_KERNEL | __GFP_NOFAIL);
	refcount_set(&keeper->counted->count, 1);
	if (refcount_dec_and_test(&keeper->counted->count))
		kfree(keeper->counted);
	call_rcu(&keeper->rcu, free_keeper);
	return 0;
}
