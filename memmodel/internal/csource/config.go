package csource

import (
	"bytes"
	"embed"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"modernc.org/cc/v4"
)

//go:embed shim
var shims embed.FS

// shimFolder is where #include finds the shims. It is no folder on disk.
const shimFolder = "<shim>"

// shownFile is how a file is called in errors and pictures.
func shownFile(name string) string {
	return strings.TrimPrefix(strings.TrimPrefix(name, shimFolder+"/"), treeFolder+"/")
}

// predefined has the macros that a compiler predefines: LP64, as on
// linux/amd64, and a dialect of C11 with the extensions of GNU C that kernel
// code needs.
const predefined = `
#define __CROSSCALL__ 1
#define __STDC__ 1
#define __STDC_VERSION__ 201112L
#define __STDC_HOSTED__ 0
#define __GNUC__ 4
#define __LP64__ 1
#define __CHAR_BIT__ 8
#define __SIZE_TYPE__ unsigned long
#define __PTRDIFF_TYPE__ long
#define __WCHAR_TYPE__ int
#define __INTPTR_TYPE__ long
#define __UINTPTR_TYPE__ unsigned long
#define __SIZEOF_INT__ 4
#define __SIZEOF_LONG__ 8
#define __SIZEOF_POINTER__ 8
#define __BYTE_ORDER__ 1234
#define __LITTLE_ENDIAN__ 1
#define __ORDER_LITTLE_ENDIAN__ 1234
#define __ORDER_BIG_ENDIAN__ 4321
#define __ATOMIC_RELAXED 0
#define __ATOMIC_CONSUME 1
#define __ATOMIC_ACQUIRE 2
#define __ATOMIC_RELEASE 3
#define __ATOMIC_ACQ_REL 4
#define __ATOMIC_SEQ_CST 5
#define __ORDER_LITTLE_ENDIAN__ 1234
#define __ORDER_BIG_ENDIAN__ 4321
#define __BYTE_ORDER__ __ORDER_LITTLE_ENDIAN__
#define __extension__
#define _Static_assert(...) __cc_static_assert(__VA_ARGS__, "", )
#define __cc_static_assert(e, m, ...) _Static_assert(e, m)
#define __FUNCTION__ __func__
#define __PRETTY_FUNCTION__ __func__
#define __builtin_offsetof(type, member) ((unsigned long)&(((type *)0)->member))
#define __builtin_expect(x, v) ((long)(x))
#define __builtin_unreachable() __cc_assume(0)
#define __builtin_trap() __cc_assert(0)
#define __builtin_constant_p(x) 0
#define __builtin_types_compatible_p(a, b) __ccgo__types_compatible_p(*(__typeof(a) *)0, *(__typeof(b) *)0)
#define __typeof(...) __typeof(*(__typeof(__VA_ARGS__) *)0)
#define __typeof__(...) __typeof(__VA_ARGS__)
#define typeof(...) __typeof(__VA_ARGS__)
#define __builtin_popcount(x) __cc_popcount((unsigned int)(x))
#define __builtin_popcountl(x) __cc_popcount(x)
#define __builtin_ctz(x) __cc_ctz((unsigned int)(x))
#define __builtin_ctzl(x) __cc_ctz(x)
#define __builtin_popcountll(x) __cc_popcount(x)
#define __builtin_ctzll(x) __cc_ctz(x)
#define __builtin_parity(x) (__cc_popcount((unsigned int)(x)) & 1)
#define __cc_clz(x) ({ unsigned long __cc_x = (x); __cc_x |= __cc_x >> 1; __cc_x |= __cc_x >> 2; __cc_x |= __cc_x >> 4; __cc_x |= __cc_x >> 8; \
	__cc_x |= __cc_x >> 16; __cc_x |= __cc_x >> 32; 64 - __cc_popcount(__cc_x); })
#define __builtin_clz(x) (__cc_clz((unsigned int)(x)) - 32)
#define __builtin_clzl(x) __cc_clz(x)
#define __builtin_clzll(x) __cc_clz(x)
#define __builtin_ffs(x) ({ unsigned int __cc_x = (x); __cc_x ? __cc_ctz(__cc_x) + 1 : 0; })
#define __builtin_ffsl(x) ({ unsigned long __cc_x = (x); __cc_x ? __cc_ctz(__cc_x) + 1 : 0; })
#define __builtin_ffsll(x) __builtin_ffsl(x)
#define __cc_swap16(x) ((unsigned short)((unsigned short)(x) << 8 | (unsigned short)(x) >> 8))
#define __cc_swap32(x) ((unsigned int)((unsigned int)__cc_swap16(x) << 16 | __cc_swap16((x) >> 16)))
#define __builtin_bswap16(x) ({ unsigned short __cc_x = (x); __cc_swap16(__cc_x); })
#define __builtin_bswap32(x) ({ unsigned int __cc_x = (x); __cc_swap32(__cc_x); })
#define __builtin_bswap64(x) ({ unsigned long __cc_x = (x); (unsigned long)__cc_swap32((unsigned int)__cc_x) << 32 | __cc_swap32((unsigned int)(__cc_x >> 32)); })
#define __builtin_expect_with_probability(x, v, p) ((long)(x))
#define __builtin_assume(e) __cc_assume(!!(e))
#define __builtin_memset(p, c, n) __cc_fill((p), (c), (n))
#define __builtin_memcpy(p, q, n) __cc_copy((p), (q), (n))
#define __builtin_memmove(p, q, n) __cc_move((p), (q), (n))
#define __builtin_memcmp(p, q, n) __cc_compare((p), (q), (n))
#define __builtin_alloca(n) __cc_alloca(n)
#define __builtin_abort() __cc_assert(0)
#define __atomic_load_n(p, o) ((__typeof__(*(p)))__cc_c11("c11_load", (o), 0, (p)))
#define __atomic_store_n(p, v, o) ((void)__cc_c11("c11_store", (o), 0, (p), (__typeof__(*(p)))(v)))
#define __atomic_exchange_n(p, v, o) ((__typeof__(*(p)))__cc_c11("c11_xchg", (o), 0, (p), (__typeof__(*(p)))(v)))
#define __atomic_thread_fence(o) ((void)__cc_c11("c11_fence", (o), 0))
#define __cc_fetch(name, p, v, o) ((__typeof__(*(p)))__cc_c11(name, (o), 0, (p), (v)))
#define __atomic_fetch_add(p, v, o) __cc_fetch("c11_fetch_add", p, v, o)
#define __atomic_fetch_sub(p, v, o) __cc_fetch("c11_fetch_sub", p, v, o)
#define __atomic_fetch_and(p, v, o) __cc_fetch("c11_fetch_and", p, v, o)
#define __atomic_fetch_or(p, v, o) __cc_fetch("c11_fetch_or", p, v, o)
#define __atomic_fetch_xor(p, v, o) __cc_fetch("c11_fetch_xor", p, v, o)
#define __atomic_add_fetch(p, v, o) ({ __typeof__((v) + 0) __cc_v = (v); (__typeof__(*(p)))(__atomic_fetch_add(p, __cc_v, o) + __cc_v); })
#define __atomic_sub_fetch(p, v, o) ({ __typeof__((v) + 0) __cc_v = (v); (__typeof__(*(p)))(__atomic_fetch_sub(p, __cc_v, o) - __cc_v); })
#define __atomic_and_fetch(p, v, o) ({ __typeof__((v) + 0) __cc_v = (v); (__typeof__(*(p)))(__atomic_fetch_and(p, __cc_v, o) & __cc_v); })
#define __atomic_or_fetch(p, v, o) ({ __typeof__((v) + 0) __cc_v = (v); (__typeof__(*(p)))(__atomic_fetch_or(p, __cc_v, o) | __cc_v); })
#define __atomic_xor_fetch(p, v, o) ({ __typeof__((v) + 0) __cc_v = (v); (__typeof__(*(p)))(__atomic_fetch_xor(p, __cc_v, o) ^ __cc_v); })
#define __sync_synchronize() __atomic_thread_fence(5)
#define __sync_fetch_and_add(p, v) __atomic_fetch_add(p, v, 5)
#define __sync_fetch_and_sub(p, v) __atomic_fetch_sub(p, v, 5)
#define __sync_fetch_and_and(p, v) __atomic_fetch_and(p, v, 5)
#define __sync_fetch_and_or(p, v) __atomic_fetch_or(p, v, 5)
#define __sync_fetch_and_xor(p, v) __atomic_fetch_xor(p, v, 5)
#define __sync_add_and_fetch(p, v) __atomic_add_fetch(p, v, 5)
#define __sync_sub_and_fetch(p, v) __atomic_sub_fetch(p, v, 5)
#define __sync_val_compare_and_swap(p, o, v) ((__typeof__(*(p)))__cc_c11("c11_cmpxchg", 5, 5, (p), (__typeof__(*(p)))(o), (__typeof__(*(p)))(v)))
#define __sync_bool_compare_and_swap(p, o, v) ({ __typeof__(*(p)) __cc_old = (o); __sync_val_compare_and_swap(p, __cc_old, v) == __cc_old; })
#define __sync_lock_test_and_set(p, v) __atomic_exchange_n(p, v, 2)
#define __sync_or_and_fetch(p, v) __atomic_or_fetch(p, v, 5)
#define __sync_and_and_fetch(p, v) __atomic_and_fetch(p, v, 5)
#define __sync_xor_and_fetch(p, v) __atomic_xor_fetch(p, v, 5)
#define __atomic_signal_fence(o) ((void)(o))
#define __atomic_always_lock_free(n, p) 1
#define __atomic_is_lock_free(n, p) 1
#define __atomic_test_and_set(p, o) ((_Bool)__atomic_exchange_n((_Bool *)(p), 1, o))
#define __atomic_clear(p, o) __atomic_store_n((_Bool *)(p), 0, o)
#define __atomic_load(p, to, o) ((void)(*(to) = __atomic_load_n((p), o)))
#define __atomic_store(p, from, o) __atomic_store_n((p), *(from), o)
#define __atomic_exchange(p, from, to, o) ((void)(*(to) = __atomic_exchange_n((p), *(from), o)))
#define __atomic_compare_exchange(p, e, v, weak, s, f) __atomic_compare_exchange_n((p), (e), *(v), (weak), (s), (f))
#define __sync_lock_release(p) __atomic_store_n(p, 0, 3)
#define __builtin_prefetch(...) ((void)0)
#define __atomic_compare_exchange_n(p, e, v, weak, s, f) ((weak) ? __cc_weak_cas(p, e, v, s, f) : __cc_strong_cas(p, e, v, s, f))
#define __cc_weak_cas(p, e, v, s, f) ({ \
	__typeof__(*(p)) *__cc_p = (p); \
	__typeof__(*(e)) *__cc_e = (e); \
	__typeof__(*(e)) __cc_old = *__cc_e; \
	__typeof__(*(e)) __cc_v = (v); \
	_Bool __cc_ok = 0; \
	if (!__cc_lapse((f), __cc_p, __cc_old)) { \
		__typeof__(*(e)) __cc_was = (__typeof__(*(e)))__cc_c11("c11_cmpxchg", (s), (f), __cc_p, __cc_old, __cc_v); \
		__cc_ok = __cc_was == __cc_old; \
		if (!__cc_ok) *__cc_e = __cc_was; \
	} \
	__cc_ok; })
#define __cc_strong_cas(p, e, v, s, f) ({ \
	__typeof__(*(e)) *__cc_e = (e); \
	__typeof__(*(e)) __cc_old = *__cc_e; \
	__typeof__(*(e)) __cc_was = (__typeof__(*(e)))__cc_c11("c11_cmpxchg", (s), (f), (p), __cc_old, (__typeof__(*(p)))(v)); \
	_Bool __cc_ok = __cc_was == __cc_old; \
	if (!__cc_ok) *__cc_e = __cc_was; \
	__cc_ok; })
`

