#ifndef __SHIM_STRING_H
#define __SHIM_STRING_H

/* memset and its like are for whole variables. */
#include <stddef.h>

#define memset(p, c, n) ({ __typeof__((p) + 0) __filled = (p); __cc_fill(__filled, (c), (n)); __filled; })
#define memcpy(p, ...) ({ __typeof__((p) + 0) __copied = (p); __cc_copy(__copied, __VA_ARGS__); __copied; })
#define memcmp(...) __cc_compare(__VA_ARGS__)
#define memmove(p, ...) ({ __typeof__((p) + 0) __copied = (p); __cc_move(__copied, __VA_ARGS__); __copied; })
#define memzero_explicit(p, n) ((void)memset((p), 0, (n)))
#define bzero(p, n) ((void)memset((p), 0, (n)))

static inline size_t strlen(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

static inline size_t strnlen(const char *s, size_t most)
{
	size_t n = 0;

	while (n < most && s[n])
		n++;
	return n;
}

static inline int strncmp(const char *s, const char *t, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		unsigned char a = (unsigned char)s[i], b = (unsigned char)t[i];

		if (a != b)
			return a - b;
		if (!a)
			break;
	}
	return 0;
}

static inline int strcmp(const char *s, const char *t) { return strncmp(s, t, (size_t)-1); }

static inline char *strncpy(char *to, const char *from, size_t n)
{
	size_t i = 0;

	for (; i < n && from[i]; i++)
		to[i] = from[i];
	for (; i < n; i++)
		to[i] = 0;
	return to;
}

static inline char *strcpy(char *to, const char *from)
{
	size_t i = 0;

	do
		to[i] = from[i];
	while (from[i++]);
	return to;
}

static inline char *strcat(char *to, const char *from)
{
	strcpy(to + strlen(to), from);
	return to;
}

static inline char *strchr(const char *s, int c)
{
	for (; *s != (char)c; s++)
		if (!*s)
			return (char *)0;
	return (char *)s;
}

static inline char *strrchr(const char *s, int c)
{
	const char *last = (char *)0;

	do
		if (*s == (char)c)
			last = s;
	while (*s++);
	return (char *)last;
}

static inline char *strdup(const char *s)
{
	size_t n = strlen(s) + 1;
	char *p = __cc_alloc(n, 0);

	return strcpy(p, s);
}

static inline char *strerror(int error) { return (char *)"an error"; }

#endif
