/* The drivers of the operations that scenarios are made of (vocabulary.yaml). */

/* ioctl(2) on the server's /dev/fuse. */
static long fuse_sim_ioctl(unsigned int command, void *argument)
{
	struct file *device = fget(fuse_sim_mounted.device);
	long answer;

	if (!device)
		return -EBADF;
	answer = device->f_op->unlocked_ioctl(device, command, (unsigned long)argument);
	fput(device);
	return answer;
}

enum { FUSE_SIM_REGULAR, FUSE_SIM_DIRECTORY, FUSE_SIM_BLOCK, FUSE_SIM_BAD, FUSE_SIM_STACKED };

/* A descriptor of that kind. */
static int fuse_sim_server_file(long kind)
{
	umode_t type = S_IFREG;

	if (kind == FUSE_SIM_BAD)
		return -1;
	if (kind == FUSE_SIM_DIRECTORY)
		type = S_IFDIR;
	else if (kind == FUSE_SIM_BLOCK)
		type = S_IFBLK;
	return __model_fd_install(
		__model_file(type | 0600, kind == FUSE_SIM_STACKED ? fuse_sim_mounted.stacked : fuse_sim_mounted.lower));
}

/* The new backing id. The server keeps no descriptor of its own. */
long fuse_sim_backing_open(long kind, long flags, long padding)
{
	struct fuse_backing_map map = { .flags = flags, .padding = padding };
	int fd = fuse_sim_server_file(kind);
	long id;

	map.fd = fd;
	id = fuse_sim_ioctl(FUSE_DEV_IOC_BACKING_OPEN, &map);
	if (fd >= 0)
		__model_close_fd(fd);
	return id;
}

long fuse_sim_backing_close(long id)
{
	u32 argument = id;

	return fuse_sim_ioctl(FUSE_DEV_IOC_BACKING_CLOSE, &argument);
}

enum { FUSE_SIM_CACHED, FUSE_SIM_PASSTHROUGH, FUSE_SIM_DIRECT, FUSE_SIM_PASSTHROUGH_DIRECT };

static u32 fuse_sim_open_flags(long mode)
{
	switch (mode) {
	case FUSE_SIM_PASSTHROUGH:
		return FOPEN_PASSTHROUGH;
	case FUSE_SIM_DIRECT:
		return FOPEN_DIRECT_IO;
	case FUSE_SIM_PASSTHROUGH_DIRECT:
		return FOPEN_PASSTHROUGH | FOPEN_DIRECT_IO;
	default:
		return 0;
	}
}

/* The new file descriptor. */
long fuse_sim_open(long file, long backing_id, long mode)
{
	struct fuse_sim_open_answer *answer = fuse_sim_open_answer();
	struct vfsmount *mnt = fuse_sim_mntget();
	struct path path = { .mnt = mnt };
	struct file *opened;

	if (!mnt)
		return -ENOENT;
	path.dentry = fuse_sim_lookup(mnt->mnt_sb, file);
	if (IS_ERR(path.dentry)) {
		mntput(mnt);
		return PTR_ERR(path.dentry);
	}
	answer->open_flags = fuse_sim_open_flags(mode);
	answer->backing_id = backing_id;
	opened = dentry_open(&path, O_RDWR, current_cred());
	path_put(&path);
	return IS_ERR(opened) ? PTR_ERR(opened) : __model_fd_install(opened);
}

long fuse_sim_release(long fd)
{
	return __model_close_fd(fd);
}

/* read(2) or write(2) of a page at the beginning: how many bytes. */
static long fuse_sim_transfer(long fd, unsigned int direction)
{
	struct file *file = fget(fd);
	struct kiocb iocb;
	struct iov_iter iter;
	long answer;

	if (!file)
		return -EBADF;
	init_sync_kiocb(&iocb, file);
	iov_iter_ubuf(&iter, direction, NULL, PAGE_SIZE);
	answer = direction == WRITE ? file->f_op->write_iter(&iocb, &iter) : file->f_op->read_iter(&iocb, &iter);
	fput(file);
	return answer;
}

long fuse_sim_read(long fd)
{
	return fuse_sim_transfer(fd, READ);
}

long fuse_sim_write(long fd)
{
	return fuse_sim_transfer(fd, WRITE);
}

/* umount(2) */
long fuse_sim_unmount(void)
{
	struct vfsmount *mnt;

	spin_lock(&fuse_sim_mounted.lock);
	mnt = fuse_sim_mounted.mnt;
	if (mnt && refcount_read(&mnt->mnt_count) > 1) {
		spin_unlock(&fuse_sim_mounted.lock);
		return -EBUSY;
	}
	fuse_sim_mounted.mnt = NULL;
	spin_unlock(&fuse_sim_mounted.lock);
	if (!mnt)
		return -EINVAL;
	mntput(mnt);
	return 0;
}

/* What umount2(2) with MNT_FORCE begins with. */
long fuse_sim_abort(void)
{
	struct vfsmount *mnt = fuse_sim_mntget();

	if (!mnt)
		return -EINVAL;
	mnt->mnt_sb->s_op->umount_begin(mnt->mnt_sb);
	mntput(mnt);
	return 0;
}

long fuse_sim_device_close(void)
{
	return __model_close_fd(xchg(&fuse_sim_mounted.device, -1));
}

long fuse_sim_memory_pressure(void)
{
	struct vfsmount *mnt = fuse_sim_mntget();

	if (mnt) {
		__model_shrink_inodes(mnt->mnt_sb);
		mntput(mnt);
	}
	return 0;
}

long fuse_sim_grace_period(void)
{
	synchronize_rcu();
	return 0;
}
