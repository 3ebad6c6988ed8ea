#ifndef __SHIM_LINUX_CLEANUP_H
#define __SHIM_LINUX_CLEANUP_H

/* What is released where a scope ends: Linux's include/linux/cleanup.h. */
#include <linux/compiler.h>
#include <stddef.h>

#define DEFINE_FREE(name, type, release) \
	static inline void __free_##name(void *p) { type _T = *(type *)p; release; }
#define __free(name) __cleanup(__free_##name)
#define __get_and_null(p, nothing) ({ \
	__typeof__(&(p)) __null_p = &(p); \
	__typeof__(p) __null_v = *__null_p; \
	*__null_p = nothing; \
	__null_v; })
#define no_free_ptr(p) __get_and_null(p, NULL)
#define return_ptr(p) return no_free_ptr(p)
#define retain_and_null_ptr(p) ((void)__get_and_null(p, NULL))
#define take_fd(p) __get_and_null(p, -1)

#define DEFINE_CLASS(name, type, leave, enter, ...) \
typedef type class_##name##_t; \
static inline void class_##name##_destructor(class_##name##_t *p) { class_##name##_t _T = *p; leave; } \
static inline class_##name##_t class_##name##_constructor(__VA_ARGS__) { class_##name##_t t = enter; return t; }
#define CLASS(name, var) \
	class_##name##_t var __cleanup(class_##name##_destructor) = class_##name##_constructor

#define DEFINE_GUARD(name, type, lock, unlock) \
DEFINE_CLASS(name, type, if (_T) { unlock; }, ({ lock; _T; }), type _T) \
static inline void *class_##name##_lock_ptr(class_##name##_t *_T) { return (void *)*_T; }

/* A guard that may get nothing: its pointer is null then. */
#define DEFINE_GUARD_COND(name, ext, trylock) \
typedef class_##name##_t class_##name##ext##_t; \
static inline void class_##name##ext##_destructor(class_##name##_t *p) { class_##name##_destructor(p); } \
static inline class_##name##_t class_##name##ext##_constructor(class_##name##_t _T) \
{ \
	class_##name##_t t = ({ int __cond_got = (trylock); __cond_got ? _T : NULL; }); \
	return t; \
} \
static inline void *class_##name##ext##_lock_ptr(class_##name##_t *_T) { return (void *)*_T; }

/* Of a lock that is no variable. */
#define DEFINE_LOCK_GUARD_0(name, enter, leave, ...) \
typedef struct { void *lock; } class_##name##_t; \
static inline void class_##name##_destructor(class_##name##_t *_T) { if (_T->lock) { leave; } } \
static inline class_##name##_t class_##name##_constructor(void) \
{ \
	class_##name##_t _t = { (void *)1 }, *_T = &_t; \
	enter; \
	(void)_T; \
	return _t; \
} \
static inline void *class_##name##_lock_ptr(class_##name##_t *_T) { return _T->lock; }
#define DEFINE_LOCK_GUARD_1(name, type, enter, leave, ...) \
typedef struct { type *lock; __VA_ARGS__; } class_##name##_t; \
static inline void class_##name##_destructor(class_##name##_t *_T) { if (_T->lock) { leave; } } \
static inline class_##name##_t class_##name##_constructor(type *l) \
{ \
	class_##name##_t _t = { .lock = l }, *_T = &_t; \
	enter; \
	return _t; \
} \
static inline void *class_##name##_lock_ptr(class_##name##_t *_T) { return (void *)_T->lock; }

#define guard(name) CLASS(name, __UNIQUE_ID(guard))
#define __guard_ptr(name) class_##name##_lock_ptr
#define scoped_guard(name, ...) \
	for (CLASS(name, scope)(__VA_ARGS__), *done = NULL; \
	     __guard_ptr(name)(&scope) && !done; done = (void *)1)
#define scoped_cond_guard(name, otherwise, ...) \
	for (CLASS(name, scope)(__VA_ARGS__), *done = NULL; !done; done = (void *)1) \
		if (!__guard_ptr(name)(&scope)) \
			otherwise; \
		else

#endif
