/*
 * Backing files (fs/backing-file.c): a file of its own on an underlying path, opened for the user of another file, and
 * reading, writing and mapping through it with credentials that were kept for that.
 */

/* The user's path is held with the file. Every way in which the kernel's may fail is one failure here. */
struct file *backing_file_open(const struct file *user_file, int flags, const struct path *real_path, const struct cred *cred)
{
	struct file *file;
	int err;

	if (__sim_fails("backing_file_open"))
		return ERR_PTR(-ENOMEM);
	file = __model_empty_file(flags, cred, GFP_KERNEL | __GFP_NOFAIL);
	file->f_mode |= FMODE_BACKING;
	file->f_user_path = user_file->f_path;
	path_get(&file->f_user_path);
	err = vfs_open(real_path, file);
	if (err) {
		fput(file);
		return ERR_PTR(err);
	}
	return file;
}

/* Where the user opened the file that this one backs. */
const struct path *backing_file_user_path(const struct file *file)
{
	return &file->f_user_path;
}

ssize_t __model_backing_io(struct file *file, struct iov_iter *iter, struct kiocb *iocb, struct backing_file_ctx *ctx, bool write)
{
	struct kiocb real = { .ki_filp = file, .ki_pos = iocb->ki_pos };
	const struct cred *old;
	ssize_t ret;

	if (WARN_ON_ONCE(!(file->f_mode & FMODE_BACKING)))
		return -EIO;
	if (!iter->count)
		return 0;
	old = override_creds(ctx->cred);
	ret = write ? file->f_op->write_iter(&real, iter) : file->f_op->read_iter(&real, iter);
	revert_creds(old);
	iocb->ki_pos = real.ki_pos;
	return ret;
}

/* Synchronous only. `accessed` is told of the user's file, which older trees hand in with the context. */
ssize_t backing_file_read_iter(struct file *file, struct iov_iter *iter, struct kiocb *iocb, int flags, struct backing_file_ctx *ctx)
{
	ssize_t ret = __model_backing_io(file, iter, iocb, ctx, false);

	if (ctx->accessed)
		ctx->accessed(ctx->user_file ? ctx->user_file : iocb->ki_filp);
	return ret;
}

typedef void (*end_write_of_file)(struct file *file, loff_t pos, ssize_t ret);
typedef void (*end_write_of_kiocb)(struct kiocb *iocb, ssize_t ret);

/* Trees that hand the user's file in with the context have an `end_write` that takes it and the position. */
ssize_t backing_file_write_iter(struct file *file, struct iov_iter *iter, struct kiocb *iocb, int flags, struct backing_file_ctx *ctx)
{
	loff_t pos = iocb->ki_pos;
	ssize_t ret = __model_backing_io(file, iter, iocb, ctx, true);

	if (ctx->end_write && ctx->user_file)
		((end_write_of_file)ctx->end_write)(ctx->user_file, pos, ret);
	else if (ctx->end_write)
		((end_write_of_kiocb)ctx->end_write)(iocb, ret);
	return ret;
}

/* The mapping holds the backing file in place of the user's. */
int backing_file_mmap(struct file *file, struct vm_area_struct *vma, struct backing_file_ctx *ctx)
{
	struct file *user_file = vma->vm_file;
	const struct cred *old;
	int ret;

	if (WARN_ON_ONCE(!(file->f_mode & FMODE_BACKING)))
		return -EIO;
	if (!file->f_op->mmap)
		return -ENODEV;
	vma->vm_file = get_file(file);
	fput(user_file);
	old = override_creds(ctx->cred);
	ret = file->f_op->mmap(file, vma);
	revert_creds(old);
	if (ctx->accessed)
		ctx->accessed(ctx->user_file ? ctx->user_file : user_file);
	return ret;
}
