#ifndef __SHIM_LINUX_SLAB_H
#define __SHIM_LINUX_SLAB_H

#include <linux/cleanup.h>
#include <linux/kernel.h>
#include <linux/types.h>

#define GFP_KERNEL 0
#define GFP_ATOMIC 1
#define kmalloc(n, gfp) __cc_alloc((n), 0)
#define kzalloc(n, gfp) __cc_alloc((n), 1)
#define kcalloc(n, m, gfp) __cc_alloc((n) * (m), 1)
#define kmalloc_array(n, m, gfp) __cc_alloc((n) * (m), 0)
#define kmalloc_node(n, gfp, node) kmalloc(n, gfp)
#define kzalloc_node(n, gfp, node) kzalloc(n, gfp)
#define kvmalloc(n, gfp) kmalloc(n, gfp)
#define kvzalloc(n, gfp) kzalloc(n, gfp)
#define vmalloc(n) kmalloc(n, 0)
#define vzalloc(n) kzalloc(n, 0)
#define kmalloc_obj(x, ...) ((__typeof__(x) *)__cc_alloc(sizeof(__typeof__(x)), 0))
#define kzalloc_obj(x, ...) ((__typeof__(x) *)__cc_alloc(sizeof(__typeof__(x)), 1))
#define kfree(p) __cc_free(p)
#define kvfree(p) __cc_free(p)
#define vfree(p) __cc_free(p)
#define kfree_sensitive(p) __cc_free(p)
#define GFP_NOWAIT 2
#define GFP_NOFS 3
#define __GFP_ZERO 0

DEFINE_FREE(kfree, void *, if (!IS_ERR_OR_NULL(_T)) kfree(_T))
DEFINE_FREE(kvfree, void *, if (!IS_ERR_OR_NULL(_T)) kvfree(_T))

#endif
