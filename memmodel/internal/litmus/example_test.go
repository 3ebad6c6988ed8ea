package litmus_test

import (
	"fmt"

	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/litmus"
	"crosscall/memmodel/internal/primitive"
)

const mp = `C mp
{}
P0(int *x, int *y) { WRITE_ONCE(*x, 1); smp_store_release(y, 1); }
P1(int *x, int *y) { int r1 = smp_load_acquire(y); int r2 = READ_ONCE(*x); }
exists (1:r1=1 /\ 1:r2=0)
`

const def = `
READ_ONCE(X) __load{once}(X)
WRITE_ONCE(X,V) { __store{once}(X,V); }
smp_load_acquire(X) __load{acquire}(*X)
smp_store_release(X,V) { __store{release}(*X,V); }
`

func Example() {
	ast, err := litmus.Parse("mp.litmus", []byte(mp))
	if err != nil {
		panic(err)
	}
	table, err := primitive.ParseMacros("small.def", []byte(def))
	if err != nil {
		panic(err)
	}
	test, err := ast.Compile(table)
	if err != nil {
		panic(err)
	}
	for _, th := range test.Prog.Threads {
		for _, in := range th.Instr {
			if in.Op == ir.Do {
				fmt.Println(th.Name, in.Text, in.Tags)
			}
		}
	}
	fmt.Println(test.CondText)
	// Output:
	// P0 WRITE_ONCE(*x, 1) [once]
	// P0 smp_store_release(y, 1) [release]
	// P1 smp_load_acquire(y) [acquire]
	// P1 READ_ONCE(*x) [once]
	// exists (1:r1=1 /\ 1:r2=0)
}
