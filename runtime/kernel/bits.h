/* Bits of a bitmap, whose operations are intrinsics, and of words. */

bool test_bit(long nr, const volatile unsigned long *bits);
void set_bit(long nr, volatile unsigned long *bits);
void clear_bit(long nr, volatile unsigned long *bits);
bool test_and_set_bit(long nr, volatile unsigned long *bits);
bool test_and_clear_bit(long nr, volatile unsigned long *bits);
void __set_bit(long nr, volatile unsigned long *bits);
void __clear_bit(long nr, volatile unsigned long *bits);
bool test_bit_acquire(long nr, const volatile unsigned long *bits);
void clear_bit_unlock(long nr, volatile unsigned long *bits);
int ilog2(unsigned long value);

#define BIT(nr) (1UL << (nr))
#define BIT_ULL(nr) (1ULL << (nr))
#define BITS_TO_LONGS(bits) (((bits) + 63) / 64)
#define ALIGN(value, to) (((value) + (to) - 1) & ~((to) - 1))
#define IS_ALIGNED(value, to) (((value) & ((to) - 1)) == 0)
#define DIV_ROUND_UP(value, by) (((value) + (by) - 1) / (by))
#define round_up(value, to) ((((value) - 1) | ((to) - 1)) + 1)
#define round_down(value, to) ((value) & ~((to) - 1))
#define upper_32_bits(value) ((u32)((value) >> 32))
#define lower_32_bits(value) ((u32)(value))
#define is_power_of_2(value) ((value) != 0 && ((value) & ((value) - 1)) == 0)
#define PHYS_PFN(address) ((address) >> PAGE_SHIFT)
#define PFN_PHYS(pfn) ((pfn) << PAGE_SHIFT)

/* The word with the bits of `mask` cleared and those of `bits` set, stored in one step; the old word. */
#define set_mask_bits(pointer, mask, bits)                                \
	({                                                                \
		typeof(*(pointer)) __model_old = READ_ONCE(*(pointer));      \
		typeof(*(pointer)) __model_new;                              \
		typeof(*(pointer)) __model_was;                              \
		for (;;) {                                                \
			__model_new = (__model_old & ~(mask)) | (bits);      \
			__model_was = cmpxchg(pointer, __model_old, __model_new); \
			if (__model_was == __model_old)                      \
				break;                                    \
			__model_old = __model_was;                           \
		}                                                         \
		__model_old;                                              \
	})
