// SPDX-License-Identifier: MIT
/*
 * Sample input of FUSE Backing Review, written for it: not a part of Linux.
 *
 * The server's end: /dev/fuse, from which it reads requests, to which it
 * writes answers, and by which it registers backing files.
 */

#include <linux/file.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/uaccess.h>

#include "fuse_i.h"

/* A device belongs to one mount, and for good. */
static DEFINE_MUTEX(fuse_dev_mutex);

/* NULL before it was handed to mount(2). The file holds a reference. */
static struct fuse_conn *fuse_dev_conn(struct file *file)
{
	return smp_load_acquire(&file->private_data);
}

int fuse_dev_attach(struct file *file, struct fuse_conn *fc)
{
	int err = 0;

	if (file->f_op != &fuse_dev_operations)
		return -EINVAL;

	mutex_lock(&fuse_dev_mutex);
	if (file->private_data)
		err = -EBUSY;
	else
		smp_store_release(&file->private_data, fuse_conn_get(fc));
	mutex_unlock(&fuse_dev_mutex);

	return err;
}

static int fuse_dev_open(struct inode *inode, struct file *file)
{
	/* The misc device left itself here. */
	file->private_data = NULL;
	return stream_open(inode, file);
}

/* A server without its device can't answer any more. */
static int fuse_dev_release(struct inode *inode, struct file *file)
{
	struct fuse_conn *fc = fuse_dev_conn(file);

	if (fc) {
		fuse_abort_conn(fc);
		fuse_conn_put(fc);
	}
	return 0;
}

/* ---- the server reads a request ---- */

/* Whether there is anything to read, or no use in waiting for it. */
static bool fuse_dev_readable(struct fuse_conn *fc)
{
	bool readable;

	spin_lock(&fc->lock);
	readable = !fc->connected || !list_empty(&fc->pending);
	spin_unlock(&fc->lock);

	return readable;
}

static struct fuse_req *fuse_dev_take_pending(struct fuse_conn *fc)
{
	struct fuse_req *req;

	spin_lock(&fc->lock);
	req = list_first_entry_or_null(&fc->pending, struct fuse_req, list);
	if (req)
		list_del_init(&req->list);
	spin_unlock(&fc->lock);

	return req;
}

static int fuse_dev_copy_request(struct fuse_req *req, struct iov_iter *to)
{
	struct fuse_args *args = req->args;
	unsigned int i;

	if (iov_iter_count(to) < req->in.len)
		return -E2BIG;
	if (copy_to_iter(&req->in, sizeof(req->in), to) != sizeof(req->in))
		return -EFAULT;
	for (i = 0; i < args->in_numargs; i++) {
		struct fuse_in_arg *arg = &args->in_args[i];

		if (copy_to_iter(arg->value, arg->size, to) != arg->size)
			return -EFAULT;
	}
	return 0;
}

/* The server has read @req; an abort that did not see it has come first. */
static void fuse_dev_await_answer(struct fuse_conn *fc, struct fuse_req *req)
{
	bool connected;

	spin_lock(&fc->lock);
	connected = fc->connected;
	if (connected)
		list_add_tail(&req->list, &fc->processing);
	spin_unlock(&fc->lock);

	if (!connected)
		fuse_request_end(fc, req, -ECONNABORTED);
}

static ssize_t fuse_dev_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct fuse_conn *fc = fuse_dev_conn(iocb->ki_filp);
	struct fuse_req *req;
	ssize_t len;
	int err;

	if (!fc)
		return -EPERM;
	if (iov_iter_count(to) < FUSE_MIN_READ_BUFFER)
		return -EINVAL;

	/* Another reader may be faster than one that was woken. */
	while ((req = fuse_dev_take_pending(fc)) == NULL) {
		if (!READ_ONCE(fc->connected))
			return -ENODEV;
		if (iocb->ki_filp->f_flags & O_NONBLOCK)
			return -EAGAIN;
		err = wait_event_interruptible(fc->readers, fuse_dev_readable(fc));
		if (err)
			return err;
	}

	len = req->in.len;
	err = fuse_dev_copy_request(req, to);
	if (err) {
		fuse_request_end(fc, req, -EIO);
		return err;
	}
	if (req->args->noreply)
		fuse_request_end(fc, req, 0);
	else
		fuse_dev_await_answer(fc, req);
	return len;
}