// builtins declares the checker's own functions, which the shims call; see
// builtin.go. (__typeof is a macro because package cc takes typeof of a type in
// casts, and of an expression everywhere.)
const builtins = `
int __predefined_declarator;
typedef void *__builtin_va_list;
typedef unsigned long __predefined_size_t;
typedef int __predefined_wchar_t;
typedef long __predefined_ptrdiff_t;
long __cc_prim(const char *, ...);
long __cc_c11(const char *, int, int, ...);
void *__cc_alloc(unsigned long, int);
void *__cc_alloc_percpu(unsigned long, int, int);
long __cc_percpu_offset(int);
long __cc_defer(void (*)(void *), void *, int);
void __cc_await(long);
void *__cc_alloca(unsigned long);
void *__cc_varargs(void);
void __cc_free(const volatile void *);
void __cc_assert(int);
void __cc_assume(int);
void __cc_cover(const char *, ...);
void __cc_idle(void);
void __cc_exit(void *);
void __cc_exit_all(void);
void __cc_beyond(const char *);
int __cc_scan(const char *, ...);
int __cc_format(char *, unsigned long, const char *, ...);
void *__cc_result(long);
int __cc_self(void);
int __cc_perhaps(void);
void __cc_mark(const char *);
int __cc_uses(const char *);
long __cc_once(const volatile void *);
int __cc_choose(int);
int __cc_lapse(int, const volatile void *, long);
int __cc_cpu(void);
long __cc_create(void *(*)(void *), void *, ...);
void __cc_join(long, void *);
int __cc_task(void);
int __cc_next_task(void);
void *__cc_realloc(void *, unsigned long);
void __cc_clear(void *, unsigned long);
void __cc_fill(void *, int, unsigned long);
void __cc_copy(void *, const void *, unsigned long);
void __cc_move(void *, const void *, unsigned long);
int __cc_compare(const void *, const void *, unsigned long);
int __cc_popcount(unsigned long);
int __cc_ctz(unsigned long);
int __cc_print(const char *, ...);
void __cc_unsupported(const char *);
void __cc_unreadable(const char *);
int __ccgo__types_compatible_p();
`

