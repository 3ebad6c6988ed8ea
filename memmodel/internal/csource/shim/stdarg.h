#ifndef __SHIM_STDARG_H
#define __SHIM_STDARG_H

/* Arguments that are not named can be printed. */
typedef __builtin_va_list va_list;
#define va_start(ap, last) ((void)((ap) = 0))
#define va_end(ap) ((void)0)
#define va_copy(to, from) ((void)((to) = (from)))
#define va_arg(ap, type) (__cc_unsupported("va_arg is not supported: name the arguments"), *(type *)0)

#endif
