#ifndef __SHIM_LINUX_SLAB_H
#define __SHIM_LINUX_SLAB_H

#include <linux/cleanup.h>
#include <linux/kernel.h>
#include <linux/types.h>
#include <linux/overflow.h>
#include <linux/string.h>

#define GFP_KERNEL 0
#define GFP_ATOMIC 1
#define GFP_NOIO 4
#define GFP_USER 5
#define GFP_HIGHUSER 5
#define GFP_KERNEL_ACCOUNT 0
#define GFP_NOWAIT 2
#define GFP_NOFS 3
#define __GFP_ZERO 0
#define __GFP_NOWARN 0
#define __GFP_NOFAIL 0
#define __GFP_NORETRY 0
#define __GFP_RETRY_MAYFAIL 0
#define __GFP_ACCOUNT 0
#define __GFP_HIGH 0
#define __GFP_RECLAIM 0
#define __GFP_COMP 0
#define __GFP_DIRECT_RECLAIM 0
#define gfpflags_allow_blocking(gfp) ({ gfp_t __gfp = (gfp); __gfp != GFP_ATOMIC && __gfp != GFP_NOWAIT; })
#define kmalloc(n, gfp) __cc_alloc((n), 0)
#define kzalloc(n, gfp) __cc_alloc((n), 1)
#define kcalloc(n, m, gfp) __cc_alloc((n) * (m), 1)
#define kmalloc_array(n, m, gfp) __cc_alloc((n) * (m), 0)
#define kvmalloc_array(n, m, gfp) kmalloc_array(n, m, gfp)
#define kvcalloc(n, m, gfp) kcalloc(n, m, gfp)
#define kcalloc_node(n, m, gfp, node) kcalloc(n, m, gfp)
#define kmalloc_node(n, gfp, node) kmalloc(n, gfp)
#define kzalloc_node(n, gfp, node) kzalloc(n, gfp)
#define kvmalloc(n, gfp) kmalloc(n, gfp)
#define kvzalloc(n, gfp) kzalloc(n, gfp)
#define vmalloc(n) kmalloc(n, 0)
#define vzalloc(n) kzalloc(n, 0)
#define vmalloc_node(n, node) vmalloc(n)
#define vzalloc_node(n, node) vzalloc(n)
#define kmalloc_flex(x, member, n, ...) ((__typeof__(x) *)__cc_alloc(struct_size(&(x), member, n), 0))
#define kzalloc_flex(x, member, n, ...) ((__typeof__(x) *)__cc_alloc(struct_size(&(x), member, n), 1))
#define krealloc(p, n, gfp) ({ __cc_mark("realloc"); __cc_realloc((p), (n)); })
#define krealloc_array(p, n, m, gfp) ({ __cc_mark("realloc"); __cc_realloc((p), (n) * (m)); })
#define kmemdup(p, n, gfp) ({ size_t __dup_size = (n); __typeof__(p) __dup = __cc_alloc(__dup_size, 0); __cc_copy(__dup, (p), __dup_size); __dup; })
#define kmalloc_obj(x, ...) ((__typeof__(x) *)__cc_alloc(sizeof(__typeof__(x)), 0))
#define kzalloc_obj(x, ...) ((__typeof__(x) *)__cc_alloc(sizeof(__typeof__(x)), 1))

/* A cache hands out objects of the type of the pointer that they are assigned to. */
struct kmem_cache { int __none; };
static struct kmem_cache __the_cache;
#define SLAB_HWCACHE_ALIGN 0
#define SLAB_PANIC 0
#define SLAB_ACCOUNT 0
#define SLAB_RECLAIM_ACCOUNT 0
#define SLAB_TYPESAFE_BY_RCU ({ __cc_unsupported("SLAB_TYPESAFE_BY_RCU is not supported: objects are never reused here; reuse them from a pool of your own"); 0; })
#define SLAB_POISON 0
#define SLAB_RED_ZONE 0
#define SLAB_NO_MERGE 0
#define kmem_cache_create(name, size, ...) (&__the_cache)
#define kmem_cache_create_usercopy(name, size, ...) (&__the_cache)
#define KMEM_CACHE(type, flags) (&__the_cache)
#define kmem_cache_alloc(c, gfp) __cc_alloc(0, 2)
#define kmem_cache_zalloc(c, gfp) __cc_alloc(0, 3)
#define kmem_cache_alloc_node(c, gfp, node) __cc_alloc(0, 2)
#define kmem_cache_free(c, p) __cc_free(p)
#define kmem_cache_destroy(c) ((void)(c))
#define kmem_cache_shrink(c) ((void)(c))

#define mem_dump_obj(p) ((void)(p))
static inline void kfree(const void *p) { __cc_free(p); }
#define kvfree(p) __cc_free(p)
#define vfree(p) __cc_free(p)
#define kfree_sensitive(p) __cc_free(p)
#define kfree_const(p) __cc_free(p)
#define kvfree_sensitive(p, n) __cc_free(p)
#define kfree_bulk(n, p) __cc_unsupported("kfree_bulk is not supported: free each object")
DEFINE_FREE(kfree, void *, if (!IS_ERR_OR_NULL(_T)) kfree(_T))
DEFINE_FREE(kvfree, void *, if (!IS_ERR_OR_NULL(_T)) kvfree(_T))

#endif
