#ifndef __SHIM_LINUX_KOBJECT_H
#define __SHIM_LINUX_KOBJECT_H

/* The count of an object, and what releases it. There is no sysfs. */
#include <linux/kref.h>
#include <linux/list.h>

struct kobject;
struct kobj_type { void (*release)(struct kobject *kobj); };
struct kobject {
	struct list_head entry;
	struct kobject *parent;
	const struct kobj_type *ktype;
	struct kref kref;
};
#define kobject_init(k, type) do { struct kobject *__init_obj = (k); kref_init(&__init_obj->kref); __init_obj->parent = NULL; __init_obj->ktype = (type); } while (0)
#define kobject_get(k) ({ struct kobject *__kobj = (k); if (__kobj) kref_get(&__kobj->kref); __kobj; })
static inline struct kobject *kobject_get_unless_zero(struct kobject *k) { return kref_get_unless_zero(&k->kref) ? k : NULL; }
static inline void __kobject_release(struct kref *r)
{
	struct kobject *k = container_of(r, struct kobject, kref);

	if (k->ktype && k->ktype->release)
		k->ktype->release(k);
}
static inline void kobject_put(struct kobject *k)
{
	if (k)
		kref_put(&k->kref, __kobject_release);
}

#endif
