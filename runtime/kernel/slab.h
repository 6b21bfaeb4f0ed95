/* Memory. Allocators and what frees them are intrinsics; those that take a type are known by name. */

/* What else there is to a cache is kept with its memory. */
struct kmem_cache {
	const char *name;
};

/* Since 6.12. Of these only the constructor makes a difference here. */
struct kmem_cache_args {
	unsigned int align;
	unsigned int useroffset;
	unsigned int usersize;
	unsigned int freeptr_offset;
	bool use_freeptr_offset;
	void (*ctor)(void *object);
	unsigned int sheaf_capacity;
};

/* A cache of the objects of a struct, which is given without that word. */
#define KMEM_CACHE(TAG, flags) __sim_kmem_cache_create("KMEM_CACHE", #TAG, sizeof(struct TAG))
#define KMEM_CACHE_USERCOPY(TAG, flags, field) __sim_kmem_cache_create("KMEM_CACHE_USERCOPY", #TAG, sizeof(struct TAG))

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
struct kmem_cache *__sim_kmem_cache_create(const char *call, const char *name, unsigned int size);
void kmem_cache_destroy(struct kmem_cache *cache);
unsigned int kmem_cache_size(struct kmem_cache *cache);
void *kmem_cache_zalloc(struct kmem_cache *cache, gfp_t gfp);
void kmem_cache_free(struct kmem_cache *cache, void *object);

/* `name` is what a failure is told by. */
void *__sim_kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp, const char *name);
void *__sim_kmem_cache_constructor(struct kmem_cache *cache);

typedef void (*kmem_cache_constructor)(void *object);

/* The constructor runs for each object, where the kernel runs it once for memory that is used again. */
void *__model_cache_object(struct kmem_cache *cache, gfp_t gfp, const char *name)
{
	void *object = __sim_kmem_cache_alloc(cache, gfp, name);
	kmem_cache_constructor constructor = __sim_kmem_cache_constructor(cache);

	if (object && constructor)
		constructor(object);
	return object;
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	return __model_cache_object(cache, gfp, "kmem_cache_alloc");
}

void *kmem_cache_alloc_node(struct kmem_cache *cache, gfp_t gfp, int node)
{
	return __model_cache_object(cache, gfp, "kmem_cache_alloc_node");
}

/* All of them or none: one call that may fail. */
int kmem_cache_alloc_bulk(struct kmem_cache *cache, gfp_t gfp, size_t count, void **objects)
{
	if (!(gfp & __GFP_NOFAIL) && __sim_fails("kmem_cache_alloc_bulk"))
		return 0;
	for (size_t i = 0; i < count; i++)
		objects[i] = __model_cache_object(cache, gfp | __GFP_NOFAIL, "kmem_cache_alloc_bulk");
	return count;
}

void kmem_cache_free_bulk(struct kmem_cache *cache, size_t count, void **objects)
{
	for (size_t i = 0; i < count; i++) {
		if (cache)
			kmem_cache_free(cache, objects[i]);
		else
			kfree(objects[i]);
	}
}

#define kfree_bulk(count, objects) kmem_cache_free_bulk(NULL, count, objects)

/* Nothing is kept that could be given back. */
int kmem_cache_shrink(struct kmem_cache *cache)
{
	return 0;
}

#define kmem_cache_alloc_lru(cache, lru, gfp) kmem_cache_alloc(cache, gfp)
#define alloc_inode_sb(sb, cache, gfp) kmem_cache_alloc(cache, gfp)

/* ---- sizes, which stay at the largest where they would wrap ---- */

size_t size_mul(size_t a, size_t b)
{
	return b && a > SIZE_MAX / b ? SIZE_MAX : a * b;
}

size_t size_add(size_t a, size_t b)
{
	return a > SIZE_MAX - b ? SIZE_MAX : a + b;
}

#define array_size(a, b) size_mul(a, b)
#define array3_size(a, b, c) size_mul(size_mul(a, b), c)
#define flex_array_size(p, member, count) size_mul(sizeof(*(p)->member), count)
#define struct_size(p, member, count) size_add(sizeof(*(p)), flex_array_size(p, member, count))
#define struct_size_t(type, member, count) struct_size((type *)NULL, member, count)

/* A record with an array at its end: `P` is a type, or a variable of it. */
void *__sim_alloc_flex(const char *call, size_t record, size_t bytes, gfp_t gfp);

#define __model_alloc_flex(call, P, MEMBER, count, ...) \
	((typeof(P) *)__sim_alloc_flex(call, sizeof(typeof(P)), struct_size((typeof(P) *)NULL, MEMBER, count), ##__VA_ARGS__))
#define kmalloc_flex(P, MEMBER, count, ...) __model_alloc_flex("kmalloc_flex", P, MEMBER, count, ##__VA_ARGS__)
#define kzalloc_flex(P, MEMBER, count, ...) __model_alloc_flex("kzalloc_flex", P, MEMBER, count, ##__VA_ARGS__)
#define kvmalloc_flex(P, MEMBER, count, ...) __model_alloc_flex("kvmalloc_flex", P, MEMBER, count, ##__VA_ARGS__)
#define kvzalloc_flex(P, MEMBER, count, ...) __model_alloc_flex("kvzalloc_flex", P, MEMBER, count, ##__VA_ARGS__)

/* What kmalloc(0) gives, or NULL. */
#define ZERO_OR_NULL_PTR(p) ((unsigned long)(p) <= 16)

void *krealloc(const void *object, size_t size, gfp_t gfp);
void *krealloc_array(void *object, size_t n, size_t size, gfp_t gfp);
size_t ksize(const void *object);

/* Memory has the size that was asked for. */
#define kmalloc_size_roundup(size) ((size_t)(size))

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
