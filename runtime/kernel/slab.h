/* Memory. Allocators and what frees them are intrinsics; those that take a type are known by name. */

/* What else there is to a cache is kept with its memory. */
struct kmem_cache {
	const char *name;
};

void *kmalloc(size_t size, gfp_t gfp);
void *kzalloc(size_t size, gfp_t gfp);
void *kcalloc(size_t n, size_t size, gfp_t gfp);
void *kmalloc_array(size_t n, size_t size, gfp_t gfp);
void *kvmalloc(size_t size, gfp_t gfp);
void *kvzalloc(size_t size, gfp_t gfp);
void *kvcalloc(size_t n, size_t size, gfp_t gfp);
void *kvmalloc_array(size_t n, size_t size, gfp_t gfp);
void *kmemdup(const void *from, size_t size, gfp_t gfp);
char *kstrdup(const char *text, gfp_t gfp);
void kfree(const void *object);
void kvfree(const void *object);
void kfree_sensitive(const void *object);
struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align, slab_flags_t flags,
				     void (*constructor)(void *object));
void kmem_cache_destroy(struct kmem_cache *cache);
void *kmem_cache_zalloc(struct kmem_cache *cache, gfp_t gfp);
void kmem_cache_free(struct kmem_cache *cache, void *object);

/* `name` is what a failure is told by. */
void *__sim_kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp, const char *name);
void *__sim_kmem_cache_constructor(struct kmem_cache *cache);

typedef void (*kmem_cache_constructor)(void *object);

/* The constructor runs for each object, where the kernel runs it once for memory that is used again. */
void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	void *object = __sim_kmem_cache_alloc(cache, gfp, "kmem_cache_alloc");
	kmem_cache_constructor constructor = __sim_kmem_cache_constructor(cache);

	if (object && constructor)
		constructor(object);
	return object;
}

#define kmem_cache_alloc_lru(cache, lru, gfp) kmem_cache_alloc(cache, gfp)
#define alloc_inode_sb(sb, cache, gfp) kmem_cache_alloc(cache, gfp)

void *memset(void *to, int byte, size_t size);
void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
int memcmp(const void *a, const void *b, size_t size);
size_t strlen(const char *text);
size_t strnlen(const char *text, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t max);
ssize_t strscpy(char *to, const char *from, size_t size);
int sprintf(char *to, const char *format, ...);
int snprintf(char *to, size_t size, const char *format, ...);
void get_random_bytes(void *to, size_t size);
