/* Tasks, credentials and namespaces. All tasks run with one set of credentials until one overrides its own. */

struct user_namespace {
	refcount_t count;
	struct user_namespace *parent;
};

struct pid_namespace {
	refcount_t count;
};

struct pid {
	refcount_t count;
	int nr;
};

struct cred {
	atomic_long_t usage;
	kuid_t uid;
	kgid_t gid;
	kuid_t suid;
	kgid_t sgid;
	kuid_t euid;
	kgid_t egid;
	kuid_t fsuid;
	kgid_t fsgid;
	struct user_namespace *user_ns;
	struct rcu_head rcu;
};

struct files_struct {
	int count;
};

struct mm_struct {
	int users;
};

struct backing_dev_info;

struct task_struct {
	/* NULL for those that all tasks share. */
	const struct cred *cred;
	unsigned int flags;
	struct files_struct *files;
	struct mm_struct *mm;
	struct pid *thread_pid;
	pid_t pid;
	int cpu;
};

/* The first namespaces, and there are no others. They end with the model, so that a reference that nobody put shows as a leak. */
struct user_namespace *__model_user_ns;
struct pid_namespace *__model_pid_ns;

#define init_user_ns (*__model_user_ns)
#define init_pid_ns (*__model_pid_ns)

struct pid __model_pid = { .count = { .refs = { .counter = 1 } }, .nr = 1 };

/* What tasks run with. */
struct cred *__model_task_cred;

/* Of the running thread, whose tasks have numbers from 0 on. */
int __sim_thread(void);

#define MODEL_TASKS 16

struct task_struct __model_tasks[MODEL_TASKS];

#define current (&__model_tasks[__sim_thread()])

/* 1 where the step's privileges have it. */
int capable(int cap);
int ns_capable(struct user_namespace *ns, int cap);
int file_ns_capable(const struct file *file, struct user_namespace *ns, int cap);

/* ---- namespaces ---- */

struct user_namespace *get_user_ns(struct user_namespace *ns)
{
	refcount_inc(&ns->count);
	return ns;
}

void put_user_ns(struct user_namespace *ns)
{
	if (ns && refcount_dec_and_test(&ns->count))
		kfree(ns);
}

struct pid_namespace *get_pid_ns(struct pid_namespace *ns)
{
	refcount_inc(&ns->count);
	return ns;
}

void put_pid_ns(struct pid_namespace *ns)
{
	if (ns && refcount_dec_and_test(&ns->count))
		kfree(ns);
}

struct pid_namespace *task_active_pid_ns(struct task_struct *task)
{
	return &init_pid_ns;
}

struct pid *task_pid(struct task_struct *task)
{
	return &__model_pid;
}

struct pid *get_pid(struct pid *pid)
{
	if (pid)
		refcount_inc(&pid->count);
	return pid;
}

void put_pid(struct pid *pid)
{
	if (pid)
		refcount_dec(&pid->count);
}

pid_t pid_nr_ns(struct pid *pid, struct pid_namespace *ns)
{
	return pid ? pid->nr : 0;
}

/* ---- credentials ---- */

const struct cred *current_cred(void)
{
	struct task_struct *task = current;

	return task->cred ? task->cred : __model_task_cred;
}

struct cred *get_new_cred(struct cred *cred)
{
	atomic_long_inc(&cred->usage);
	return cred;
}

/* NULL stays NULL. */
const struct cred *get_cred(const struct cred *cred)
{
	if (!cred)
		return cred;
	return get_new_cred((struct cred *)cred);
}

const struct cred *get_cred_rcu(const struct cred *cred)
{
	if (!cred)
		return NULL;
	return atomic_long_inc_not_zero(&((struct cred *)cred)->usage) ? cred : NULL;
}

const struct cred *get_current_cred(void)
{
	return get_cred(current_cred());
}

void __model_cred_free(struct rcu_head *rcu)
{
	struct cred *cred = container_of(rcu, struct cred, rcu);

	put_user_ns(cred->user_ns);
	kfree(cred);
}

/* Freed after a grace period, as the kernel does where they were ever visible to others. */
void put_cred(const struct cred *_cred)
{
	struct cred *cred = (struct cred *)_cred;

	if (cred && atomic_long_dec_and_test(&cred->usage))
		call_rcu(&cred->rcu, __model_cred_free);
}

