/* Constants with the kernel's values; those that user space sees are of include/uapi and never change. */

#define PAGE_SHIFT 12
#define PAGE_SIZE (1UL << 12)
#define PAGE_MASK (~(PAGE_SIZE - 1))
#define BITS_PER_LONG 64
#define HZ 250
#define NSEC_PER_SEC 1000000000L
#define NSEC_PER_MSEC 1000000L
#define NSEC_PER_USEC 1000L
#define THIS_MODULE ((struct module *)0)

/* ---- include/linux/gfp_types.h ---- */

#define __GFP_HIGHMEM 0x2u
#define __GFP_RECLAIMABLE 0x10u
#define __GFP_HIGH 0x20u
#define __GFP_IO 0x40u
#define __GFP_FS 0x80u
#define __GFP_ZERO 0x100u
#define __GFP_DIRECT_RECLAIM 0x400u
#define __GFP_KSWAPD_RECLAIM 0x800u
#define __GFP_RECLAIM 0xc00u
#define __GFP_NOWARN 0x2000u
#define __GFP_RETRY_MAYFAIL 0x4000u
#define __GFP_NOFAIL 0x8000u
#define __GFP_NORETRY 0x10000u
#define __GFP_COMP 0x40000u
#define __GFP_HARDWALL 0x100000u
#define __GFP_ACCOUNT 0x400000u
#define GFP_KERNEL 0xcc0u
#define GFP_KERNEL_ACCOUNT 0x400cc0u
#define GFP_ATOMIC 0x820u
#define GFP_NOWAIT 0x2800u
#define GFP_NOIO 0xc00u
#define GFP_NOFS 0xc40u
#define GFP_USER 0x100cc0u
#define GFP_HIGHUSER 0x100cc2u
#define SLAB_CONSISTENCY_CHECKS 0x100u
#define SLAB_POISON 0x800u
#define SLAB_HWCACHE_ALIGN 0x2000u
#define SLAB_RECLAIM_ACCOUNT 0x20000u
#define SLAB_PANIC 0x40000u
#define SLAB_TYPESAFE_BY_RCU 0x80000u
#define SLAB_NO_MERGE 0x1000000u
#define SLAB_ACCOUNT 0x4000000u
#define SLAB_TEMPORARY SLAB_RECLAIM_ACCOUNT

/* ---- include/uapi/asm-generic/fcntl.h ---- */

#define O_ACCMODE 00000003
#define O_RDONLY 00000000
#define O_WRONLY 00000001
#define O_RDWR 00000002
#define O_CREAT 00000100
#define O_EXCL 00000200
#define O_NOCTTY 00000400
#define O_TRUNC 00001000
#define O_APPEND 00002000
#define O_NONBLOCK 00004000
#define O_DSYNC 00010000
#define FASYNC 00020000
#define O_DIRECT 00040000
#define O_LARGEFILE 00100000
#define O_DIRECTORY 00200000
#define O_NOFOLLOW 00400000
#define O_NOATIME 01000000
#define O_CLOEXEC 02000000
#define O_SYNC 04010000
#define O_PATH 010000000
#define O_TMPFILE 020200000

/* ---- include/uapi/linux/stat.h ---- */

