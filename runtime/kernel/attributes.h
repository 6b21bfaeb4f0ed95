/* Attributes of inodes, and what the page cache does when they change. There are no pages: nothing is cached, read or written back. */

/* ---- size ---- */

loff_t i_size_read(const struct inode *inode)
{
	return READ_ONCE(inode->i_size);
}

void i_size_write(struct inode *inode, loff_t size)
{
	WRITE_ONCE(inode->i_size, size);
}

/* ---- locks of an inode ---- */

void inode_lock(struct inode *inode)
{
	down_write(&inode->i_rwsem);
}

int inode_trylock(struct inode *inode)
{
	return down_write_trylock(&inode->i_rwsem);
}

void inode_unlock(struct inode *inode)
{
	up_write(&inode->i_rwsem);
}

void inode_lock_shared(struct inode *inode)
{
	down_read(&inode->i_rwsem);
}

void inode_unlock_shared(struct inode *inode)
{
	up_read(&inode->i_rwsem);
}

int inode_is_locked(struct inode *inode)
{
	return rwsem_is_locked(&inode->i_rwsem);
}

void filemap_invalidate_lock(struct address_space *mapping)
{
	down_write(&mapping->invalidate_lock);
}

void filemap_invalidate_unlock(struct address_space *mapping)
{
	up_write(&mapping->invalidate_lock);
}

/* ---- modes, links, flags ---- */

bool inode_wrong_type(const struct inode *inode, umode_t mode)
{
	return (inode->i_mode ^ mode) & S_IFMT;
}

void init_special_inode(struct inode *inode, umode_t mode, dev_t rdev)
{
	inode->i_mode = mode;
	inode->i_rdev = rdev;
}

void set_nlink(struct inode *inode, unsigned int nlink)
{
	inode->i_nlink = nlink;
}

void inc_nlink(struct inode *inode)
{
	inode->i_nlink++;
}

void drop_nlink(struct inode *inode)
{
	WARN_ON(inode->i_nlink == 0);
	inode->i_nlink--;
}

void clear_nlink(struct inode *inode)
{
	inode->i_nlink = 0;
}

unsigned long inode_state_read_once(struct inode *inode)
{
	return READ_ONCE(inode->i_state);
}

unsigned long inode_state_read(struct inode *inode)
{
	return inode->i_state;
}

unsigned int get_next_ino(void)
{
	return 1;
}

void mark_inode_dirty(struct inode *inode)
{
}

void mark_inode_dirty_sync(struct inode *inode)
{
}

#define IS_DAX(inode) ((inode)->i_flags & S_DAX)
#define IS_NOCMTIME(inode) ((inode)->i_flags & S_NOCMTIME)
#define IS_RDONLY(inode) ((inode)->i_sb->s_flags & SB_RDONLY)
#define IS_SYNC(inode) ((inode)->i_flags & S_SYNC)
#define IS_AUTOMOUNT(inode) ((inode)->i_flags & S_AUTOMOUNT)
#define MAJOR(dev) ((unsigned int)((dev) >> 20))
#define MINOR(dev) ((unsigned int)((dev) & 0xfffff))
#define MKDEV(major, minor) (((major) << 20) | (minor))

dev_t new_decode_dev(u32 dev)
{
	return MKDEV((dev & 0xfff00) >> 8, (dev & 0xff) | ((dev >> 12) & 0xfff00));
}

u32 new_encode_dev(dev_t dev)
{
	return (MINOR(dev) & 0xff) | (MAJOR(dev) << 8) | ((MINOR(dev) & ~0xff) << 12);
}

/* ---- times: the clock stands still ---- */

unsigned long jiffies = 4294892296UL;

#define get_jiffies_64() ((u64)jiffies)
#define time_after(a, b) ((long)((b) - (a)) < 0)
#define time_before(a, b) time_after(b, a)
#define time_after_eq(a, b) ((long)((a) - (b)) >= 0)
#define time_before_eq(a, b) time_after_eq(b, a)
#define time_after64(a, b) ((s64)((b) - (a)) < 0)
#define time_before64(a, b) time_after64(b, a)
#define time_after_eq64(a, b) ((s64)((a) - (b)) >= 0)
#define time_is_before_jiffies(a) time_after(jiffies, a)
#define time_is_after_jiffies(a) time_before(jiffies, a)
#define secs_to_jiffies(secs) ((secs) * HZ)
#define msecs_to_jiffies(msecs) ((msecs) * HZ / 1000)
#define timespec64_to_jiffies(time) ((time)->tv_sec * HZ + (time)->tv_nsec / (NSEC_PER_SEC / HZ))
#define round_jiffies_relative(timeout) (timeout)

