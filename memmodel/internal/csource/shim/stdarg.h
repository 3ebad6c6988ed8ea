#ifndef __SHIM_STDARG_H
#define __SHIM_STDARG_H

/* Arguments that have no names are in cells of eight bytes each; see varargs.go. */
typedef __builtin_va_list va_list;
#define va_start(ap, last) ((void)((ap) = __cc_varargs()))
#define va_end(ap) ((void)0)
#define va_copy(to, from) ((void)((to) = (from)))
#define va_arg(ap, type) ((type)((long *)((ap) = (void *)((long *)(ap) + 1)))[-1])

#endif
