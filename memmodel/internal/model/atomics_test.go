package model_test

import (
	"testing"

	"crosscall/memmodel/internal/model"
)

// atomics are cycles with atomic operations, which the shapes do not have.
var atomics = []struct {
	name          string
	first, second string // what the threads do, on x, y and z
	cond          string
	want          map[string]string // by model
}{
	{
		// An acquire load that reads from a relaxed operation need not wait for
		// the operation's write (herdtools7, pull request 325).
		name:   "MP+wmb+ctrl-rfi-xchg-rfi-acq",
		first:  "WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 1);",
		second: "r0 = READ_ONCE(*y); if (r0 == 1) { WRITE_ONCE(*z, 1); r1 = xchg_relaxed(z, 2); r2 = smp_load_acquire(z); r3 = READ_ONCE(*x); }",
		cond:   "1:r0=1 /\\ 1:r1=1 /\\ 1:r2=2 /\\ 1:r3=0",
		want:   map[string]string{"armv8": "Allow", "x86-tso": "Forbid", "sc": "Forbid"},
	},
	{
		name:   "SB+wmb-xchg-rfi-acq+mb",
		first:  "WRITE_ONCE(*x, 1); smp_wmb(); r0 = xchg_relaxed(y, 1); r1 = smp_load_acquire(y); r2 = READ_ONCE(*z);",
		second: "WRITE_ONCE(*z, 1); smp_mb(); r0 = READ_ONCE(*x);",
		cond:   "0:r1=1 /\\ 0:r2=0 /\\ 1:r0=0",
		want:   map[string]string{"armv8": "Allow"},
	},
	{
		// A release store is ordered before an acquire load.
		name:   "SB+wmb-xchg.rel-rfi-acq+mb",
		first:  "WRITE_ONCE(*x, 1); r0 = xchg_release(y, 1); r1 = smp_load_acquire(y); r2 = READ_ONCE(*z);",
		second: "WRITE_ONCE(*z, 1); smp_mb(); r0 = READ_ONCE(*x);",
		cond:   "0:r1=1 /\\ 0:r2=0 /\\ 1:r0=0",
		want:   map[string]string{"armv8": "Forbid"},
	},
	{
		// An AMO is one memory operation (RISC-V manual, "Memory Model
		// Primitives"): what "fence r,rw" orders after its load is after its
		// store. A LDAXR and a STXR are two.
		name:   "SB+xchg.acq+xchg.acq",
		first:  "r0 = xchg_acquire(x, 1); r1 = READ_ONCE(*y);",
		second: "r0 = xchg_acquire(y, 1); r1 = READ_ONCE(*x);",
		cond:   "0:r1=0 /\\ 1:r1=0",
		want:   map[string]string{"riscv": "Forbid", "armv8": "Allow", "power": "Allow", "lkmm": "Allow", "x86-tso": "Forbid"},
	},
	{
		name:   "SB+cmpxchg.acq+cmpxchg.acq",
		first:  "r0 = cmpxchg_acquire(x, 0, 1); r1 = READ_ONCE(*y);",
		second: "r0 = cmpxchg_acquire(y, 0, 1); r1 = READ_ONCE(*x);",
		cond:   "0:r1=0 /\\ 1:r1=0",
		want:   map[string]string{"riscv": "Allow", "armv8": "Allow", "x86-tso": "Forbid"},
	},
	{
		// An STADD's read is not ordered by DMB ISHLD, that of an LDADD is. An
		// amoadd is a load for fences even if it drops what it reads.
		name:   "MP+wmb+add-rmb",
		first:  "WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 1);",
		second: "atomic_add(8, y); smp_rmb(); r0 = READ_ONCE(*x);",
		cond:   "[y]=9 /\\ 1:r0=0",
		want:   map[string]string{"armv8": "Allow", "riscv": "Forbid"},
	},
	{
		// A conditional operation whose condition is not met orders nothing: it only reads.
		// On x86 it is a loop of a load and a cmpxchg; POWER and Alpha have a barrier before.
		name:   "SB+add_unless-fails+add_unless-fails",
		first:  "WRITE_ONCE(*x, 1); r1 = atomic_add_unless(z, 1, 0); r0 = READ_ONCE(*y);",
		second: "WRITE_ONCE(*y, 1); r1 = atomic_add_unless(z, 1, 0); r0 = READ_ONCE(*x);",
		cond:   "0:r0=0 /\\ 1:r0=0",
		want: map[string]string{"lkmm": "Allow", "x86-tso": "Allow", "armv8": "Allow", "riscv": "Allow",
			"power": "Forbid", "alpha": "Forbid"},
	},
	{
		name:   "SB+add_unless+add_unless",
		first:  "WRITE_ONCE(*x, 1); r1 = atomic_add_unless(z, 1, 9); r0 = READ_ONCE(*y);",
		second: "WRITE_ONCE(*y, 1); r1 = atomic_add_unless(z, 1, 9); r0 = READ_ONCE(*x);",
		cond:   "0:r0=0 /\\ 1:r0=0",
		want:   map[string]string{"lkmm": "Forbid", "x86-tso": "Forbid", "armv8": "Forbid", "riscv": "Forbid", "power": "Forbid", "alpha": "Forbid"},
	},
	{
		// C++20 removed the later stores of the same thread from release
		// sequences.
		name:   "MP+rel-wsi+acq",
		first:  "WRITE_ONCE(*x, 1); smp_store_release(y, 1); WRITE_ONCE(*y, 2);",
		second: "r0 = smp_load_acquire(y); r1 = READ_ONCE(*x);",
		cond:   "1:r0=2 /\\ 1:r1=0",
		want:   map[string]string{"rc11": "Forbid", "rc20": "Allow"},
	},
	{
		// It kept the read-modify-writes of any thread.
		name:   "MP+rel-fetch_add+acq",
		first:  "WRITE_ONCE(*x, 1); smp_store_release(y, 1); r1 = atomic_fetch_add_relaxed(1, y);",
		second: "r0 = smp_load_acquire(y); r1 = READ_ONCE(*x);",
		cond:   "1:r0=2 /\\ 1:r1=0",
		want:   map[string]string{"rc11": "Forbid", "rc20": "Forbid"},
	},
	{
		name:   "MP+wmb+fetch_add-rmb",
		first:  "WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 1);",
		second: "r1 = atomic_fetch_add_relaxed(8, y); smp_rmb(); r0 = READ_ONCE(*x);",
		cond:   "1:r1=1 /\\ 1:r0=0",
		want:   map[string]string{"armv8": "Forbid", "riscv": "Forbid", "power": "Forbid"},
	},
}

func TestAtomics(t *testing.T) {
	for _, tt := range atomics {
		src := "C " + tt.name + "\n\n{}\n\n" + "P0(int *x, int *y, int *z)\n{\n" + tt.first + "\n}\n\n" +
			"P1(int *x, int *y, int *z)\n{\n" + tt.second + "\n}\n\nexists (" + tt.cond + ")\n"
		for name, want := range tt.want {
			m, err := model.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			got := "Forbid"
			if ok, err := allows(m, tt.name, src); err != nil {
				t.Fatalf("%s under %s: %v", tt.name, name, err)
			} else if ok {
				got = "Allow"
			}
			if got != want {
				t.Errorf("%s under %s: %s, want %s", tt.name, name, got, want)
			}
		}
	}
}
