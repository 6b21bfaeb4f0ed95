/*
 * Functions of the kernel that tables of operations name. None is modelled: what a call of one was taken to do is listed
 * with the result.
 */

long compat_ptr_ioctl(struct file *file, unsigned int cmd, unsigned long arg);
loff_t generic_file_llseek(struct file *file, loff_t offset, int whence);
loff_t noop_llseek(struct file *file, loff_t offset, int whence);
ssize_t generic_read_dir(struct file *file, char *to, size_t count, loff_t *pos);
int generic_setlease(struct file *file, int arg, void *lease, void **priv);
unsigned long thp_get_unmapped_area(struct file *file, unsigned long addr, unsigned long len, unsigned long pgoff, unsigned long flags);
vm_fault_t filemap_fault(struct vm_fault *vmf);
vm_fault_t filemap_map_pages(struct vm_fault *vmf, pgoff_t start, pgoff_t end);
bool filemap_dirty_folio(struct address_space *mapping, struct folio *folio);
int filemap_migrate_folio(struct address_space *mapping, struct folio *to, struct folio *from, int mode);
bool iomap_dirty_folio(struct address_space *mapping, struct folio *folio);
bool iomap_release_folio(struct folio *folio, gfp_t gfp);
void iomap_invalidate_folio(struct folio *folio, size_t offset, size_t len);
bool iomap_is_partially_uptodate(struct folio *folio, size_t from, size_t count);
ssize_t noop_direct_IO(struct kiocb *iocb, struct iov_iter *iter);
bool noop_dirty_folio(struct address_space *mapping, struct folio *folio);
int proc_douintvec_minmax(const void *table, int write, void *buffer, size_t *count, loff_t *pos);
int param_get_uint(char *buffer, const void *parameter);
