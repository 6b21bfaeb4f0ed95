/* What is left: errors as pointers, and parts of the kernel that no modelled path has a use for. */

#define NULL ((void *)0)
#define EXPORT_SYMBOL_GPL(name)
#define IS_ERR_VALUE(x) ((unsigned long)(x) >= (unsigned long)-MAX_ERRNO)

void *ERR_PTR(long error);
long PTR_ERR(const void *pointer);
int PTR_ERR_OR_ZERO(const void *pointer);
bool IS_ERR(const void *pointer);
bool IS_ERR_OR_NULL(const void *pointer);
void *ERR_CAST(const void *pointer);

struct folio;
struct page;

/* ---- iterators over what is read and written: only how much is left is known ---- */

#define iov_iter_count(iter) ((iter)->count)
#define iov_iter_rw(iter) ((iter)->data_source ? 1 : 0)

#define READ 0
#define WRITE 1
#define ITER_DEST 0
#define ITER_SOURCE 1

void iov_iter_ubuf(struct iov_iter *iter, unsigned int direction, void *buffer, size_t count)
{
	*iter = (struct iov_iter){ .data_source = direction, .count = count, .nr_segs = 1 };
}

void iov_iter_truncate(struct iov_iter *iter, u64 count)
{
	if (iter->count > count)
		iter->count = count;
}

void iov_iter_reexpand(struct iov_iter *iter, size_t count)
{
	iter->count = count;
}

void iov_iter_advance(struct iov_iter *iter, size_t bytes)
{
	iter->count -= bytes;
}

void init_sync_kiocb(struct kiocb *iocb, struct file *file)
{
	*iocb = (struct kiocb){ .ki_filp = file };
}

#define is_sync_kiocb(iocb) ((iocb)->ki_complete == NULL)

/* ---- DAX and io_uring: nothing is mapped, and no command is sent ---- */

#define dax_break_layout(inode, start, end, callback) 0
#define dax_break_layout_final(inode) ((void)(inode))
#define dax_layout_busy_page_range(mapping, start, end) NULL
#define dax_read_lock() 0
#define dax_read_unlock(id) ((void)(id))
#define io_uring_cmd_to_pdu(cmd, type) ((type *)((cmd)->pdu))
