// SPDX-License-Identifier: MIT
/*
 * Sample input of FUSE Backing Review, written for it: not a part of Linux.
 *
 * Open files: asked of the server, and then read and written in the one of
 * three ways that it said: by the page cache, by asking the server each time,
 * or on a backing file (passthrough.c).
 */

#include <linux/pagemap.h>
#include <linux/highmem.h>
#include <linux/printk.h>
#include <linux/slab.h>

#include "fuse_i.h"

/* ---- open and release ---- */

static void fuse_release_end(struct fuse_args *args, int error)
{
	kfree(container_of(args, struct fuse_file, release_args));
}

/* The server hears that @ff is gone whenever it has the time; uses up @ff. */
static void fuse_send_release(struct fuse_file *ff, struct inode *inode, unsigned int flags)
{
	struct fuse_args *args = &ff->release_args;

	ff->release_in.fh = ff->fh;
	ff->release_in.flags = flags;
	args->nodeid = get_node_id(inode);
	args->opcode = FUSE_RELEASE;
	args->force = true;
	args->in_numargs = 1;
	args->in_args[0].size = sizeof(ff->release_in);
	args->in_args[0].value = &ff->release_in;
	args->end = fuse_release_end;

	if (fuse_simple_background(ff->fm, args, GFP_KERNEL | __GFP_NOFAIL))
		kfree(ff);
}

static int fuse_send_open(struct fuse_mount *fm, struct inode *inode, unsigned int flags, struct fuse_open_out *out)
{
	struct fuse_open_in in = {
		/* What the VFS has done already is not the server's to do. */
		.flags = flags & ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC),
	};
	struct fuse_args args = {
		.nodeid = get_node_id(inode),
		.opcode = FUSE_OPEN,
		.in_numargs = 1,
		.in_args[0].size = sizeof(in),
		.in_args[0].value = &in,
		.out_numargs = 1,
		.out_args[0].size = sizeof(*out),
		.out_args[0].value = out,
	};

	return fuse_simple_request(fm, &args);
}

static int fuse_open(struct inode *inode, struct file *file)
{
	struct fuse_mount *fm = get_fuse_mount(inode);
	struct fuse_open_out out;
	struct fuse_file *ff;
	int err;

	err = generic_file_open(inode, file);
	if (err)
		return err;

	ff = kzalloc(sizeof(*ff), GFP_KERNEL);
	if (!ff)
		return -ENOMEM;

	err = fuse_send_open(fm, inode, file->f_flags, &out);
	if (err) {
		kfree(ff);
		return err;
	}
	ff->fm = fm;
	ff->fh = out.fh;
	ff->open_flags = out.open_flags;

	err = fuse_file_io_open(ff, file, out.backing_id);
	if (err) {
		/* The server's mistake, and nothing that a client could mend. */
		pr_debug("%s: node %llu can't be opened as the server wants it: %d\n", __func__, get_node_id(inode), err);
		fuse_send_release(ff, inode, file->f_flags);
		return -EIO;
	}
	file->private_data = ff;
	return 0;
}

static int fuse_release(struct inode *inode, struct file *file)
{
	struct fuse_file *ff = file->private_data;

	fuse_file_io_release(ff, inode);
	fuse_send_release(ff, inode, file->f_flags);
	return 0;
}

/* ---- asking the server ---- */

/* How much of @size was read, less only at the end of the file. */
static ssize_t fuse_send_read(struct file *file, loff_t pos, void *data, size_t size)
{
	struct fuse_file *ff = file->private_data;
	struct fuse_read_in in = {
		.fh = ff->fh,
		.offset = pos,
		.size = size,
		.flags = file->f_flags,
	};
	struct fuse_args args = {
		.nodeid = get_node_id(file_inode(file)),
		.opcode = FUSE_READ,
		.in_numargs = 1,
		.in_args[0].size = sizeof(in),
		.in_args[0].value = &in,
		.out_numargs = 1,
		.out_args[0].size = size,
		.out_args[0].value = data,
		.out_argvar = true,
	};

	return fuse_simple_request(ff->fm, &args);
}

static ssize_t fuse_send_write(struct file *file, loff_t pos, const void *data, size_t size)
{
	struct fuse_file *ff = file->private_data;
	struct fuse_write_in in = {
		.fh = ff->fh,
		.offset = pos,
		.size = size,
		.flags = file->f_flags,
	};
	struct fuse_write_out out;
	struct fuse_args args = {
		.nodeid = get_node_id(file_inode(file)),
		.opcode = FUSE_WRITE,
		.in_numargs = 2,
		.in_args[0].size = sizeof(in),
		.in_args[0].value = &in,
		.in_args[1].size = size,
		.in_args[1].value = data,
		.out_numargs = 1,
		.out_args[0].size = sizeof(out),
		.out_args[0].value = &out,
	};
	int err;

	err = fuse_simple_request(ff->fm, &args);
	if (err)
		return err;
	return out.size > size ? -EIO : out.size;
}

