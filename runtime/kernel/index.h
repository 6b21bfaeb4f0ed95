/* Indexes: idr, ida, xarray and rhashtable are intrinsics; walking over one is C. */

void idr_init(struct idr *idr);
void idr_init_base(struct idr *idr, int base);
int idr_alloc(struct idr *idr, void *entry, int start, int end, gfp_t gfp);
int idr_alloc_cyclic(struct idr *idr, void *entry, int start, int end, gfp_t gfp);
int idr_alloc_u32(struct idr *idr, void *entry, u32 *id, unsigned long max, gfp_t gfp);
void *idr_find(const struct idr *idr, unsigned long id);
void *idr_remove(struct idr *idr, unsigned long id);
void *idr_replace(struct idr *idr, void *entry, unsigned long id);
void idr_destroy(struct idr *idr);
bool idr_is_empty(const struct idr *idr);
void idr_preload(gfp_t gfp);
void idr_preload_end(void);
int ida_alloc(struct ida *ida, gfp_t gfp);
void ida_free(struct ida *ida, unsigned int id);
void ida_destroy(struct ida *ida);
void xa_init(struct xarray *xa);
void xa_init_flags(struct xarray *xa, gfp_t flags);
void *xa_load(struct xarray *xa, unsigned long index);
void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *xa_erase(struct xarray *xa, unsigned long index);
void *xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp);
int xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
int xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, gfp_t gfp);
int xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, u32 *next, gfp_t gfp);
void xa_destroy(struct xarray *xa);
bool xa_empty(const struct xarray *xa);
int rhashtable_init(struct rhashtable *table, const struct rhashtable_params *params);
void rhashtable_destroy(struct rhashtable *table);

/* The entry with the smallest id (index) from `*id` on, which is stored there; NULL after the last. */
void *__sim_idr_next(struct idr *idr, int *id);
void *__sim_xa_next(struct xarray *xa, unsigned long *index);
/* The entry at `*place`, which is counted up; NULL after the last. */
struct rhash_head *__sim_rhashtable_next(struct rhashtable *table, int *place);

#define XA_FLAGS_LOCK_IRQ 1u
#define XA_FLAGS_LOCK_BH 2u
#define XA_FLAGS_ALLOC 4u
#define XA_FLAGS_ALLOC1 12u
#define xa_limit_31b ((struct xa_limit){ .max = 0x7fffffff, .min = 0 })
#define xa_limit_32b ((struct xa_limit){ .max = 0xffffffff, .min = 0 })
#define XA_LIMIT(low, high) ((struct xa_limit){ .min = (low), .max = (high) })
#define xa_is_err(entry) IS_ERR(entry)
#define xa_err(entry) PTR_ERR_OR_ZERO(entry)
#define IDR_INIT(name) ((struct idr){ .idr_base = 0, .idr_next = 0 })

/* Calls `function` for each entry until it answers other than 0, which is returned. */
int idr_for_each(struct idr *idr, int (*function)(int id, void *entry, void *data), void *data)
{
	void *entry;
	int id = 0;
	int ret;

	while ((entry = __sim_idr_next(idr, &id)) != NULL) {
		ret = function(id, entry, data);
		if (ret)
			return ret;
		id++;
	}
	return 0;
}

void *idr_get_next(struct idr *idr, int *next)
{
	return __sim_idr_next(idr, next);
}

/* Calls `function` for each object, which it may free. */
void rhashtable_free_and_destroy(struct rhashtable *table, void (*function)(void *object, void *data), void *data)
{
	struct rhash_head *head;
	int place = 0;

	while ((head = __sim_rhashtable_next(table, &place)) != NULL)
		function((char *)head - table->p.head_offset, data);
	rhashtable_destroy(table);
}

#define idr_for_each_entry(idr, entry, id) for (id = 0; (entry = __sim_idr_next(idr, &(id))) != NULL; id++)
#define idr_for_each_entry_continue(idr, entry, id) for (; (entry = __sim_idr_next(idr, &(id))) != NULL; id++)
#define xa_for_each_range(xa, index, entry, start, last) \
	for (index = (start); (entry = __sim_xa_next(xa, &(index))) != NULL && index <= (last); index++)
#define xa_for_each_start(xa, index, entry, start) for (index = (start); (entry = __sim_xa_next(xa, &(index))) != NULL; index++)
#define xa_for_each(xa, index, entry) for (index = 0; (entry = __sim_xa_next(xa, &(index))) != NULL; index++)
