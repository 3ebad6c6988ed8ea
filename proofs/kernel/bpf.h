/* Of linux/bpf.h, linux/filter.h and linux/btf_ids.h, which cannot be read here, what
 * kernel/bpf/ringbuf.c needs to be compiled. */
#include <linux/kernel.h>
#include <linux/irq_work.h>
#include <linux/limits.h>
#include <uapi/linux/bpf.h>

/* A page is a word: memory here is of words, and every word is a page's first. */
#define PAGE_SHIFT 3
#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define PAGE_MASK (~(PAGE_SIZE - 1))

struct vm_area_struct;
struct poll_table_struct;
struct page;
struct bpf_dynptr_kern;
struct bpf_map { int __none; };
struct bpf_map_ops {
	void *map_meta_equal, *map_alloc, *map_free, *map_mmap, *map_poll, *map_lookup_elem;
	void *map_update_elem, *map_delete_elem, *map_get_next_key, *map_btf_id;
};
struct bpf_func_proto { void *func; int ret_type, arg1_type, arg2_type, arg3_type, arg4_type; };
#define BTF_ID_LIST_SINGLE(name, prefix, type) static u32 name[1];
bool bpf_map_meta_equal(const struct bpf_map *a, const struct bpf_map *b) { return false; }
enum {
	RET_VOID, RET_INTEGER, RET_PTR_TO_ALLOC_MEM_OR_NULL, ARG_ANYTHING, ARG_CONST_MAP_PTR,
	ARG_CONST_ALLOC_SIZE_OR_ZERO, ARG_PTR_TO_ALLOC_MEM, ARG_PTR_TO_MEM, ARG_CONST_SIZE_OR_ZERO,
	ARG_PTR_TO_DYNPTR, ARG_PTR_TO_FUNC, ARG_PTR_TO_STACK_OR_NULL, OBJ_RELEASE = 0, MEM_RDONLY = 0,
	DYNPTR_TYPE_RINGBUF = 0, MEM_UNINIT = 0, MEM_WRITE = 0,
};
#define BPF_CALL_2(f, t1, a1, t2, a2) static u64 f(t1 a1, t2 a2)
#define BPF_CALL_3(f, t1, a1, t2, a2, t3, a3) static u64 f(t1 a1, t2 a2, t3 a3)
#define BPF_CALL_4(f, t1, a1, t2, a2, t3, a3, t4, a4) static u64 f(t1 a1, t2 a2, t3 a3, t4 a4)
