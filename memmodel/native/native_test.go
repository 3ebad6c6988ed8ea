package native

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// thread is a test of one thread with these statements.
func thread(statements string) string {
	return "C t\n{}\nP0(int *x, atomic_t *a, spinlock_t *l, int **p) { " + statements + " }\nexists (x=0)\n"
}

func emitted(t *testing.T, src string, a Arch, c Config) []Thread {
	t.Helper()
	test, err := Load("t.litmus", []byte(src), a)
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	c.Arch = a
	list, err := test.Emit(c)
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return list
}

// TestInstructions looks for the instruction that a primitive is on each machine. Operands
// that differ are masked out on arm64 and follow on amd64.
func TestInstructions(t *testing.T) {
	const all, noRegs, noRegsNoStatus = 0xFFFFFFFF, 0xFFFFFC00, 0xFFE0FC00
	for _, c := range []struct {
		statement   string
		amd64       []byte
		arm64, mask uint32
	}{
		{"smp_mb();", []byte{0x0F, 0xAE, 0xF0}, 0xD5033BBF, all},
		{"smp_rmb();", nil, 0xD50339BF, all},
		{"smp_wmb();", nil, 0xD5033ABF, all},
		{"smp_store_release(x, 1);", nil, 0xC89FFC00, noRegs},
		{"int r = smp_load_acquire(x);", nil, 0xC8DFFC00, noRegs},
		{"int r = xchg(x, 2);", []byte{0x48, 0x87}, 0xC800FC00, noRegsNoStatus},
		{"int r = xchg_relaxed(x, 2);", []byte{0x48, 0x87}, 0xC85F7C00, noRegs},
		{"int r = xchg_acquire(x, 2);", []byte{0x48, 0x87}, 0xC85FFC00, noRegs},
		{"int r = cmpxchg(x, 0, 2);", []byte{0xF0, 0x48, 0x0F, 0xB1}, 0xC800FC00, noRegsNoStatus},
		{"atomic_add(2, a);", []byte{0xF0, 0x48, 0x0F, 0xC1}, 0xC8007C00, noRegsNoStatus},
		{"int r = atomic_fetch_or(2, a);", []byte{0xF0, 0x48, 0x0F, 0xB1}, 0xC800FC00, noRegsNoStatus},
		{"spin_lock(l); spin_unlock(l);", []byte{0x48, 0x87}, 0xC85FFC00, noRegs},
		{"int r = spin_trylock(l);", []byte{0x48, 0x87}, 0xC85FFC00, noRegs},
	} {
		src := thread(c.statement)
		if got := emitted(t, src, AMD64, Config{})[0].Code; !strings.Contains(string(got), string(c.amd64)) {
			t.Errorf("%s: no % x in % x", c.statement, c.amd64, got)
		}
		code := emitted(t, src, ARM64, Config{})[0].Code
		found := false
		for i := 0; i < len(code); i += 4 {
			found = found || binary.LittleEndian.Uint32(code[i:])&c.mask == c.arm64
		}
		if !found {
			t.Errorf("%s: no %#x on arm64", c.statement, c.arm64)
		}
	}
}

// TestEverythingAround makes each kind of loop around a body.
func TestEverythingAround(t *testing.T) {
	src := "C t\n{ p=&x; }\nP0(int *x, int **p) { int *q = READ_ONCE(*p); int r = READ_ONCE(*q); }\nP1(int *x) { WRITE_ONCE(*x, 1); }\nexists (0:r=1)\n"
	for _, a := range []Arch{AMD64, ARM64} {
		var sizes []int
		for _, c := range []Config{
			{Barrier: NoBarrier}, {Barrier: User}, {Barrier: UserFence}, {Barrier: TimeBase}, {Barrier: TimeBase, Jitter: 5}, {Barrier: NoBarrier, Preload: true},
			{Barrier: NoBarrier, Preload: true, Indirect: true},
		} {
			list := emitted(t, src, a, c)
			if len(list) != 2 || list[0].Recorded != 1 || list[1].Recorded != 0 {
				t.Errorf("%s: %d threads, %+v", a, len(list), list)
			}
			sizes = append(sizes, len(list[0].Code))
		}
		if slices.Sort(sizes); len(slices.Compact(sizes)) != 7 {
			t.Errorf("%s: some options make no difference: %v", a, sizes)
		}
	}
}

func TestRefused(t *testing.T) {
	for src, want := range map[string]string{
		thread("synchronize_rcu();"):                                    "t.litmus:3:51: synchronize_rcu cannot be used with",
		"PPC p\n{ 0:r1=x; }\n P0 ;\n lwz r2,0(r1) ;\nexists (0:r2=0)\n": "assembly of PPC",
	} {
		_, err := Load("t.litmus", []byte(src), AMD64)
		if refused := new(Refused); !errors.As(err, &refused) || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
	_, err := Load("t.litmus", []byte(thread("nothing(x);")), AMD64)
	if refused := new(Refused); err == nil || errors.As(err, &refused) {
		t.Errorf("error %v", err)
	}
	if _, err := Load("t.c", []byte("#include <crosscall.h>\nint x;\nvoid P0(void) { x = 1; }\n"), AMD64); err == nil || !strings.Contains(err.Error(), "run takes litmus tests") {
		t.Errorf("error %v", err)
	}
}

func TestUnfenced(t *testing.T) {
	for statements, want := range map[string]string{
		"WRITE_ONCE(*x, 1); int r = READ_ONCE(*x);":       "[]",
		"smp_mb(); int r = xchg_relaxed(x, 1); smp_mb();": "[smp_mb() xchg_relaxed(x, 1)]",
		"spin_lock(l); spin_unlock(l);":                   "[]",
	} {
		test, err := Load("t.litmus", []byte(thread(statements)), AMD64)
		if err != nil {
			t.Fatal(err)
		}
		bare, removed := test.Unfenced()
		if got := fmt.Sprint(removed); got != want {
			t.Errorf("%s: %s is taken away, want %s", statements, got, want)
		}
		if again, _ := test.Unfenced(); again == nil {
			t.Errorf("%s: no variant", statements)
		}
		list, err := bare.Emit(Config{Arch: AMD64})
		if err != nil || strings.Contains(string(list[0].Code), "\x0F\xAE\xF0") {
			t.Errorf("%s: error %v, or a fence is left", statements, err)
		}
	}
}

func TestOutcomes(t *testing.T) {
	src := "C t\n{ x=1; p=&x; }\nP0(int *x, int **p) { int r = READ_ONCE(*x); }\nlocations [x; p;]\nfilter (x=1 \\/ x=2)\nforall (0:r=1 /\\ (x=1 \\/ ~x=2))\n"
	test, err := Load("t.litmus", []byte(src), AMD64)
	if err != nil {
		t.Fatal(err)
	}
	if test.Kind() != "Required" || !strings.HasPrefix(test.Condition(), "forall") {
		t.Errorf("%s %s", test.Kind(), test.Condition())
	}
	row := func(values ...int64) string {
		return fmt.Sprintf(" %s %t %t", test.Outcome(values), test.Kept(values), test.Holds(values))
	}
	initial := test.Initial()
	p := slices.Max(initial)
	if got := row(1, p, 1) + row(1, p, 2) + row(0, p, 3); got != " 0:r=1; [p]=x; [x]=1; true true 0:r=1; [p]=x; [x]=2; true false 0:r=0; [p]=x; [x]=3; false false" {
		t.Error(got)
	}
}
