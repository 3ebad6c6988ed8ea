package memmodel_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"crosscall/memmodel"
)

const messagePassing = `C mp

{ }

P0(int *data, int *flag)
{
	WRITE_ONCE(*data, 1);
	WRITE_ONCE(*flag, 1);
}

P1(int *data, int *flag)
{
	int f = READ_ONCE(*flag);
	int d = READ_ONCE(*data);
}

exists (1:f=1 /\ 1:d=0)
`

// A litmus test under two models.
func ExampleCheck() {
	for _, model := range []string{"lkmm", "x86-tso"} {
		r, err := memmodel.Check(context.Background(), "mp.litmus", messagePassing, memmodel.Options{Model: model})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(model, r.Verdict, r.Observation, *r.States, "states")
	}
	// Output:
	// lkmm holds Sometimes 4 states
	// x86-tso fails Never 3 states
}

// A C program that fails, and the execution that shows it.
func ExampleCheck_c() {
	const src = `#include <linux/atomic.h>
#include <crosscall.h>

int data, flag;

void P0(void) { data = 1; smp_store_release(&flag, 1); }

void P1(void)
{
	if (READ_ONCE(flag))
		assert(data == 1);
}
`
	r, err := memmodel.Check(context.Background(), "mp.c", src, memmodel.Options{Model: "armv8"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r.Verdict)
	fmt.Println(r.Failure)
	fmt.Print(r.Execution)
	// Output:
	// fails
	// mp.c:11:3: assert(data == 1) fails
	// mp.c
	// init  idata: data=0, iflag: flag=0
	//
	//  P0                             |  P1
	// --------------------------------+-------------------------------------
	// *a: data = 1                    | *c: READ_ONCE(flag)
	//     W data=1  line 6            |     R flag=1  line 10
	// *b: smp_store_release(&flag, 1) | *d: assert(data == 1)
	//     W[L] flag=1  line 6         |     R data=0  line 11
	//                                 | *!: assert(data == 1) fails  line 11
	//
	// rf    b => c, idata -> d
	// fr    d => a
	// ctrl  c -> d
	//
	// The model allows this execution, in which this goes wrong: assert(data == 1)
	// fails (line 11). No interleaving has this execution, because of the cycle below.
	// The model allows the cycle: a model need not keep all of this order.
	//         P0: a: data = 1  (line 6)
	//   -po-> P0: b: smp_store_release(&flag, 1)  (line 6)
	//   -rf-> P1: c: READ_ONCE(flag)  (line 10)
	//   -po-> P1: d: assert(data == 1)  (line 11)
	//   -fr-> P0: a: data = 1  (line 6)
	// (* marks the events that decide, => the edges.)
}

// A model of one's own is a cat file.
func ExampleCheck_model() {
	dir, err := os.MkdirTemp("", "model")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "mine.cat")
	const cat = `"SC, by hand"
acyclic po | rf | co | fr as sc
`
	if err := os.WriteFile(file, []byte(cat), 0o666); err != nil {
		log.Fatal(err)
	}
	r, err := memmodel.Check(context.Background(), "mp.litmus", messagePassing, memmodel.Options{Model: file})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r.Verdict, r.Observation)
	fmt.Println("forbidden by", r.Execution.Forbidden())
	// Output:
	// fails Never
	// forbidden by sc
}
