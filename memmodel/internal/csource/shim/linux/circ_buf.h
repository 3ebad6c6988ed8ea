#ifndef __SHIM_LINUX_CIRC_BUF_H
#define __SHIM_LINUX_CIRC_BUF_H

struct circ_buf { char *buf; int head, tail; };

/* Of a size that is a power of two: what is in the buffer, and what has room in it; and how
 * much of that comes before the end of the array. */
#define CIRC_CNT(head, tail, size) (((head) - (tail)) & ((size) - 1))
#define CIRC_SPACE(head, tail, size) CIRC_CNT((tail), (head) + 1, (size))
#define CIRC_CNT_TO_END(head, tail, size) ({ \
	int __to_end = (size) - (tail), __all = ((head) + __to_end) & ((size) - 1); \
	__all < __to_end ? __all : __to_end; })
#define CIRC_SPACE_TO_END(head, tail, size) ({ \
	int __to_end = (size) - 1 - (head), __all = (__to_end + (tail)) & ((size) - 1); \
	__all <= __to_end ? __all : __to_end + 1; })

#endif
