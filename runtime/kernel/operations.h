/* The tables of functions through which the VFS calls a file system. Members that no model calls are there to be set. */

struct file_operations {
	struct module *owner;
	unsigned int fop_flags;
	loff_t (*llseek)(struct file *file, loff_t offset, int whence);
	ssize_t (*read)(struct file *file, char *to, size_t count, loff_t *pos);
	ssize_t (*write)(struct file *file, const char *from, size_t count, loff_t *pos);
	ssize_t (*read_iter)(struct kiocb *iocb, struct iov_iter *to);
	ssize_t (*write_iter)(struct kiocb *iocb, struct iov_iter *from);
	int (*iopoll)(struct kiocb *kiocb, void *batch, unsigned int flags);
	int (*iterate_shared)(struct file *file, struct dir_context *context);
	__poll_t (*poll)(struct file *file, struct poll_table_struct *wait);
	long (*unlocked_ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
	long (*compat_ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
	int (*mmap)(struct file *file, struct vm_area_struct *vma);
	int (*open)(struct inode *inode, struct file *file);
	int (*flush)(struct file *file, fl_owner_t id);
	int (*release)(struct inode *inode, struct file *file);
	int (*fsync)(struct file *file, loff_t start, loff_t end, int datasync);
	int (*fasync)(int fd, struct file *file, int on);
	int (*lock)(struct file *file, int cmd, struct file_lock *lock);
	unsigned long (*get_unmapped_area)(struct file *file, unsigned long addr, unsigned long len, unsigned long pgoff,
					   unsigned long flags);
	int (*flock)(struct file *file, int cmd, struct file_lock *lock);
	ssize_t (*splice_write)(struct pipe_inode_info *pipe, struct file *file, loff_t *pos, size_t len, unsigned int flags);
	ssize_t (*splice_read)(struct file *file, loff_t *pos, struct pipe_inode_info *pipe, size_t len, unsigned int flags);
	int (*setlease)(struct file *file, int arg, void *lease, void **priv);
	long (*fallocate)(struct file *file, int mode, loff_t offset, loff_t len);
	void (*show_fdinfo)(struct seq_file *m, struct file *file);
	ssize_t (*copy_file_range)(struct file *in, loff_t pos_in, struct file *out, loff_t pos_out, size_t len, unsigned int flags);
	loff_t (*remap_file_range)(struct file *in, loff_t pos_in, struct file *out, loff_t pos_out, loff_t len, unsigned int flags);
	int (*uring_cmd)(struct io_uring_cmd *cmd, unsigned int issue_flags);
};

struct inode_operations {
	struct dentry *(*lookup)(struct inode *dir, struct dentry *dentry, unsigned int flags);
	const char *(*get_link)(struct dentry *dentry, struct inode *inode, struct delayed_call *done);
	int (*permission)(struct mnt_idmap *idmap, struct inode *inode, int mask);
	struct posix_acl *(*get_inode_acl)(struct inode *inode, int type, bool rcu);
	int (*create)(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, bool excl);
	int (*link)(struct dentry *old, struct inode *dir, struct dentry *dentry);
	int (*unlink)(struct inode *dir, struct dentry *dentry);
	int (*symlink)(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, const char *to);
	void *(*mkdir)(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode);
	int (*rmdir)(struct inode *dir, struct dentry *dentry);
	int (*mknod)(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, dev_t dev);
	int (*rename)(struct mnt_idmap *idmap, struct inode *from, struct dentry *old, struct inode *to, struct dentry *dentry,
		      unsigned int flags);
	int (*setattr)(struct mnt_idmap *idmap, struct dentry *dentry, struct iattr *attr);
	int (*getattr)(struct mnt_idmap *idmap, const struct path *path, struct kstat *stat, u32 mask, unsigned int flags);
	ssize_t (*listxattr)(struct dentry *dentry, char *list, size_t size);
	int (*atomic_open)(struct inode *dir, struct dentry *dentry, struct file *file, unsigned int flags, umode_t mode);
	int (*tmpfile)(struct mnt_idmap *idmap, struct inode *dir, struct file *file, umode_t mode);
	struct posix_acl *(*get_acl)(struct mnt_idmap *idmap, struct dentry *dentry, int type);
	int (*set_acl)(struct mnt_idmap *idmap, struct dentry *dentry, struct posix_acl *acl, int type);
	int (*fileattr_set)(struct mnt_idmap *idmap, struct dentry *dentry, void *attr);
	int (*fileattr_get)(struct dentry *dentry, void *attr);
};

struct super_operations {
	struct inode *(*alloc_inode)(struct super_block *sb);
	void (*destroy_inode)(struct inode *inode);
	void (*free_inode)(struct inode *inode);
	void (*dirty_inode)(struct inode *inode, int flags);
	int (*write_inode)(struct inode *inode, struct writeback_control *wbc);
	int (*drop_inode)(struct inode *inode);
	void (*evict_inode)(struct inode *inode);
	void (*put_super)(struct super_block *sb);
	int (*sync_fs)(struct super_block *sb, int wait);
	int (*statfs)(struct dentry *dentry, struct kstatfs *buf);
	void (*umount_begin)(struct super_block *sb);
	int (*show_options)(struct seq_file *m, struct dentry *root);
};

struct address_space_operations {
	int (*read_folio)(struct file *file, struct folio *folio);
	int (*writepages)(struct address_space *mapping, struct writeback_control *wbc);
	bool (*dirty_folio)(struct address_space *mapping, struct folio *folio);
	void (*readahead)(struct readahead_control *rac);
	int (*write_begin)(const struct kiocb *iocb, struct address_space *mapping, loff_t pos, unsigned int len,
			   struct folio **folio, void **data);
	int (*write_end)(const struct kiocb *iocb, struct address_space *mapping, loff_t pos, unsigned int len,
			 unsigned int copied, struct folio *folio, void *data);
	sector_t (*bmap)(struct address_space *mapping, sector_t block);
	void (*invalidate_folio)(struct folio *folio, size_t offset, size_t len);
	bool (*release_folio)(struct folio *folio, gfp_t gfp);
	ssize_t (*direct_IO)(struct kiocb *iocb, struct iov_iter *iter);
	int (*migrate_folio)(struct address_space *mapping, struct folio *to, struct folio *from, int mode);
	int (*launder_folio)(struct folio *folio);
	bool (*is_partially_uptodate)(struct folio *folio, size_t from, size_t count);
};

struct dentry_operations {
	int (*d_revalidate)(struct inode *dir, const struct qstr *name, struct dentry *dentry, unsigned int flags);
	int (*d_delete)(const struct dentry *dentry);
	int (*d_init)(struct dentry *dentry);
	void (*d_release)(struct dentry *dentry);
	void (*d_prune)(struct dentry *dentry);
	void (*d_iput)(struct dentry *dentry, struct inode *inode);
	struct vfsmount *(*d_automount)(struct path *path);
};

struct export_operations {
	int (*encode_fh)(struct inode *inode, u32 *fh, int *max_len, struct inode *parent);
	struct dentry *(*fh_to_dentry)(struct super_block *sb, void *fid, int fh_len, int fh_type);
	struct dentry *(*fh_to_parent)(struct super_block *sb, void *fid, int fh_len, int fh_type);
	struct dentry *(*get_parent)(struct dentry *child);
};

struct xattr_handler {
	const char *name;
	const char *prefix;
	int flags;
	int (*get)(const struct xattr_handler *handler, struct dentry *dentry, struct inode *inode, const char *name, void *buffer,
		   size_t size);
	int (*set)(const struct xattr_handler *handler, struct mnt_idmap *idmap, struct dentry *dentry, struct inode *inode,
		   const char *name, const void *buffer, size_t size, int flags);
};

struct vm_operations_struct {
	void (*open)(struct vm_area_struct *vma);
	void (*close)(struct vm_area_struct *vma);
	vm_fault_t (*fault)(struct vm_fault *vmf);
	vm_fault_t (*huge_fault)(struct vm_fault *vmf, unsigned int order);
	vm_fault_t (*map_pages)(struct vm_fault *vmf, pgoff_t start, pgoff_t end);
	vm_fault_t (*page_mkwrite)(struct vm_fault *vmf);
	vm_fault_t (*pfn_mkwrite)(struct vm_fault *vmf);
};

struct fs_context_operations {
	void (*free)(struct fs_context *fsc);
	int (*dup)(struct fs_context *fsc, struct fs_context *source);
	int (*parse_param)(struct fs_context *fsc, struct fs_parameter *param);
	int (*parse_monolithic)(struct fs_context *fsc, void *data);
	int (*get_tree)(struct fs_context *fsc);
	int (*reconfigure)(struct fs_context *fsc);
};

struct file_system_type {
	const char *name;
	int fs_flags;
	int (*init_fs_context)(struct fs_context *fsc);
	const void *parameters;
	void (*kill_sb)(struct super_block *sb);
	struct module *owner;
};