// abi is that of linux/amd64.
var abi = sync.OnceValue(func() *cc.ABI {
	a, err := cc.NewABI("linux", "amd64")
	if err != nil {
		panic(err) // package cc has a table of them
	}
	return a
})

// maxExpansion bounds the work of macros: kernel code of a thousand lines needs some ten
// thousand. With a kernel's tree, headers of it may need a million.
const (
	maxExpansion     = 1 << 19
	maxExpansionTree = 1 << 22
)

// tooMuch is the message of package cc at that bound.
const tooMuch = "macro expansion limit exceeded"

// maxSource bounds the size of a file, and so how deep it can nest.
const maxSource = 1 << 18

func translate(file string, src []byte, prelude string, o Options, all files) (ast *cc.AST, err error) {
	include := append(slices.Clone(o.Include), treeFolders(o)...)
	defer func() {
		// Package cc panics on some input that is not C.
		switch r := recover().(type) {
		case nil:
		case *Error: // of a file that is included
			panic(r)
		default:
			all.failIncluding(file, src, o.Include)
			err = fmt.Errorf("%s:1:1: this cannot be parsed as C, at a place that is not known: %v", file, r)
		}
	}()
	checkLiterals(filepath.ToSlash(file), src)
	checkConditions(filepath.ToSlash(file), src)
	cfg := &cc.Config{
		ABI: abi(), FS: all, FSOnly: true, ExpansionLimit: maxExpansion,
		IncludePaths: append([]string{""}, include...), SysIncludePaths: include,
	}
	if o.Kernel != "" {
		cfg.ExpansionLimit = maxExpansionTree
	}
	sources := []cc.Source{
		{Name: "<predefined>", Value: predefined},
		{Name: "<builtin>", Value: labelMacros + builtins},
	}
	sources = append(sources, cc.Source{Name: "<defines>", Value: defines(o)})
	if o.Kernel != "" {
		sources = append(sources, cc.Source{Name: "<kernel>", Value: kernelPrelude})
	}
	sources = append(sources, cc.Source{Name: "<library>", Value: prelude})
	// Package cc appends to what it is given.
	sources = append(sources, cc.Source{Name: filepath.ToSlash(file), Value: renameLabels(slices.Clip(src))}, cc.Source{Name: "<end>", Value: theEnd})
	for range maxUnreadable {
		if ast, err = parse(cfg, sources, file, src, o, all); err == nil || !all.leaveOut(err) {
			break
		}
	}
	return ast, err
}

