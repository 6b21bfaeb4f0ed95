// SPDX-License-Identifier: MIT
/*
 * Sample input of FUSE Backing Review, written for it: not a part of Linux.
 *
 * Connections and their requests: how a request gets to where the server reads
 * it (dev.c), and how its sender learns that it has ended.
 */

#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "fuse_i.h"

struct fuse_conn *fuse_conn_alloc(void)
{
	struct fuse_conn *fc;

	fc = kzalloc(sizeof(*fc), GFP_KERNEL);
	if (!fc)
		return NULL;

	refcount_set(&fc->count, 1);
	spin_lock_init(&fc->lock);
	INIT_LIST_HEAD(&fc->pending);
	INIT_LIST_HEAD(&fc->processing);
	init_waitqueue_head(&fc->readers);
	init_waitqueue_head(&fc->waiters);
	fuse_backing_files_init(fc);
	fc->connected = true;

	return fc;
}

struct fuse_conn *fuse_conn_get(struct fuse_conn *fc)
{
	refcount_inc(&fc->count);
	return fc;
}

void fuse_conn_put(struct fuse_conn *fc)
{
	if (!refcount_dec_and_test(&fc->count))
		return;
	fuse_backing_files_free(fc);
	kfree(fc);
}

/* ---- the life of a request ---- */

static void fuse_request_init(struct fuse_req *req, struct fuse_mount *fm, struct mnt_idmap *idmap, struct fuse_args *args)
{
	struct user_namespace *ns = fm->sb->s_user_ns;
	unsigned int i;

	INIT_LIST_HEAD(&req->list);
	init_completion(&req->done);
	req->args = args;
	req->in.opcode = args->opcode;
	req->in.nodeid = args->nodeid;
	req->in.uid = from_kuid_munged(ns, mapped_fsuid(idmap, ns));
	req->in.gid = from_kgid_munged(ns, mapped_fsgid(idmap, ns));
	req->in.pid = pid_nr_ns(task_pid(current), task_active_pid_ns(current));
	req->in.len = sizeof(req->in);
	for (i = 0; i < args->in_numargs; i++)
		req->in.len += args->in_args[i].size;
}

/* From here on the request is ended by somebody, unless this fails. */
static int fuse_request_queue(struct fuse_conn *fc, struct fuse_req *req)
{
	int err = 0;

	spin_lock(&fc->lock);
	if (!fc->connected) {
		err = -ENOTCONN;
	} else if (fc->conn_error && !req->args->force) {
		err = -ECONNREFUSED;
	} else {
		req->in.unique = ++fc->last_unique;
		list_add_tail(&req->list, &fc->pending);
		fc->num_requests++;
	}
	spin_unlock(&fc->lock);

	if (!err)
		wake_up(&fc->readers);
	return err;
}

/* By whoever took @req off its list. Its memory is its sender's again. */
void fuse_request_end(struct fuse_conn *fc, struct fuse_req *req, int error)
{
	struct fuse_args *args = req->args;

	if (req->background) {
		kfree(req);
		if (args->end)
			args->end(args, error);
	} else {
		req->error = error;
		complete(&req->done);
	}

	/* Not before: what the end of the request used may go away next. */
	spin_lock(&fc->lock);
	if (--fc->num_requests == 0)
		wake_up_all(&fc->waiters);
	spin_unlock(&fc->lock);
}

/*
 * Sends a request and waits for its answer, however long that takes: a server
 * that hangs is ended, or its connection aborted. Returns 0 or the size of an
 * answer that may be shorter, else a negative error code.
 */
ssize_t __fuse_simple_request(struct mnt_idmap *idmap, struct fuse_mount *fm, struct fuse_args *args)
{
	struct fuse_conn *fc = fm->fc;
	struct fuse_req req = {};
	int err;

	if (!args->force)
		wait_event(fc->waiters, READ_ONCE(fc->initialized) || !READ_ONCE(fc->connected));

	fuse_request_init(&req, fm, idmap, args);
	err = fuse_request_queue(fc, &req);
	if (err)
		return err;
	wait_for_completion(&req.done);

	if (!req.error && args->out_argvar)
		return args->out_args[args->out_numargs - 1].size;
	return req.error;
}

/* On success args->end() is called sooner or later, whatever happens. */
int fuse_simple_background(struct fuse_mount *fm, struct fuse_args *args, gfp_t gfp_flags)
{
	struct fuse_req *req;
	int err;

	req = kzalloc(sizeof(*req), gfp_flags);
	if (!req)
		return -ENOMEM;

	fuse_request_init(req, fm, &nop_mnt_idmap, args);
	req->background = true;
	err = fuse_request_queue(fm->fc, req);
	if (err)
		kfree(req);
	return err;
}

/* ---- the end of a connection ---- */

static struct fuse_req *fuse_request_take_any(struct fuse_conn *fc)
{
	struct fuse_req *req;

	spin_lock(&fc->lock);
	req = list_first_entry_or_null(&fc->pending, struct fuse_req, list);
	if (!req)
		req = list_first_entry_or_null(&fc->processing, struct fuse_req, list);
	if (req)
		list_del_init(&req->list);
	spin_unlock(&fc->lock);

	return req;
}

/*
 * Nothing is sent any more, and what was sent is not waited for. Requests that
 * the server is just reading or answering are ended by those who took them.
 */
void fuse_abort_conn(struct fuse_conn *fc)
{
	struct fuse_req *req;

	spin_lock(&fc->lock);
	fc->connected = false;
	spin_unlock(&fc->lock);

	while ((req = fuse_request_take_any(fc)) != NULL)
		fuse_request_end(fc, req, -ECONNABORTED);

	wake_up_all(&fc->readers);
	wake_up_all(&fc->waiters);
}

static bool fuse_is_idle(struct fuse_conn *fc)
{
	bool idle;

	spin_lock(&fc->lock);
	idle = fc->num_requests == 0;
	spin_unlock(&fc->lock);

	return idle;
}

/* After fuse_abort_conn(): until no request is left in anybody's hands. */
void fuse_wait_idle(struct fuse_conn *fc)
{
	wait_event(fc->waiters, fuse_is_idle(fc));
}
