package check

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A gallery has an execution that ends in each final state, and of the forbidden ones
// none that is allowed.
func TestGallery(t *testing.T) {
	files, err := filepath.Glob("../../proofs/litmus/*.litmus")
	if err != nil || len(files) == 0 {
		t.Fatal("no tests", err)
	}
	forbidden := 0
	for _, file := range files {
		for _, model := range []string{"lkmm", "x86-tso"} {
			forbidden += lookThrough(t, file, model)
		}
	}
	if forbidden == 0 {
		t.Error("no forbidden execution at all")
	}
}

// lookThrough checks the gallery of a file, and counts its forbidden executions.
func lookThrough(t *testing.T, file, model string) (forbidden int) {
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	m, err := LoadModel(model)
	if err != nil {
		t.Fatal(err)
	}
	r := Source(context.Background(), file, src, m, Options{Gallery: 1000, Picture: true}, COptions{})
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	var allowed []string
	for i, s := range r.Gallery(1000) {
		key := strings.Join(s.Values, " ")
		switch {
		case s.Execution == nil:
			t.Errorf("%s under %s: no execution of state %s", file, model, key)
			continue
		case !slices.Equal(valuesOf(s.Execution.Final), s.Values):
			t.Errorf("%s under %s: the execution of state %s ends in %q", file, model, key, s.Execution.Final)
		case (s.Execution.Violated != "") != (i >= r.States()):
			t.Errorf("%s under %s: state %s of %d: %q is violated", file, model, key, r.States(), s.Execution.Violated)
		}
		if slices.Contains(allowed, key) {
			t.Errorf("%s under %s: state %s is there twice", file, model, key)
		}
		allowed = append(allowed, key)
		if i >= r.States() {
			forbidden++
		}
	}
	return forbidden
}

func TestGalleryOfC(t *testing.T) {
	m, err := LoadModel("lkmm")
	if err != nil {
		t.Fatal(err)
	}
	const src = "#include <linux/compiler.h>\n#include <crosscall.h>\nint x;\nvoid P0(void) { WRITE_ONCE(x, 1); }\nvoid P1(void) { assert(READ_ONCE(x) <= 1); }\n"
	r := Source(context.Background(), "a.c", []byte(src), m, Options{Gallery: 9}, COptions{})
	if r.Verdict != Holds || len(r.Passing()) != 2 || r.Gallery(9) != nil {
		t.Errorf("%s, %d passing, %v", r.Verdict, len(r.Passing()), r.Err)
	}
}

// A state set has the states that were added to it, and no others.
func TestStateSetHas(t *testing.T) {
	s := newStateSet(2)
	for i := range int64(300) {
		a, b := []value{{i, true}, {-i, true}}, []value{{i, true}, {1 - i, true}}
		if s.Has(a) {
			t.Errorf("%v is there before it is added", a)
		}
		s.Add(a)
		if !s.Has(a) || s.Has(b) || s.Has([]value{{i, false}, {i, true}}) {
			t.Errorf("after %v was added", a)
		}
	}
}
