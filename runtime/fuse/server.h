/*
 * The server, and the queue of /dev/fuse between it and the kernel. A request is answered before its sender goes on, also
 * one that is sent in the background: of all the moments at which a server may answer, the first.
 */

/* What the server answers, as the scenario wants it. */
struct fuse_sim_server {
	/* FUSE_INIT */
	bool passthrough;
	bool writeback_cache;
	u32 max_stack_depth;
};

/* What a client's open is to be answered with: the server tells its clients apart by their task. */
struct fuse_sim_open_answer {
	struct task_struct *task;
	u32 open_flags;
	int backing_id;
};

#define FUSE_SIM_TASKS 8

static struct fuse_sim_server fuse_sim_server;
static struct fuse_sim_open_answer fuse_sim_open_answers[FUSE_SIM_TASKS];

static struct fuse_sim_open_answer *fuse_sim_open_answer(void)
{
	for (int i = 0; i < FUSE_SIM_TASKS; i++) {
		struct fuse_sim_open_answer *answer = &fuse_sim_open_answers[i];

		if (answer->task == current || !cmpxchg(&answer->task, NULL, current))
			return answer;
	}
	BUG();
	return NULL;
}

static void fuse_sim_answer_init(struct fuse_init_out *out)
{
	u64 flags = FUSE_INIT_EXT | FUSE_BIG_WRITES;

	if (fuse_sim_server.passthrough)
		flags |= FUSE_PASSTHROUGH;
	if (fuse_sim_server.writeback_cache)
		flags |= FUSE_WRITEBACK_CACHE;
	out->major = FUSE_KERNEL_VERSION;
	out->minor = FUSE_KERNEL_MINOR_VERSION;
	out->flags = flags;
	out->flags2 = flags >> 32;
	out->max_readahead = 32 * PAGE_SIZE;
	out->max_write = 32 * PAGE_SIZE;
	out->time_gran = 1;
	out->max_stack_depth = fuse_sim_server.max_stack_depth;
}

static void fuse_sim_attributes(struct fuse_attr *attr, u64 nodeid)
{
	attr->ino = nodeid;
	attr->mode = nodeid == FUSE_ROOT_ID ? S_IFDIR | 0755 : S_IFREG | 0644;
	attr->nlink = 1;
	attr->size = PAGE_SIZE;
	attr->blksize = PAGE_SIZE;
}

/* The root's entries are called 1, 2, ... and have the node ids that follow the root's. */
static void fuse_sim_answer_lookup(struct fuse_args *args, struct fuse_entry_out *out)
{
	/* Newer kernels put an empty header first. */
	const char *name = args->in_args[args->in_numargs > 1 ? 1 : 0].value;

	out->nodeid = FUSE_ROOT_ID + (name[0] - '0');
	out->generation = 1;
	out->entry_valid = 1;
	out->attr_valid = 1;
	fuse_sim_attributes(&out->attr, out->nodeid);
}

/* This server has no handles of its own. */
static void fuse_sim_answer_open(struct fuse_open_out *out)
{
	struct fuse_sim_open_answer *answer = fuse_sim_open_answer();

	out->fh = 0;
	out->open_flags = answer->open_flags;
	out->backing_id = answer->backing_id;
}

/* 0, or the error that the server answers. */
static int fuse_sim_answer(struct fuse_args *args)
{
	void *out = args->out_args[0].value;

	switch (args->opcode) {
	case FUSE_INIT:
		fuse_sim_answer_init(out);
		return 0;
	case FUSE_LOOKUP:
		fuse_sim_answer_lookup(args, out);
		return 0;
	case FUSE_GETATTR:
		((struct fuse_attr_out *)out)->attr_valid = 1;
		fuse_sim_attributes(&((struct fuse_attr_out *)out)->attr, args->nodeid);
		return 0;
	case FUSE_OPEN:
		fuse_sim_answer_open(out);
		return 0;
	case FUSE_READ:
		/* End of file. */
		args->out_args[0].size = 0;
		return 0;
	case FUSE_WRITE:
		((struct fuse_write_out *)out)->size = ((const struct fuse_write_in *)args->in_args[0].value)->size;
		return 0;
	case FUSE_FLUSH:
	case FUSE_FSYNC:
	case FUSE_RELEASE:
	case FUSE_SETATTR:
	case FUSE_DESTROY:
		return 0;
	default:
		return -ENOSYS;
	}
}

/* A fallible request, under the name that a fault is told by. */
static bool fuse_sim_request_fails(struct fuse_args *args)
{
	switch (args->opcode) {
	case FUSE_LOOKUP:
		return __sim_fails("FUSE_LOOKUP");
	case FUSE_OPEN:
		return __sim_fails("FUSE_OPEN");
	default:
		return false;
	}
}

/* Why a request can't be sent at all; 0 where it can. */
static int fuse_sim_unsendable(struct fuse_conn *fc, struct fuse_args *args)
{
	if (!args->force && fc->conn_error)
		return -ECONNREFUSED;
#ifdef HAVE_fuse_chan
	return fc->chan->connected ? 0 : -ENOTCONN;
#else
	return fc->connected ? 0 : -ENOTCONN;
#endif
}

/* Stands in for __fuse_simple_request(). */
static ssize_t fuse_sim_request(struct mnt_idmap *idmap, struct fuse_mount *fm, struct fuse_args *args)
{
	int err = fuse_sim_unsendable(fm->fc, args);

	might_sleep();
	if (err)
		return err;
	if (fuse_sim_request_fails(args))
		return -EIO;
	err = fuse_sim_answer(args);
	if (!err && args->out_argvar)
		return args->out_args[args->out_numargs - 1].size;
	return err;
}

/* Stands in for fuse_simple_background(). */
static int fuse_sim_background(struct fuse_mount *fm, struct fuse_args *args, gfp_t gfp_flags)
{
	int err = fuse_sim_unsendable(fm->fc, args);

	might_sleep_if(gfp_flags & __GFP_DIRECT_RECLAIM);
	if (err)
		return err;
	err = fuse_sim_answer(args);
	if (args->end) {
#ifdef HAVE_fuse_init_args__fm
		args->end(args, err);
#else
		args->end(fm, args, err);
#endif
	}
	return 0;
}