void abort_creds(struct cred *cred)
{
	put_cred(cred);
}

/* A copy of the task's, or NULL without memory. */
struct cred *prepare_creds(void)
{
	const struct cred *old = current_cred();
	struct cred *new;

	__sim_sleeps("prepare_creds()");
	if (__sim_fails("prepare_creds"))
		return NULL;
	new = kmalloc_obj(struct cred, GFP_KERNEL | __GFP_NOFAIL);
	*new = *old;
	atomic_long_set(&new->usage, 1);
	get_user_ns(new->user_ns);
	return new;
}

/*
 * The caller keeps its reference until revert_creds(). Kernels before 6.14 took one here and put it there, which comes to
 * the same where calls are paired. Whoever works under credentials reads them: those that are gone are noticed here.
 */
const struct cred *override_creds(const struct cred *override)
{
	struct task_struct *task = current;
	const struct cred *old = current_cred();

	WARN_ON(atomic_long_read(&((struct cred *)override)->usage) <= 0);
	task->cred = override;
	return old;
}

const struct cred *revert_creds(const struct cred *old)
{
	struct task_struct *task = current;
	const struct cred *override = task->cred;

	task->cred = old == __model_task_cred ? NULL : old;
	return override;
}

struct user_namespace *current_user_ns(void)
{
	return current_cred()->user_ns;
}

struct cred *__model_cred(void)
{
	struct cred *cred = kzalloc_obj(struct cred, GFP_KERNEL | __GFP_NOFAIL);

	atomic_long_set(&cred->usage, 1);
	cred->user_ns = get_user_ns(&init_user_ns);
	return cred;
}

/* ---- user and group ids: there is one namespace, so that they are what they are ---- */

#define KUIDT_INIT(value) (kuid_t){ value }
#define KGIDT_INIT(value) (kgid_t){ value }
#define GLOBAL_ROOT_UID KUIDT_INIT(0)
#define GLOBAL_ROOT_GID KGIDT_INIT(0)
#define INVALID_UID KUIDT_INIT(-1)
#define INVALID_GID KGIDT_INIT(-1)
#define current_uid() (current_cred()->uid)
#define current_gid() (current_cred()->gid)
#define current_euid() (current_cred()->euid)
#define current_egid() (current_cred()->egid)
#define current_fsuid() (current_cred()->fsuid)
#define current_fsgid() (current_cred()->fsgid)
#define make_kuid(ns, uid) KUIDT_INIT(uid)
#define make_kgid(ns, gid) KGIDT_INIT(gid)
#define from_kuid(ns, uid) __model_uid(uid)
#define from_kgid(ns, gid) __model_gid(gid)
#define from_kuid_munged(ns, uid) __model_uid(uid)
#define from_kgid_munged(ns, gid) __model_gid(gid)
#define mapped_fsuid(idmap, fs_userns) current_fsuid()
#define mapped_fsgid(idmap, fs_userns) current_fsgid()
#define uid_eq(left, right) (__model_uid(left) == __model_uid(right))
#define gid_eq(left, right) (__model_gid(left) == __model_gid(right))
#define uid_valid(uid) (__model_uid(uid) != (uid_t)-1)
#define gid_valid(gid) (__model_gid(gid) != (gid_t)-1)

uid_t __model_uid(kuid_t uid)
{
	return uid.val;
}

gid_t __model_gid(kgid_t gid)
{
	return gid.val;
}

/* ---- beginning and end ---- */

void __model_begin(void)
{
	__model_user_ns = kzalloc_obj(struct user_namespace, GFP_KERNEL | __GFP_NOFAIL);
	refcount_set(&__model_user_ns->count, 1);
	__model_pid_ns = kzalloc_obj(struct pid_namespace, GFP_KERNEL | __GFP_NOFAIL);
	refcount_set(&__model_pid_ns->count, 1);
	__model_task_cred = __model_cred();
}

void __model_end(void)
{
	put_cred(__model_task_cred);
	put_pid_ns(&init_pid_ns);
	put_user_ns(&init_user_ns);
	__model_task_cred = NULL;
	__model_pid_ns = NULL;
	__model_user_ns = NULL;
}
