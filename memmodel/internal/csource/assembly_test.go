package csource_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestInlineAssembly: barriers in assembly order what the machine's models say. With sb, each of
// two threads writes, has a barrier, and reads what the other writes; with mp, one writes twice
// and the other reads twice.
func TestInlineAssembly(t *testing.T) {
	const head = "#include <pthread.h>\n#include <assert.h>\nint x, y, a, b;\n"
	const tail = "int main(void) { pthread_t p, q; pthread_create(&p, 0, one, 0); pthread_create(&q, 0, two, 0); pthread_join(p, 0); pthread_join(q, 0); %s; return 0; }\n"
	sb := head + "void *one(void *p) { x = 1; asm volatile(\"%s\" ::: \"memory\"); a = y; return 0; }\n" +
		"void *two(void *p) { y = 1; asm volatile(\"%s\" ::: \"memory\"); b = x; return 0; }\n" + fmt.Sprintf(tail, "assert(a || b)")
	mp := head + "void *one(void *p) { x = 1; asm volatile(\"%s\" ::: \"memory\"); y = 1; return 0; }\n" +
		"void *two(void *p) { a = y; asm volatile(\"%s\" ::: \"memory\"); b = x; return 0; }\n" + fmt.Sprintf(tail, "assert(!a || b)")
	for _, tt := range []struct{ shape, model, one, two, want string }{
		{sb, "x86-tso", "mfence", "MFENCE\\n\\t", "holds"},
		{sb, "x86-tso", "lock; addl $0,-4(%%rsp)", "lock addl $0, 0(%%rsp)", "holds"},
		{sb, "x86-tso", "mfence", "lfence; sfence", "fails"},
		{sb, "x86-tso", "mfence", "pause", "fails"},
		{mp, "x86-tso", "", "rep; nop", "holds"},
		{sb, "armv8", "dmb ish", "dmb sy", "holds"},
		{sb, "armv8", "dmb  osh", "dsb ish", "holds"},
		{sb, "armv8", "dmb ish", "dmb ishst", "fails"},
		{sb, "armv8", "dmb ish", "isb", "fails"},
		{mp, "armv8", "dmb ishst", "dmb ishld", "holds"},
		{mp, "armv8", "dmb st", "dmb ld", "holds"},
		{mp, "armv8", "dmb ishld", "dmb ishld", "fails"},
		{mp, "armv8", "dmb ishst", "yield", "fails"},
		{sb, "power", "sync", "hwsync", "holds"},
		{sb, "power", "sync", "lwsync", "fails"},
		{mp, "power", "lwsync", "lwsync", "holds"},
		{mp, "power", "eieio", "sync", "holds"},
		{mp, "power", "lwsync", "isync", "fails"},
		{sb, "riscv", "fence", "fence iorw, iorw", "holds"},
		{sb, "riscv", "fence rw,rw", "fence w,r", "holds"},
		{sb, "riscv", "fence rw,rw", "fence.tso", "fails"},
		{mp, "riscv", "fence w,w", "fence r,r", "holds"},
		{mp, "riscv", "fence rw,w", "fence r,rw", "holds"},
		{mp, "riscv", "fence r,w", "fence r,r", "fails"},
		{mp, "riscv", "fence w,rw", "fence rw,r", "holds"},
		{sb, "alpha", "mb", "mb", "holds"},
		{mp, "alpha", "wmb", "mb", "holds"},
		{mp, "alpha", "wmb", "wmb", "fails"},
	} {
		src := fmt.Sprintf(tt.shape, tt.one, tt.two)
		if got := explored(t, "t.c", []byte(src), tt.model, 0); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: %q and %q: %s, want %s", tt.model, tt.one, tt.two, got, tt.want)
		}
	}
}
