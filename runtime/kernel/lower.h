/* A file system that only holds files: what a server opens and hands in. Its inodes live as long as they are used. */

int __model_lower_open(struct inode *inode, struct file *file)
{
	return __sim_fails("vfs_open") ? -EIO : 0;
}

int __model_lower_release(struct inode *inode, struct file *file)
{
	return 0;
}

/* Reading and writing touch the file and its inode and move as many bytes as asked for; no data is kept. */
ssize_t __model_lower_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	ssize_t count = to->count;

	if (!S_ISREG(READ_ONCE(inode->i_mode)))
		return -EINVAL;
	to->count = 0;
	iocb->ki_pos += count;
	return count;
}

ssize_t __model_lower_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	ssize_t count = from->count;

	inode_lock(inode);
	if (iocb->ki_pos + count > inode->i_size)
		i_size_write(inode, iocb->ki_pos + count);
	inode_unlock(inode);
	from->count = 0;
	iocb->ki_pos += count;
	return count;
}

int __model_lower_mmap(struct file *file, struct vm_area_struct *vma)
{
	return 0;
}

const struct file_operations __model_lower_operations = {
	.open = __model_lower_open,
	.release = __model_lower_release,
	.read_iter = __model_lower_read_iter,
	.write_iter = __model_lower_write_iter,
	.mmap = __model_lower_mmap,
};

const struct super_operations __model_lower_super_operations = { .drop_inode = inode_just_drop };

struct file_system_type __model_lower_type = { .name = "lower", .kill_sb = kill_anon_super };

/* A device file has no inode of a file system. */
struct file *__model_device_file(const struct file_operations *operations)
{
	struct file *file = __model_empty_file(O_RDWR, current_cred(), GFP_KERNEL | __GFP_NOFAIL);

	file->f_op = operations;
	file->f_mode |= FMODE_OPENED;
	return file;
}

struct super_block *__model_super(int stack_depth)
{
	struct super_block *sb = __model_sget(&__model_lower_type, NULL);
	struct inode *root = NULL;

	sb->s_op = &__model_lower_super_operations;
	sb->s_stack_depth = stack_depth;
	root = new_inode(sb);
	root->i_mode = S_IFDIR | 0755;
	sb->s_root = __model_d_alloc(sb, NULL, GFP_KERNEL | __GFP_NOFAIL);
	d_instantiate(sb->s_root, root);
	sb->s_flags |= SB_ACTIVE;
	return sb;
}

/* Files on it keep it: each has a mount of its own with an active reference. */
void __model_drop_super(struct super_block *sb)
{
	deactivate_super(sb);
}

struct file *__model_file(umode_t mode, struct super_block *sb)
{
	struct file *file = __model_empty_file(O_RDWR, current_cred(), GFP_KERNEL | __GFP_NOFAIL);
	struct inode *inode = new_inode_pseudo(sb);
	struct path path;

	inode->i_mode = mode;
	inode->i_fop = &__model_lower_operations;
	atomic_inc(&sb->s_active);
	path.mnt = __model_mount(sb);
	path.dentry = __model_d_alloc_pseudo(sb, GFP_KERNEL | __GFP_NOFAIL);
	path.dentry->d_inode = inode;
	__model_set_path(file, &path);
	path_put(&path);
	file->f_mode |= FMODE_OPENED | FMODE_LSEEK | FMODE_CAN_READ | FMODE_CAN_WRITE;
	return file;
}
