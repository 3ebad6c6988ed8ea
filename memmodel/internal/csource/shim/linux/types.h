#ifndef __SHIM_LINUX_TYPES_H
#define __SHIM_LINUX_TYPES_H

#include <linux/compiler.h>
#include <linux/posix_types.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;
typedef unsigned int gfp_t;
typedef unsigned int uint;
typedef unsigned long ulong;
typedef u8 __u8;
#define BITS_PER_LONG 64
#define __BITS_PER_LONG 64
typedef u16 __u16;
typedef u32 __u32;
typedef u64 __u64;
typedef s32 __s32;
typedef s64 __s64;
typedef s16 __s16;
typedef s8 __s8;
typedef u64 __aligned_u64, aligned_u64;
typedef u16 __le16;
typedef u32 __le32;
typedef u64 __le64;
typedef u16 __be16;
typedef u32 __be32;
typedef u64 __be64;
typedef u16 __sum16;
typedef u32 __wsum;
typedef u16 umode_t;
typedef s64 loff_t;
typedef u64 phys_addr_t;
typedef u64 dma_addr_t;
typedef phys_addr_t resource_size_t;
typedef long ssize_t;
typedef unsigned int __poll_t;
typedef unsigned int slab_flags_t, fmode_t, uid_t, gid_t, nlink_t, u_int;
typedef u32 dev_t;
typedef u64 sector_t, blkcnt_t;
typedef unsigned long ino_t, u_long, irq_hw_number_t;
typedef unsigned short mode_t, u_short, ushort;
typedef unsigned char u_char;
typedef int key_t, timer_t, pid_t, clockid_t;
typedef long off_t, clock_t;
typedef unsigned char unchar, u_int8_t;
typedef unsigned long long ullong;
typedef u16 u_int16_t;
typedef u32 u_int32_t, blk_opf_t;
typedef u64 u_int64_t;
typedef s64 ktime_t, time64_t;
typedef long suseconds_t;
typedef int daddr_t, mqd_t;
typedef char *caddr_t;
typedef unsigned long pgoff_t;
typedef void *fl_owner_t;
typedef void (*swap_r_func_t)(void *a, void *b, int size, const void *with);
typedef void (*swap_func_t)(void *a, void *b, int size);
typedef int (*cmp_r_func_t)(const void *a, const void *b, const void *with);
typedef int (*cmp_func_t)(const void *a, const void *b);

typedef struct { int counter; } atomic_t;
typedef struct { s64 counter; } atomic64_t;
typedef struct { long counter; } atomic_long_t;

struct list_head { struct list_head *next, *prev; };
struct hlist_node { struct hlist_node *next, **pprev; };
struct hlist_head { struct hlist_node *first; };
struct callback_head {
	struct callback_head *next;
	void (*func)(struct callback_head *head);
};
#define rcu_head callback_head

#endif