#define S_IFMT 00170000
#define S_IFSOCK 0140000
#define S_IFLNK 0120000
#define S_IFREG 0100000
#define S_IFBLK 0060000
#define S_IFDIR 0040000
#define S_IFCHR 0020000
#define S_IFIFO 0010000
#define S_ISUID 0004000
#define S_ISGID 0002000
#define S_ISVTX 0001000
#define S_IRWXU 00700
#define S_IRUSR 00400
#define S_IWUSR 00200
#define S_IXUSR 00100
#define S_IRWXG 00070
#define S_IRGRP 00040
#define S_IWGRP 00020
#define S_IXGRP 00010
#define S_IRWXO 00007
#define S_IROTH 00004
#define S_IWOTH 00002
#define S_IXOTH 00001
#define S_IALLUGO 0007777
#define S_IRWXUGO 0000777
#define S_IRUGO 0000444
#define S_IWUGO 0000222
#define S_IXUGO 0000111
#define S_ISLNK(m) (((m) & S_IFMT) == S_IFLNK)
#define S_ISREG(m) (((m) & S_IFMT) == S_IFREG)
#define S_ISDIR(m) (((m) & S_IFMT) == S_IFDIR)
#define S_ISCHR(m) (((m) & S_IFMT) == S_IFCHR)
#define S_ISBLK(m) (((m) & S_IFMT) == S_IFBLK)
#define S_ISFIFO(m) (((m) & S_IFMT) == S_IFIFO)
#define S_ISSOCK(m) (((m) & S_IFMT) == S_IFSOCK)
#define AT_STATX_FORCE_SYNC 0x2000
#define AT_STATX_DONT_SYNC 0x4000
#define STATX_TYPE 0x00000001U
#define STATX_MODE 0x00000002U
#define STATX_NLINK 0x00000004U
#define STATX_UID 0x00000008U
#define STATX_GID 0x00000010U
#define STATX_ATIME 0x00000020U
#define STATX_MTIME 0x00000040U
#define STATX_CTIME 0x00000080U
#define STATX_INO 0x00000100U
#define STATX_SIZE 0x00000200U
#define STATX_BLOCKS 0x00000400U
#define STATX_BASIC_STATS 0x000007ffU
#define STATX_BTIME 0x00000800U

/* ---- include/uapi/linux/capability.h ---- */

#define CAP_CHOWN 0
#define CAP_DAC_OVERRIDE 1
#define CAP_DAC_READ_SEARCH 2
#define CAP_FOWNER 3
#define CAP_FSETID 4
#define CAP_SETUID 7
#define CAP_SYS_PTRACE 19
#define CAP_SYS_ADMIN 21
#define CAP_SYS_RESOURCE 24
#define CAP_PERFMON 38
#define CAP_BPF 39

/* ---- include/linux/fs.h: files ---- */

#define FMODE_READ (1u << 0)
#define FMODE_WRITE (1u << 1)
#define FMODE_LSEEK (1u << 2)
#define FMODE_PREAD (1u << 3)
#define FMODE_PWRITE (1u << 4)
#define FMODE_EXEC (1u << 5)
#define FMODE_PATH (1u << 14)
#define FMODE_ATOMIC_POS (1u << 15)
#define FMODE_WRITER (1u << 16)
#define FMODE_CAN_READ (1u << 17)
#define FMODE_CAN_WRITE (1u << 18)
#define FMODE_OPENED (1u << 19)
#define FMODE_STREAM (1u << 21)
#define FMODE_CAN_ODIRECT (1u << 22)
#define FMODE_BACKING (1u << 24)
#define FMODE_NOWAIT (1u << 27)
#define IOCB_HIPRI 0x1
#define IOCB_DSYNC 0x2
#define IOCB_SYNC 0x4
#define IOCB_NOWAIT 0x8
#define IOCB_APPEND 0x10
#define IOCB_DIRECT (1 << 17)
#define IOCB_WRITE (1 << 18)

/* ---- include/linux/fs.h: inodes ---- */

#define S_SYNC (1 << 0)
#define S_NOATIME (1 << 1)
#define S_APPEND (1 << 2)
#define S_IMMUTABLE (1 << 3)
#define S_NOCMTIME (1 << 7)
#define S_AUTOMOUNT (1 << 11)
#define S_NOSEC (1 << 12)
#define S_DAX (1 << 13)
#define I_NEW (1U << 0)
#define I_SYNC (1U << 1)
#define I_DIRTY_SYNC (1U << 4)
#define I_DIRTY_DATASYNC (1U << 5)
#define I_DIRTY_PAGES (1U << 6)
#define I_WILL_FREE (1U << 7)
#define I_FREEING (1U << 8)
#define I_CLEAR (1U << 9)
#define I_REFERENCED (1U << 10)
#define I_DONTCACHE (1U << 16)
#define I_DIRTY_INODE (I_DIRTY_SYNC | I_DIRTY_DATASYNC)
#define I_DIRTY (I_DIRTY_INODE | I_DIRTY_PAGES)
#define ATTR_MODE (1 << 0)
#define ATTR_UID (1 << 1)
#define ATTR_GID (1 << 2)
#define ATTR_SIZE (1 << 3)
#define ATTR_ATIME (1 << 4)
#define ATTR_MTIME (1 << 5)
#define ATTR_CTIME (1 << 6)
#define ATTR_ATIME_SET (1 << 7)
#define ATTR_MTIME_SET (1 << 8)
#define ATTR_FORCE (1 << 9)
#define ATTR_KILL_SUID (1 << 11)
#define ATTR_KILL_SGID (1 << 12)
#define ATTR_FILE (1 << 13)
#define ATTR_OPEN (1 << 15)
#define ATTR_TIMES_SET (1 << 16)
#define ACL_NOT_CACHED ((void *)(-1))
#define ACL_DONT_CACHE ((void *)(-3))

