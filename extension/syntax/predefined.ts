// Macros that gcc defines by itself for x86-64, and those of asm/byteorder.h: numbers and types that any file may ask for.

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

/** Macros that stand for types, with the words of the type (`gcc -dM -E -x c /dev/null`). */
export const predefinedTypes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    __SIZE_TYPE__: 'long unsigned int',
    __PTRDIFF_TYPE__: 'long int',
    __WCHAR_TYPE__: 'int',
    __WINT_TYPE__: 'unsigned int',
    __CHAR16_TYPE__: 'short unsigned int',
    __CHAR32_TYPE__: 'unsigned int',
    __INTPTR_TYPE__: 'long int',
    __UINTPTR_TYPE__: 'long unsigned int',
    __INTMAX_TYPE__: 'long int',
    __UINTMAX_TYPE__: 'long unsigned int',
    __INT8_TYPE__: 'signed char',
    __INT16_TYPE__: 'short int',
    __INT32_TYPE__: 'int',
    __INT64_TYPE__: 'long int',
    __UINT8_TYPE__: 'unsigned char',
    __UINT16_TYPE__: 'short unsigned int',
    __UINT32_TYPE__: 'unsigned int',
    __UINT64_TYPE__: 'long unsigned int',
  }),
);
