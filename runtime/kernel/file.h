/* Open files: their counts, what they hold, and the one table of descriptors that all tasks share. */

#define MODEL_FDS 16

struct file *__model_fds[MODEL_FDS];
spinlock_t __model_fd_lock;

/* ---- counts ---- */

struct file *get_file(struct file *file)
{
	refcount_inc(&file->f_count);
	return file;
}

bool get_file_active(struct file **at)
{
	struct file *file = READ_ONCE(*at);

	return file && refcount_inc_not_zero(&file->f_count);
}

#define file_count(file) refcount_read(&(file)->f_count)

/* Locks, leases, fsnotify and the write count of the inode are left out. */
void __fput(struct file *file)
{
	if ((file->f_mode & FMODE_OPENED) && file->f_op->release)
		file->f_op->release(file->f_inode, file);
	dput(file->f_path.dentry);
	mntput(file->f_path.mnt);
	put_cred(file->f_cred);
	if (file->f_mode & FMODE_BACKING)
		path_put(&file->f_user_path);
	kfree(file);
}

/* The last one releases the file at once, where the kernel leaves that to the task's way back to user space. */
void fput(struct file *file)
{
	if (file && refcount_dec_and_test(&file->f_count))
		__fput(file);
}

#define __fput_sync(file) fput(file)

struct inode *file_inode(const struct file *file)
{
	return file->f_inode;
}

struct dentry *file_dentry(const struct file *file)
{
	return file->f_path.dentry;
}

const struct path *file_user_path(const struct file *file)
{
	return file->f_mode & FMODE_BACKING ? &file->f_user_path : &file->f_path;
}

/* ---- making and opening ---- */

/* A file that nothing was opened with; `gfp` decides whether it may fail. Holds `cred`, and no path yet. */
struct file *__model_empty_file(int flags, const struct cred *cred, gfp_t gfp)
{
	struct file *file;

	if (!(gfp & __GFP_NOFAIL) && __sim_fails("alloc_empty_file"))
		return ERR_PTR(-ENOMEM);
	file = kzalloc_obj(struct file, gfp | __GFP_NOFAIL);
	refcount_set(&file->f_count, 1);
	spin_lock_init(&file->f_lock);
	file->f_flags = flags;
	file->f_mode = (flags + 1) & (FMODE_READ | FMODE_WRITE);
	file->f_cred = get_cred(cred);
	return file;
}

struct file *alloc_empty_file(int flags, const struct cred *cred)
{
	return __model_empty_file(flags, cred, GFP_KERNEL);
}

/* What the file is opened on, before its `open` is called. Permissions were checked by whoever found the path. */
void __model_set_path(struct file *file, const struct path *path)
{
	struct inode *inode = path->dentry->d_inode;

	file->f_path = *path;
	path_get(&file->f_path);
	file->f_inode = inode;
	file->f_mapping = inode->i_mapping;
	file->f_op = inode->i_fop;
}

/* 0: nothing is forbidden. The opener's credentials are read, as security modules do, so that those that are gone are noticed. */
int security_file_open(struct file *file)
{
	return file->f_cred->user_ns ? 0 : -EACCES;
}

/* 0, or what the file system's open says, with `path` dropped again. */
int vfs_open(const struct path *path, struct file *file)
{
	int err;

	__model_set_path(file, path);
	err = security_file_open(file);
	if (!err && file->f_op->open)
		err = file->f_op->open(file->f_inode, file);
	if (!err) {
		file->f_mode |= FMODE_OPENED | FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE;
		if (file->f_op->read || file->f_op->read_iter)
			file->f_mode |= FMODE_CAN_READ;
		if (file->f_op->write || file->f_op->write_iter)
			file->f_mode |= FMODE_CAN_WRITE;
		file->f_flags &= ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC);
		return 0;
	}
	path_put(&file->f_path);
	file->f_path.mnt = NULL;
	file->f_path.dentry = NULL;
	file->f_inode = NULL;
	return err;
}

/* An open file that the caller owns, or why there is none. */
struct file *dentry_open(const struct path *path, int flags, const struct cred *cred)
{
	struct file *file = alloc_empty_file(flags, cred);
	int err;

	if (IS_ERR(file))
		return file;
	err = vfs_open(path, file);
	if (err) {
		fput(file);
		return ERR_PTR(err);
	}
	return file;
}

/* ---- descriptors ---- */

int __model_fd_install(struct file *file)
{
	int fd;

	spin_lock(&__model_fd_lock);
	for (fd = 0; fd < MODEL_FDS; fd++) {
		if (__model_fds[fd])
			continue;
		__model_fds[fd] = file;
		spin_unlock(&__model_fd_lock);
		return fd;
	}
	spin_unlock(&__model_fd_lock);
	fput(file);
	return -EMFILE;
}

int __model_close_fd(int fd)
{
	struct file *file = NULL;
	int err = 0;

	spin_lock(&__model_fd_lock);
	if (fd >= 0 && fd < MODEL_FDS) {
		file = __model_fds[fd];
		__model_fds[fd] = NULL;
	}
	spin_unlock(&__model_fd_lock);
	if (!file)
		return -EBADF;
	if (file->f_op->flush)
		err = file->f_op->flush(file, (fl_owner_t)current->files);
	fput(file);
	return err;
}

/* With a reference for the caller; NULL for a descriptor that is not open. */
struct file *fget_raw(unsigned int fd)
{
	struct file *file = NULL;

	spin_lock(&__model_fd_lock);
	if (fd < MODEL_FDS && __model_fds[fd])
		file = get_file(__model_fds[fd]);
	spin_unlock(&__model_fd_lock);
	return file;
}

/* As fget_raw(), but NULL for a file opened with O_PATH. */
struct file *fget(unsigned int fd)
{
	struct file *file = fget_raw(fd);

	if (file && (file->f_mode & FMODE_PATH)) {
		fput(file);
		return NULL;
	}
	return file;
}

#define fd_file(f) ((f).file)
#define fd_empty(f) (!(f).file)

/* Always takes a reference, as with descriptors that several tasks share. */
struct fd fdget(unsigned int fd)
{
	return (struct fd){ .file = fget(fd) };
}

struct fd fdget_raw(unsigned int fd)
{
	return (struct fd){ .file = fget_raw(fd) };
}

void fdput(struct fd fd)
{
	fput(fd.file);
}

/* ---- what a file may do ---- */

/* Large files are always allowed. */
int generic_file_open(struct inode *inode, struct file *file)
{
	return 0;
}

int nonseekable_open(struct inode *inode, struct file *file)
{
	file->f_mode &= ~(FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE);
	return 0;
}

int stream_open(struct inode *inode, struct file *file)
{
	file->f_mode &= ~(FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE | FMODE_ATOMIC_POS);
	file->f_mode |= FMODE_STREAM;
	return 0;
}