// parse parses and checks a program.
func parse(cfg *cc.Config, sources []cc.Source, file string, src []byte, o Options, all files) (*cc.AST, error) {
	// The preprocessor runs first by itself, and its errors end the parse. Otherwise
	// the parser would go on after them, and would never end in a list of type
	// qualifiers that is cut off.
	var text bytes.Buffer
	if err := cc.Preprocess(cfg, sources, &text); err != nil {
		if strings.Contains(err.Error(), tooMuch) {
			all.failIncluding(file, src, o.Include)
		}
		return nil, err
	}
	checkAttributes(filepath.ToSlash(file), src, text.Bytes())
	if hasStrangeMember(text.Bytes()) {
		if e := treeError(cfg, sources); e != nil && strings.HasPrefix(e.Msg, "this declares no member") {
			return nil, asFront(e)
		}
	}
	ast, err := check(cfg, sources)
	if err != nil && placeless().MatchString(err.Error()) {
		if e := treeError(cfg, sources); e != nil {
			return nil, asFront(e)
		}
	}
	return ast, err
}

// check parses and checks a program. Where package cc panics, the error is at what may be the cause.
func check(cfg *cc.Config, sources []cc.Source) (ast *cc.AST, err error) {
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		if e, ok := r.(*Error); ok { // of a file that is included
			panic(e)
		}
		e := panicCause(cfg, sources)
		if e == nil {
			panic(r)
		}
		ast, err = nil, e
	}()
	return cc.Translate(cfg, sources)
}

// placeless finds errors of package cc that have no place.
var placeless = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(internal error|TODO)`)
})

// theEnd ends such a list at the end of the file, even if the parser takes some
// of these declarations as part of something else.
var theEnd = strings.Repeat("\nextern int __cc_end;", 16) + "\n"

// defines are the macros of o and, with a kernel's tree, those of its configuration. A
// CONFIG_ option that is n is not defined, as in the kernel's build.
func defines(o Options) string {
	var b strings.Builder
	list := maps.Clone(o.Defines)
	if o.Kernel != "" {
		list = maps.Clone(defaultConfig)
		maps.Copy(list, o.Defines)
	}
	for _, name := range slices.Sorted(maps.Keys(list)) {
		if o.Kernel != "" && list[name] == "n" && strings.HasPrefix(name, "CONFIG_") {
			continue
		}
		b.WriteString("#define " + name + " " + strings.ReplaceAll(list[name], "\n", " ") + "\n")
	}
	return b.String()
}
