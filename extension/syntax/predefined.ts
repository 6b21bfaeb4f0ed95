// Macros that gcc defines by itself for x86-64, and those of asm/byteorder.h: numbers that any file may ask for.

/** Values by name. */
export const predefined: ReadonlyMap<string, bigint> = new Map(
  Object.entries({
    __CHAR_BIT__: 8n,
    __SCHAR_MAX__: 0x7fn,
    __SHRT_MAX__: 0x7fffn,
    __INT_MAX__: 0x7fffffffn,
    __LONG_MAX__: 0x7fffffffffffffffn,
    __LONG_LONG_MAX__: 0x7fffffffffffffffn,
    __SIZEOF_SHORT__: 2n,
    __SIZEOF_INT__: 4n,
    __SIZEOF_LONG__: 8n,
    __SIZEOF_LONG_LONG__: 8n,
    __SIZEOF_POINTER__: 8n,
    __SIZEOF_SIZE_T__: 8n,
    __SIZEOF_PTRDIFF_T__: 8n,
    __SIZEOF_WCHAR_T__: 4n,
    __SIZEOF_INT128__: 16n,
    __BIGGEST_ALIGNMENT__: 16n,
    __ORDER_LITTLE_ENDIAN__: 1234n,
    __ORDER_BIG_ENDIAN__: 4321n,
    __ORDER_PDP_ENDIAN__: 3412n,
    __BYTE_ORDER__: 1234n,
    __LITTLE_ENDIAN: 1234n,
    __LITTLE_ENDIAN_BITFIELD: 1n,
    __LP64__: 1n,
  }),
);