/* One request each: who wants more reads or writes again. */
static size_t fuse_io_size(struct fuse_file *ff, const struct iov_iter *iter)
{
	return min_t(size_t, iov_iter_count(iter), ff->fm->fc->max_write);
}

static ssize_t fuse_direct_read(struct kiocb *iocb, struct iov_iter *to)
{
	struct file *file = iocb->ki_filp;
	size_t size = fuse_io_size(file->private_data, to);
	ssize_t got;
	void *data;

	data = kvmalloc(size, GFP_KERNEL);
	if (!data)
		return -ENOMEM;

	got = fuse_send_read(file, iocb->ki_pos, data, size);
	if (got > 0 && copy_to_iter(data, got, to) != got)
		got = -EFAULT;
	if (got > 0)
		iocb->ki_pos += got;

	kvfree(data);
	return got;
}

static ssize_t fuse_direct_write(struct kiocb *iocb, struct iov_iter *from)
{
	struct file *file = iocb->ki_filp;
	struct inode *inode = file_inode(file);
	size_t size = fuse_io_size(file->private_data, from);
	ssize_t done = -EFAULT;
	void *data;

	data = kvmalloc(size, GFP_KERNEL);
	if (!data)
		return -ENOMEM;

	if (copy_from_iter(data, size, from) == size)
		done = fuse_send_write(file, iocb->ki_pos, data, size);
	if (done > 0) {
		/* What the page cache has of it is old now. */
		invalidate_inode_pages2_range(inode->i_mapping, iocb->ki_pos >> PAGE_SHIFT,
					      (iocb->ki_pos + done - 1) >> PAGE_SHIFT);
		iocb->ki_pos += done;
		if (iocb->ki_pos > i_size_read(inode))
			i_size_write(inode, iocb->ki_pos);
	}

	kvfree(data);
	return done;
}

static int fuse_read_folio(struct file *file, struct folio *folio)
{
	void *data = kmap_local_folio(folio, 0);
	ssize_t got;

	/* A page at a time, as that is what can be mapped at once. */
	got = fuse_send_read(file, folio_pos(folio), data, PAGE_SIZE);
	if (got >= 0)
		memset(data + got, 0, PAGE_SIZE - got);
	kunmap_local(data);

	folio_end_read(folio, got >= 0);
	return got < 0 ? got : 0;
}

const struct address_space_operations fuse_file_aops = {
	.read_folio = fuse_read_folio,
};

/* ---- the three ways ---- */

/* With FOPEN_DIRECT_IO the backing file is for mmap(2) only. */
static bool fuse_passes_through(struct fuse_file *ff)
{
	return ff->passthrough && !(ff->open_flags & FOPEN_DIRECT_IO);
}

static ssize_t fuse_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct fuse_file *ff = iocb->ki_filp->private_data;

	if (fuse_passes_through(ff))
		return fuse_passthrough_read_iter(iocb, to);
	if (ff->open_flags & FOPEN_DIRECT_IO)
		return fuse_direct_read(iocb, to);
	return generic_file_read_iter(iocb, to);
}

static ssize_t fuse_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct fuse_file *ff = iocb->ki_filp->private_data;
	struct inode *inode = file_inode(iocb->ki_filp);
	ssize_t done;

	inode_lock(inode);
	if (fuse_passes_through(ff)) {
		done = fuse_passthrough_write_iter(iocb, from);
	} else {
		done = generic_write_checks(iocb, from);
		if (done > 0)
			done = fuse_direct_write(iocb, from);
	}
	inode_unlock(inode);

	return done;
}

static int fuse_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct fuse_file *ff = file->private_data;

	if (ff->passthrough)
		return fuse_passthrough_mmap(file, vma);
	if (ff->open_flags & FOPEN_DIRECT_IO)
		return -ENODEV;
	/* Nobody would write dirty pages back. */
	return generic_file_readonly_mmap(file, vma);
}

const struct file_operations fuse_file_operations = {
	.owner = THIS_MODULE,
	.open = fuse_open,
	.release = fuse_release,
	.llseek = generic_file_llseek,
	.read_iter = fuse_read_iter,
	.write_iter = fuse_write_iter,
	.mmap = fuse_mmap,
};
