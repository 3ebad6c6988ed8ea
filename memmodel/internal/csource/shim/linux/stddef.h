#ifndef __SHIM_LINUX_STDDEF_H
#define __SHIM_LINUX_STDDEF_H

#include <stddef.h>

/* Members that have a name together, too. */
#define __struct_group(tag, name, attrs, members...) union { struct { members } attrs; struct tag { members } attrs name; }
#define struct_group(name, members...) __struct_group(, name, , members)
#define struct_group_attr(name, attrs, members...) __struct_group(, name, attrs, members)
#define struct_group_tagged(tag, name, members...) __struct_group(tag, name, , members)

#define sizeof_field(type, member) sizeof(((type *)0)->member)
#define offsetofend(type, member) (offsetof(type, member) + sizeof_field(type, member))

#endif