struct timespec64 inode_set_atime(struct inode *inode, time64_t sec, long nsec)
{
	inode->i_atime = (struct timespec64){ .tv_sec = sec, .tv_nsec = nsec };
	return inode->i_atime;
}

struct timespec64 inode_set_mtime(struct inode *inode, time64_t sec, long nsec)
{
	inode->i_mtime = (struct timespec64){ .tv_sec = sec, .tv_nsec = nsec };
	return inode->i_mtime;
}

struct timespec64 inode_set_ctime(struct inode *inode, time64_t sec, long nsec)
{
	inode->i_ctime = (struct timespec64){ .tv_sec = sec, .tv_nsec = nsec };
	return inode->i_ctime;
}

#define inode_get_atime(inode) ((inode)->i_atime)
#define inode_get_mtime(inode) ((inode)->i_mtime)
#define inode_get_ctime(inode) ((inode)->i_ctime)
#define inode_get_atime_sec(inode) ((inode)->i_atime.tv_sec)
#define inode_get_mtime_sec(inode) ((inode)->i_mtime.tv_sec)
#define inode_get_ctime_sec(inode) ((inode)->i_ctime.tv_sec)
#define inode_get_atime_nsec(inode) ((inode)->i_atime.tv_nsec)
#define inode_get_mtime_nsec(inode) ((inode)->i_mtime.tv_nsec)
#define inode_get_ctime_nsec(inode) ((inode)->i_ctime.tv_nsec)

int timespec64_equal(const struct timespec64 *a, const struct timespec64 *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

struct timespec64 simple_inode_init_ts(struct inode *inode)
{
	inode_set_atime(inode, 0, 0);
	inode_set_mtime(inode, 0, 0);
	return inode_set_ctime(inode, 0, 0);
}

int file_update_time(struct file *file)
{
	return 0;
}

/* The inode's access time; times are left out. */
void file_accessed(struct file *file)
{
}

/* ---- the page cache, which is empty ---- */

void truncate_pagecache(struct inode *inode, loff_t size)
{
}

void truncate_inode_pages(struct address_space *mapping, loff_t from)
{
}

void truncate_inode_pages_final(struct address_space *mapping)
{
	WARN_ON(mapping->nrpages);
}

int invalidate_inode_pages2(struct address_space *mapping)
{
	return 0;
}

int invalidate_inode_pages2_range(struct address_space *mapping, pgoff_t start, pgoff_t end)
{
	return 0;
}

unsigned long invalidate_mapping_pages(struct address_space *mapping, pgoff_t start, pgoff_t end)
{
	return 0;
}

/* The tree's write_inode is called, as for an inode that is dirty. */
int write_inode_now(struct inode *inode, int sync)
{
	const struct super_operations *op = inode->i_sb->s_op;

	if (!op || !op->write_inode || !(inode->i_state & I_DIRTY))
		return 0;
	return op->write_inode(inode, NULL);
}

int filemap_write_and_wait(struct address_space *mapping)
{
	return 0;
}

int filemap_check_errors(struct address_space *mapping)
{
	return 0;
}

#define mapping_set_writeback_may_deadlock_on_reclaim(mapping) ((void)(mapping))
#define mapping_set_error(mapping, error) ((void)(error))
#define mapping_set_gfp_mask(mapping, mask) ((mapping)->gfp_mask = (mask))
#define mapping_mapped(mapping) 0

void inode_nohighmem(struct inode *inode)
{
	inode->i_mapping->gfp_mask = GFP_USER;
}

/* A directory's and file's operations of small in-memory file systems; nothing looks into them. */
const struct inode_operations simple_dir_inode_operations = { .lookup = NULL };
const struct file_operations simple_dir_operations = { .open = NULL };
