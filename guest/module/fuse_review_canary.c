/*
 * Does on purpose what the kernel has to notice, by a name written to debugfs' fuse_review/trigger: so it is known whether this very kernel
 * does. All functions are called review_canary_*, by which its reports are told from those that matter.
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/version.h>

#define REVIEW_CANARY_BYTES 96
/* More than one, since a stale copy of a pointer on some stack hides what was leaked. */
#define REVIEW_CANARY_LEAKS 8

static struct dentry *review_canary_folder;

/* KASAN: slab-use-after-free. */
static noinline void review_canary_use_after_free(void)
{
	char *freed = kmalloc(REVIEW_CANARY_BYTES, GFP_KERNEL);

	if (!freed)
		return;
	kfree(freed);
	OPTIMIZER_HIDE_VAR(freed);
	(void)READ_ONCE(*freed);
}

/* kmemleak: unreferenced object. */
static noinline void review_canary_leak(void)
{
	for (int i = 0; i < REVIEW_CANARY_LEAKS; i++) {
		char *leaked = kzalloc(REVIEW_CANARY_BYTES, GFP_KERNEL);

		OPTIMIZER_HIDE_VAR(leaked);
	}
}

/* refcount_t: addition on 0; use-after-free. */
static noinline void review_canary_refcount(void)
{
	refcount_t count;

	refcount_set(&count, 0);
	refcount_inc(&count);
}

/* WARNING */
static noinline void review_canary_warning(void)
{
	WARN(1, "review canary\n");
}

/* BUG: sleeping function called from invalid context. */
static noinline void review_canary_atomic_sleep(void)
{
	preempt_disable();
	might_sleep();
	preempt_enable();
}

/* No canary: all readers of now end, and what waited for that has been freed when this returns. */
static noinline void review_canary_grace_period(void)
{
	synchronize_rcu();
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	kvfree_rcu_barrier();
#endif
	rcu_barrier();
}

static const struct {
	const char *name;
	void (*act)(void);
} review_canary_actions[] = {
	{ "use-after-free", review_canary_use_after_free },
	{ "leak", review_canary_leak },
	{ "refcount", review_canary_refcount },
	{ "warning", review_canary_warning },
	{ "atomic-sleep", review_canary_atomic_sleep },
	{ "grace-period", review_canary_grace_period },
};

static ssize_t review_canary_write(struct file *file, const char __user *from, size_t size, loff_t *position)
{
	char name[32] = "";

	if (size >= sizeof(name))
		return -EINVAL;
	if (copy_from_user(name, from, size))
		return -EFAULT;
	for (size_t i = 0; i < ARRAY_SIZE(review_canary_actions); i++) {
		if (sysfs_streq(name, review_canary_actions[i].name)) {
			review_canary_actions[i].act();
			return size;
		}
	}
	return -EINVAL;
}

static const struct file_operations review_canary_operations = {
	.owner = THIS_MODULE,
	.write = review_canary_write,
};

static int __init review_canary_init(void)
{
	struct dentry *file;

	review_canary_folder = debugfs_create_dir("fuse_review", NULL);
	file = debugfs_create_file("trigger", 0200, review_canary_folder, NULL, &review_canary_operations);
	if (!IS_ERR(file))
		return 0;
	debugfs_remove(review_canary_folder);
	return PTR_ERR(file);
}
module_init(review_canary_init);

static void __exit review_canary_exit(void)
{
	debugfs_remove(review_canary_folder);
}
module_exit(review_canary_exit);

MODULE_DESCRIPTION("What a kernel under review has to notice");
MODULE_LICENSE("Dual MIT/GPL");