/* ---- include/linux/fs.h: superblocks ---- */

#define FILESYSTEM_MAX_STACK_DEPTH 2
#define MAX_LFS_FILESIZE ((loff_t)0x7fffffffffffffffL)
#define FUSE_SUPER_MAGIC 0x65735546
#define SB_RDONLY (1UL << 0)
#define SB_SYNCHRONOUS (1UL << 4)
#define SB_MANDLOCK (1UL << 6)
#define SB_POSIXACL (1UL << 16)
#define SB_KERNMOUNT (1UL << 22)
#define SB_I_VERSION (1UL << 23)
#define SB_NOSEC (1UL << 28)
#define SB_BORN (1UL << 29)
#define SB_ACTIVE (1UL << 30)
#define SB_I_IMA_UNVERIFIABLE_SIGNATURE 0x00000020
#define SB_I_UNTRUSTED_MOUNTER 0x00000040
#define SB_I_NOIDMAP 0x00002000
#define SB_I_NO_DATA_INTEGRITY 0x00008000
#define FS_REQUIRES_DEV 1
#define FS_HAS_SUBTYPE 4
#define FS_USERNS_MOUNT 8
#define FS_DISALLOW_NOTIFY_PERM 16
#define FS_ALLOW_IDMAP 32
#define BDI_CAP_WRITEBACK (1 << 0)
#define BDI_CAP_WRITEBACK_ACCT (1 << 1)
#define BDI_CAP_STRICTLIMIT (1 << 2)
#define WB_WRITEBACK 1
#define NR_WRITEBACK_TEMP 20
#define DAX_ACCESS 0
#define DCACHE_OP_DELETE (1 << 3)
#define DCACHE_DONTCACHE (1 << 7)
#define VM_READ 0x1UL
#define VM_WRITE 0x2UL
#define VM_SHARED 0x8UL
#define VM_MAYWRITE 0x20UL
#define VM_MAYSHARE 0x80UL
#define VM_HUGEPAGE 0x20000000UL
#define VM_MIXEDMAP 0x10000000UL

/* ---- tasks, signals, io_uring ---- */

#define TASK_RUNNING 0x00000000
#define TASK_INTERRUPTIBLE 0x00000001
#define TASK_UNINTERRUPTIBLE 0x00000002
#define TASK_WAKEKILL 0x00000100
#define TASK_FREEZABLE 0x00002000
#define TASK_KILLABLE (TASK_WAKEKILL | TASK_UNINTERRUPTIBLE)
#define FUSE_MINOR 229
#define CUSE_MINOR 203
#define SIGIO 29
#define POLL_IN 1
#define POLL_ERR 4
#define IO_URING_F_UNLOCKED (-2147483648)

/* ---- include/uapi/asm-generic/ioctl.h ---- */

#define _IOC_NONE 0U
#define _IOC_WRITE 1U
#define _IOC_READ 2U
#define _IOC(dir, type, nr, size) (((dir) << 30) | ((size) << 16) | ((type) << 8) | (nr))
#define _IO(type, nr) _IOC(_IOC_NONE, (type), (nr), 0)
#define _IOR(type, nr, argtype) _IOC(_IOC_READ, (type), (nr), sizeof(argtype))
#define _IOW(type, nr, argtype) _IOC(_IOC_WRITE, (type), (nr), sizeof(argtype))
#define _IOWR(type, nr, argtype) _IOC(_IOC_READ | _IOC_WRITE, (type), (nr), sizeof(argtype))
