package model_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/litmus"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/primitive"
)

// primitiveStatements are uses of the primitives that every table must have:
// statements on an int *x, a lock *l, a struct srcu_struct *s and a register r.
func primitiveStatements() []string {
	list := strings.Split(`r = READ_ONCE(*x);
WRITE_ONCE(*x, 1);
r = *x;
*x = 1;
r = smp_load_acquire(x);
smp_store_release(x, 1);
smp_store_mb(*x, 1);
r = rcu_dereference(*x);
rcu_assign_pointer(*x, 1);
barrier();
smp_mb();
smp_rmb();
smp_wmb();
smp_mb__before_atomic();
smp_mb__after_atomic();
smp_mb__after_spinlock();
smp_mb__after_unlock_lock();
spin_lock(l);
spin_unlock(l);
r = spin_trylock(l);
r = spin_is_locked(l);
rcu_read_lock();
rcu_read_unlock();
r = atomic_read(x);
r = atomic_read_acquire(x);
atomic_set(x, 1);
atomic_set_release(x, 1);
atomic_inc(x);
atomic_dec(x);
r = atomic_sub_and_test(1, x);
r = atomic_inc_and_test(x);
r = atomic_dec_and_test(x);
r = atomic_add_negative(1, x);
r = atomic_add_unless(x, 1, 2);
r = atomic_inc_not_zero(x);
set_bit(3, x);
clear_bit(3, x);
change_bit(3, x);
clear_bit_unlock(3, x);
__set_bit(3, x);
__clear_bit(3, x);
__change_bit(3, x);
r = test_bit(3, x);
r = test_bit_acquire(3, x);
r = test_and_set_bit(3, x);
r = test_and_clear_bit(3, x);
r = test_and_change_bit(3, x);
r = test_and_set_bit_lock(3, x);
raw_spin_lock(l);
raw_spin_unlock(l);
r = raw_spin_trylock(l);
r = raw_spin_is_locked(l);
r = rcu_access_pointer(*x);
RCU_INIT_POINTER(*x, 1);`, "\n")
	add := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	for _, op := range strings.Fields("add sub and or xor andnot") {
		add("atomic_%s(1, x);", op)
	}
	for _, order := range []string{"", "_relaxed", "_acquire", "_release"} {
		for _, prefix := range []string{"", "atomic_"} {
			add("r = %sxchg%s(x, 1);", prefix, order)
			add("r = %scmpxchg%s(x, 1, 2);", prefix, order)
		}
		add("r = cmpxchg64%s(x, 1, 2);", order)
		for _, op := range strings.Fields("add sub and or xor andnot") {
			add("r = atomic_fetch_%s%s(1, x);", op, order)
		}
		for _, op := range strings.Fields("add sub") {
			add("r = atomic_%s_return%s(1, x);", op, order)
		}
		for _, op := range strings.Fields("inc dec") {
			add("r = atomic_fetch_%s%s(x);", op, order)
			add("r = atomic_%s_return%s(x);", op, order)
		}
	}
	return list
}

// algorithms are primitives that no machine has as instructions.
var algorithms = strings.Split(`synchronize_rcu();
synchronize_rcu_expedited();
r = srcu_read_lock(s);
srcu_read_unlock(s, r);
r = srcu_down_read(s);
srcu_up_read(s, r);
synchronize_srcu(s);
synchronize_srcu_expedited(s);
smp_mb__after_srcu_read_unlock();
smp_memb();`, "\n")

func TestTables(t *testing.T) {
	for _, name := range model.Names() {
		m, err := model.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range slices.Concat(primitiveStatements(), algorithms) {
			src := fmt.Sprintf("C t\n\n{}\n\nP0(int *x, spinlock_t *l, struct srcu_struct *s)\n{\n\tint r = 0;\n\t%s\n}\n\nexists (x=1)\n", s)
			ast, err := litmus.Parse("t.litmus", []byte(src))
			if err != nil {
				t.Fatalf("%s: %v", s, err)
			}
			_, err = ast.Compile(m.Macros)
			switch {
			case name != "lkmm" && slices.Contains(algorithms, s):
				if err == nil || !strings.Contains(err.Error(), "check it with --model lkmm") {
					t.Errorf("%s: %s: %v, want the reason why there is none", name, s, err)
				}
			case err != nil:
				t.Errorf("%s: %s: %v", name, s, err)
			}
		}
	}
}

// TestTablesHaveTheKernelsPrimitives: a name that lkmm.def has, each table has, if only to say why
// it is not supported.
func TestTablesHaveTheKernelsPrimitives(t *testing.T) {
	kernel, err := model.Load("lkmm")
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range model.Names() {
		m, err := model.Load(other)
		if err != nil {
			t.Fatal(err)
		}
		has := m.Macros.Names()
		for _, name := range kernel.Macros.Names() {
			if !slices.Contains(has, name) && !strings.HasPrefix(name, "__") {
				t.Errorf("%s does not have %s", other, name)
			}
		}
	}
}

// TestSRCUOfOlderTables: up to Linux 6.2 a section of SRCU begins and ends by a fence with an
// address, and the end has the index of the section as a second operand.
func TestSRCUOfOlderTables(t *testing.T) {
	macros, err := primitive.ParseMacros("old.def", []byte("srcu_read_lock(X) __srcu{srcu-lock}(X)\nsrcu_read_unlock(X,Y) { __srcu{srcu-unlock}(X,Y); }\n"))
	if err != nil {
		t.Fatal(err)
	}
	ast, err := litmus.Parse("t", []byte("C t\n{}\nP0(struct srcu_struct *s) { int r0 = srcu_read_lock(s); srcu_read_unlock(s, r0); }\nexists (0:r0=0)\n"))
	if err != nil {
		t.Fatal(err)
	}
	test, err := ast.Compile(macros)
	if err != nil {
		t.Fatal(err)
	}
	var tags []string
	for _, in := range test.Prog.Threads[0].Instr {
		if in.Op == ir.Do {
			if in.Kind != graph.Fence || in.Addr == nil {
				t.Errorf("%v %v", in.Kind, in.Addr)
			}
			tags = append(tags, in.Tags...)
		}
	}
	if want := []string{"srcu-lock", "srcu-unlock"}; !slices.Equal(tags, want) {
		t.Errorf("%v, want %v", tags, want)
	}
}
