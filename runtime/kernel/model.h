/*
 * What the drivers of a subsystem use of this model, besides the kernel's own functions. All of it sets up or tears down
 * what is around the subsystem: nothing that is made here fails.
 */

/* ---- choices, made by the explorer ---- */

/* 1 on the paths on which this fallible call fails, else 0. */
int __sim_fails(const char *name);
/* 0 to count - 1, each on a path of its own. */
long __sim_choose(const char *name, long count);
/* The caller may sleep here: an error in atomic context. */
void __sim_sleeps(const char *what);

/* ---- beginning and end ---- */

/* Gives the tasks their credentials and namespaces. Before anything else. */
void __model_begin(void);
/* Drops them. After everything else: what of them is alive when the last grace period has passed is held by somebody. */
void __model_end(void);

/* ---- credentials ---- */

/* New credentials with one reference, put with put_cred(). */
struct cred *__model_cred(void);

/* ---- file systems ---- */

/*
 * A mounted file system without files, with `s_stack_depth`. Hand it to __model_drop_super() when done: it goes away with
 * the last file on it.
 */
struct super_block *__model_super(int stack_depth);
void __model_drop_super(struct super_block *sb);
/* A superblock of that type for get_tree() and its like: no root, one active reference. deactivate_super() drops it. */
struct super_block *__model_sget(struct file_system_type *type, void *fs_info);
/* A mount of a superblock that has its root; takes over an active reference, which mntput() drops in the end. */
struct vfsmount *__model_mount(struct super_block *sb);
/* Memory pressure: dentries and inodes that nobody uses go away. */
void __model_shrink_inodes(struct super_block *sb);
/* A hashed dentry below the root that takes over the reference to `inode`; dput() drops it and leaves it cached. */
struct dentry *__model_dentry(struct super_block *sb, struct inode *inode);

/* ---- files ---- */

/* An open file with one reference on a new inode of a __model_super(). `mode` is a file type with permissions. */
struct file *__model_file(umode_t mode, struct super_block *sb);
/* An open file of a device: `open` of these operations was not called, `release` will be. */
struct file *__model_device_file(const struct file_operations *operations);
/* The lowest free descriptor for a file, whose reference it takes over; -EMFILE without one, and the file is put. */
int __model_fd_install(struct file *file);
/* close(2): 0, or -EBADF. */
int __model_close_fd(int fd);
