package asm_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"crosscall/memmodel/internal/asm"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/primitive"
)

// FuzzParse: every text is a test or gives an error with a place. The program of a test is in
// order.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("../../check/testdata/asm/*.litmus")
	if err != nil || len(files) == 0 {
		f.Fatal("no tests: ", err)
	}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(src))
	}
	for _, e := range mistakes {
		f.Add(e.src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		ast, err := asm.Parse("fuzz.litmus", []byte(src))
		if err != nil {
			checkPlace(t, err)
			return
		}
		test, err := ast.Compile()
		if err != nil {
			checkPlace(t, err)
			return
		}
		for i := range test.Prog.Threads {
			checkThread(t, &test.Prog.Threads[i])
		}
	})
}

func checkPlace(t *testing.T, err error) {
	t.Helper()
	e := new(primitive.Error)
	if !errors.As(err, &e) {
		t.Fatalf("%T: %v", err, err)
	}
	if e.Pos.Line < 1 || e.Pos.Col < 1 {
		t.Fatalf("no place: %v", err)
	}
}

// checkThread checks that jumps stay in the thread and registers are its own.
func checkThread(t *testing.T, th *ir.Thread) {
	t.Helper()
	if len(th.Regs) != len(th.Init) {
		t.Fatalf("%s: %d registers, %d initial values", th.Name, len(th.Regs), len(th.Init))
	}
	for i := range th.Instr {
		in := &th.Instr[i]
		jumps := in.Op == ir.Branch || in.Op == ir.Jump || in.Op == ir.Fork
		if jumps && (in.Target < 0 || in.Target > len(th.Instr)) || in.Op == ir.Branch && (in.Join <= i || in.Join > len(th.Instr)) {
			t.Fatalf("%s: instruction %d leaves the thread: %+v", th.Name, i, in)
		}
		if r := in.Defines(); r != ir.NoReg && int(r) >= len(th.Regs) {
			t.Fatalf("%s: instruction %d has no register: %+v", th.Name, i, in)
		}
	}
}
