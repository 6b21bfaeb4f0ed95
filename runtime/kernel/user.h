/* User memory: a plain address of this model's, which any access may find not mapped. */

unsigned long copy_from_user(void *to, const void *from, unsigned long n);
unsigned long copy_to_user(void *to, const void *from, unsigned long n);
unsigned long clear_user(void *to, unsigned long n);
int put_user(long value, void *pointer);
int access_ok(const void *address, unsigned long size);

/* 0, or -EFAULT and `x` is 0. */
#define get_user(x, pointer)                           \
	({                                             \
		int __model_fault;                     \
		__sim_sleeps("get_user()");            \
		__model_fault = __sim_fails("get_user") ? -EFAULT : 0; \
		if (__model_fault)                     \
			(x) = 0;                       \
		else                                   \
			(x) = *(pointer);              \
		__model_fault;                         \
	})

#define __get_user(x, pointer) get_user(x, pointer)
