#ifndef __SHIM_LINUX_HASHTABLE_H
#define __SHIM_LINUX_HASHTABLE_H

/* Arrays of hash lists. The bucket is the lowest bits of the key: which bucket a key has
 * is no promise. */
#include <linux/bitops.h>
#include <linux/list.h>
#include <linux/rculist.h>

#define hash_min(key, bits) ((unsigned long)(key) & ((1UL << (bits)) - 1))
#define hash_long(key, bits) hash_min(key, bits)
#define hash_32(key, bits) hash_min(key, bits)
#define hash_64(key, bits) hash_min(key, bits)
#define hash_ptr(p, bits) hash_min((unsigned long)(p) >> 4, bits)
#define HASH_SIZE(table) (ARRAY_SIZE(table))
#define __hash_bucket(table, key) (&(table)[(unsigned long)(key) & (HASH_SIZE(table) - 1)])
#define DEFINE_HASHTABLE(name, bits) struct hlist_head name[1 << (bits)]
#define DECLARE_HASHTABLE(name, bits) struct hlist_head name[1 << (bits)]
#define DEFINE_READ_MOSTLY_HASHTABLE(name, bits) DEFINE_HASHTABLE(name, bits)
#define hash_init(table) do { for (unsigned int __hi = 0; __hi < HASH_SIZE(table); __hi++) (table)[__hi].first = NULL; } while (0)
#define hash_add(table, node, key) hlist_add_head(node, __hash_bucket(table, key))
#define hash_add_rcu(table, node, key) hlist_add_head_rcu(node, __hash_bucket(table, key))
#define hash_hashed(node) (!hlist_unhashed(node))
#define hash_del(node) hlist_del_init(node)
#define hash_del_rcu(node) hlist_del_init_rcu(node)
#define hash_for_each(table, b, p, member) \
	for ((b) = 0, p = NULL; p == NULL && (b) < HASH_SIZE(table); (b)++) hlist_for_each_entry(p, &(table)[b], member)
#define hash_for_each_rcu(table, b, p, member) \
	for ((b) = 0, p = NULL; p == NULL && (b) < HASH_SIZE(table); (b)++) hlist_for_each_entry_rcu(p, &(table)[b], member)
#define hash_for_each_safe(table, b, n, p, member) \
	for ((b) = 0, p = NULL; p == NULL && (b) < HASH_SIZE(table); (b)++) hlist_for_each_entry_safe(p, n, &(table)[b], member)
#define hash_for_each_possible(table, p, member, key) hlist_for_each_entry(p, __hash_bucket(table, key), member)
#define hash_for_each_possible_rcu(table, p, member, key, ...) hlist_for_each_entry_rcu(p, __hash_bucket(table, key), member)
#define hash_for_each_possible_safe(table, p, n, member, key) hlist_for_each_entry_safe(p, n, __hash_bucket(table, key), member)

#endif
