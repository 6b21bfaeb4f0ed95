/*
 * The kernel's everyday types. A lock, an index or a wait queue is memory of its own; what it holds is kept with that
 * memory by the intrinsics that work on it. Integer types with a name (u32, size_t, gfp_t, ...) are known without it.
 */

typedef void *fl_owner_t;
typedef void *io_tw_token_t;

/* ---- counts ---- */

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	s64 counter;
} atomic64_t;

typedef struct {
	s64 counter;
} atomic_long_t;

typedef struct refcount_struct {
	atomic_t refs;
} refcount_t;

struct kref {
	refcount_t refcount;
};

/* ---- lists and trees ---- */

struct list_head {
	struct list_head *next;
	struct list_head *prev;
};

struct hlist_node {
	struct hlist_node *next;
	struct hlist_node **pprev;
};

struct hlist_head {
	struct hlist_node *first;
};

struct llist_node {
	struct llist_node *next;
};

struct llist_head {
	struct llist_node *first;
};

struct rb_node {
	unsigned long __rb_parent_color;
	struct rb_node *rb_right;
	struct rb_node *rb_left;
};

struct rb_root {
	struct rb_node *rb_node;
};

struct rb_root_cached {
	struct rb_root rb_root;
	struct rb_node *rb_leftmost;
};

struct interval_tree_node {
	struct rb_node rb;
	unsigned long start;
	unsigned long last;
	unsigned long __subtree_last;
};

struct rcu_head {
	struct rcu_head *next;
	void (*func)(struct rcu_head *head);
};

#define callback_head rcu_head

/* ---- locks and waiting ---- */

typedef struct spinlock {
	unsigned int locked;
} spinlock_t;

typedef struct raw_spinlock {
	unsigned int locked;
} raw_spinlock_t;

typedef struct {
	unsigned int locked;
} rwlock_t;

typedef struct {
	unsigned int sequence;
} seqlock_t;

typedef struct {
	unsigned int sequence;
} seqcount_t;

struct mutex {
	unsigned long owner;
};

struct rw_semaphore {
	unsigned long owner;
};

struct percpu_rw_semaphore {
	unsigned long owner;
};

struct lock_class_key {
	char unused;
};

typedef struct wait_queue_head {
	spinlock_t lock;
	struct list_head head;
} wait_queue_head_t;

struct wait_queue_entry {
	unsigned int flags;
	void *private;
	struct list_head entry;
};

struct completion {
	unsigned int done;
	wait_queue_head_t wait;
};

struct semaphore {
	spinlock_t lock;
	unsigned int count;
	struct list_head wait_list;
};

/* ---- work ---- */

struct work_struct;
typedef void (*work_func_t)(struct work_struct *work);

struct work_struct {
	unsigned long data;
	struct list_head entry;
	work_func_t func;
};

struct timer_list {
	unsigned long expires;
	void (*function)(struct timer_list *timer);
};

struct workqueue_struct {
	const char *name;
};

struct delayed_work {
	struct work_struct work;
	struct timer_list timer;
	struct workqueue_struct *wq;
};

struct rcu_work {
	struct work_struct work;
	struct rcu_head rcu;
};

/* ---- indexes ---- */

struct xarray {
	spinlock_t xa_lock;
	gfp_t xa_flags;
	void *xa_head;
};

struct idr {
	struct xarray idr_rt;
	unsigned int idr_base;
	unsigned int idr_next;
};

struct ida {
	struct xarray xa;
};

struct xa_limit {
	u32 max;
	u32 min;
};

struct rhash_head {
	struct rhash_head *next;
};

struct rhashtable_compare_arg;

struct rhashtable_params {
	u16 nelem_hint;
	u16 key_len;
	u16 key_offset;
	u16 head_offset;
	unsigned int max_size;
	u16 min_size;
	bool automatic_shrinking;
	u32 (*hashfn)(const void *data, u32 len, u32 seed);
	u32 (*obj_hashfn)(const void *data, u32 len, u32 seed);
	int (*obj_cmpfn)(struct rhashtable_compare_arg *arg, const void *obj);
};

struct rhashtable {
	void *tbl;
	unsigned int key_len;
	unsigned int max_elems;
	struct rhashtable_params p;
	struct mutex mutex;
	spinlock_t lock;
	atomic_t nelems;
};

/* ---- ids and times ---- */

typedef struct {
	uid_t val;
} kuid_t;

typedef struct {
	gid_t val;
} kgid_t;

typedef struct {
	uid_t val;
} vfsuid_t;

typedef struct {
	gid_t val;
} vfsgid_t;

struct timespec64 {
	time64_t tv_sec;
	long tv_nsec;
};

struct iovec {
	void *iov_base;
	size_t iov_len;
};

struct kobject {
	const char *name;
	struct kref kref;
};

struct module {
	const char *name;
};