/* ---- the server writes an answer ---- */

static struct fuse_req *fuse_dev_take_answered(struct fuse_conn *fc, u64 unique)
{
	struct fuse_req *found = NULL;
	struct fuse_req *req;

	spin_lock(&fc->lock);
	list_for_each_entry(req, &fc->processing, list) {
		if (req->in.unique != unique)
			continue;
		list_del_init(&req->list);
		found = req;
		break;
	}
	spin_unlock(&fc->lock);

	return found;
}

/* All of the answer has to be there, and nothing more. */
static int fuse_dev_copy_answer(struct fuse_args *args, struct iov_iter *from)
{
	unsigned int i;

	for (i = 0; i < args->out_numargs; i++) {
		struct fuse_out_arg *arg = &args->out_args[i];

		if (args->out_argvar && i == args->out_numargs - 1 && iov_iter_count(from) < arg->size)
			arg->size = iov_iter_count(from);
		if (copy_from_iter(arg->value, arg->size, from) != arg->size)
			return -EINVAL;
	}
	return iov_iter_count(from) ? -EINVAL : 0;
}

static ssize_t fuse_dev_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct fuse_conn *fc = fuse_dev_conn(iocb->ki_filp);
	ssize_t len = iov_iter_count(from);
	struct fuse_out_header out;
	struct fuse_req *req;
	int err = 0;

	if (!fc)
		return -EPERM;
	if (copy_from_iter(&out, sizeof(out), from) != sizeof(out))
		return -EINVAL;
	if (out.len != len || out.error > 0 || out.error < -MAX_ERRNO)
		return -EINVAL;

	req = fuse_dev_take_answered(fc, out.unique);
	if (!req)
		return -ENOENT;
	if (!out.error)
		err = fuse_dev_copy_answer(req->args, from);
	fuse_request_end(fc, req, err ? -EIO : out.error);
	return err ? err : len;
}

/* ---- the server registers backing files ---- */

static long fuse_dev_ioctl_open(struct fuse_conn *fc, const void __user *arg)
{
	struct fuse_backing_map map;

	if (copy_from_user(&map, arg, sizeof(map)))
		return -EFAULT;
	return fuse_backing_open(fc, &map);
}

static long fuse_dev_ioctl_close(struct fuse_conn *fc, const u32 __user *arg)
{
	u32 id;

	if (get_user(id, arg))
		return -EFAULT;
	return fuse_backing_close(fc, id);
}

static long fuse_dev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct fuse_conn *fc = fuse_dev_conn(file);

	if (cmd != FUSE_DEV_IOC_BACKING_OPEN && cmd != FUSE_DEV_IOC_BACKING_CLOSE)
		return -ENOTTY;
	if (!IS_ENABLED(CONFIG_FUSE_PASSTHROUGH))
		return -EOPNOTSUPP;
	if (!fc)
		return -EPERM;

	if (cmd == FUSE_DEV_IOC_BACKING_OPEN)
		return fuse_dev_ioctl_open(fc, (const void __user *)arg);
	return fuse_dev_ioctl_close(fc, (const u32 __user *)arg);
}

const struct file_operations fuse_dev_operations = {
	.owner = THIS_MODULE,
	.open = fuse_dev_open,
	.read_iter = fuse_dev_read_iter,
	.write_iter = fuse_dev_write_iter,
	.unlocked_ioctl = fuse_dev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.release = fuse_dev_release,
};

static struct miscdevice fuse_miscdevice = {
	.minor = FUSE_MINOR,
	.name = "fuse",
	.fops = &fuse_dev_operations,
};

int fuse_dev_init(void)
{
	return misc_register(&fuse_miscdevice);
}

void fuse_dev_cleanup(void)
{
	misc_deregister(&fuse_miscdevice);
}
