#ifndef __SHIM_ASM_BYTEORDER_H
#define __SHIM_ASM_BYTEORDER_H

/* The machine's order of bytes is from the lowest to the highest. */
#include <linux/types.h>

#ifndef __LITTLE_ENDIAN
#define __LITTLE_ENDIAN 1234
#endif
#define __LITTLE_ENDIAN_BITFIELD
#define cpu_to_le16(x) ((__le16)(x))
#define cpu_to_le32(x) ((__le32)(x))
#define cpu_to_le64(x) ((__le64)(x))
#define le16_to_cpu(x) ((u16)(x))
#define le32_to_cpu(x) ((u32)(x))
#define le64_to_cpu(x) ((u64)(x))
/* Of constants, also where only a constant may stand. */
#define ___constant_swab16(x) ((u16)((u16)(x) << 8 | (u16)(x) >> 8))
#define ___constant_swab32(x) ((u32)((u32)___constant_swab16(x) << 16 | ___constant_swab16((u32)(x) >> 16)))
#define ___constant_swab64(x) ((u64)___constant_swab32(x) << 32 | ___constant_swab32((u64)(x) >> 32))
#define __constant_cpu_to_le16(x) ((__le16)(x))
#define __constant_cpu_to_le32(x) ((__le32)(x))
#define __constant_cpu_to_le64(x) ((__le64)(x))
#define __constant_cpu_to_be16(x) ((__be16)___constant_swab16(x))
#define __constant_cpu_to_be32(x) ((__be32)___constant_swab32(x))
#define __constant_cpu_to_be64(x) ((__be64)___constant_swab64(x))
#define __constant_htons(x) __constant_cpu_to_be16(x)
#define __constant_htonl(x) __constant_cpu_to_be32(x)
#define swab16(x) ((u16)__builtin_bswap16(x))
#define swab32(x) ((u32)__builtin_bswap32(x))
#define swab64(x) ((u64)__builtin_bswap64(x))
#define cpu_to_be16(x) ((__be16)swab16(x))
#define cpu_to_be32(x) ((__be32)swab32(x))
#define cpu_to_be64(x) ((__be64)swab64(x))
#define be16_to_cpu(x) ((u16)swab16(x))
#define be32_to_cpu(x) ((u32)swab32(x))
#define be64_to_cpu(x) ((u64)swab64(x))
#define htons(x) cpu_to_be16(x)
#define htonl(x) cpu_to_be32(x)
#define ntohs(x) be16_to_cpu(x)
#define ntohl(x) be32_to_cpu(x)

#endif
