package minimize

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crosscall/memmodel/check"
)

func load(t testing.TB, name string) *check.Model {
	t.Helper()
	m, err := check.LoadModel(name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func read(t testing.TB, file string) string {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

// minimal is what is left of a source, and nil if it does not fail.
func minimal(t *testing.T, name, src string, o Options) (*Result, *check.Model) {
	t.Helper()
	m := load(t, check.DefaultModel(name, []byte(src), o.C))
	r, err := Run(t.Context(), name, []byte(src), m, o)
	if errors.Is(err, ErrNotFailing) {
		return nil, m
	}
	if err != nil {
		t.Fatal(err)
	}
	return r, m
}

// oneMinimal checks that nothing can be dropped from r by itself, by trying all of it once
// more in no clever order, with a judge that knows nothing of how r came about but what the
// first source is.
func oneMinimal(t *testing.T, name, src string, r *Result, m *check.Model, o Options) {
	t.Helper()
	j, _, err := newJudge(t.Context(), name, newText(src), m, o)
	if err != nil || j == nil {
		t.Fatal(j, err)
	}
	left := r.left
	if !j.alike(t.Context(), left) {
		t.Fatalf("does not fail alike:\n%s", r.Source)
	}
	before := unsetIn(name, r.Source)
	for _, e := range editsOf(name, r.Source, false) {
		next := left.apply(e)
		if setsLess(before, unsetIn(name, next.src)) {
			continue
		}
		if j.alike(t.Context(), next) {
			t.Errorf("after %v this fails alike:\n%s\nand is less than\n%s", e, next.src, r.Source)
			return
		}
	}
}

// The smaller source fails alike, also as it is printed, and nothing can be dropped
// from it.
func TestWhatIsLeftIsNeeded(t *testing.T) {
	step := 10
	if testing.Short() {
		step = 40
	}
	var files []string
	for _, pattern := range []string{"testdata/*.litmus", "../internal/csource/testdata/programs/*.c", "../internal/litmus/testdata/*/*.litmus"} {
		some, err := filepath.Glob(pattern)
		if err != nil || len(some) == 0 {
			t.Fatal(pattern, err)
		}
		for i := range some {
			if strings.HasPrefix(pattern, "testdata") || i%step == 0 {
				files = append(files, some[i])
			}
		}
	}
	failing := 0
	for i := range files {
		src := read(t, files[i])
		t.Run(filepath.Base(files[i]), func(t *testing.T) {
			if testing.Short() && len(src) > 1000 {
				t.Skip("takes seconds: each of its tokens is tried")
			}
			o := Options{Check: check.Options{Steps: 20_000}}
			r, err := Run(t.Context(), files[i], []byte(src), load(t, check.DefaultModel(files[i], []byte(src), o.C)), o)
			if err != nil {
				t.Skip("not failing: ", err)
			}
			failing++
			m := load(t, r.Check.Model)
			if again := check.Source(t.Context(), files[i], []byte(r.Text()), m, o.Check, o.C); again.Verdict != check.Fails {
				t.Errorf("as printed: %s %v\n%s", again.Verdict, again.Err, r.Text())
			}
			oneMinimal(t, files[i], src, r, m, o)
		})
	}
	if failing < 2 {
		t.Errorf("%d files fail: too few to say anything", failing)
	}
}

// freed.c fails by its use of freed memory, and not by another misuse. In behind.c a macro
// gives a variable its value. With -short, the programs in C of many steps are left out.
func TestGolden(t *testing.T) {
	for _, name := range []string{"mailbox.litmus", "assembly.litmus", "counter.c", "freed.c", "behind.c"} {
		t.Run(name, func(t *testing.T) {
			if testing.Short() && (name == "counter.c" || name == "freed.c") {
				t.Skip("takes seconds")
			}
			src := read(t, filepath.Join("testdata", name))
			r, _ := minimal(t, name, src, Options{})
			want := read(t, filepath.Join("testdata", "left", name))
			if r == nil || r.Source != want {
				t.Errorf("got\n%s\nwant\n%s", r.Source, want)
			}
		})
	}
}

const mailbox = `#include <linux/atomic.h>
#include <crosscall.h>
int x, y;
void P0(void) { WRITE_ONCE(x, 1); WRITE_ONCE(y, 1); }
void P1(void) { if (READ_ONCE(y)) assert(READ_ONCE(x) == 1 && READ_ONCE(y) == 1); }
`

// A failure that interleavings do not have is not left as one that they have.
func TestAnAssertionIsNotLeftAlone(t *testing.T) {
	r, _ := minimal(t, "alone.c", mailbox, Options{})
	for _, kept := range []string{"WRITE_ONCE(x, 1);", "WRITE_ONCE(y, 1);", "if (READ_ONCE(y))", "assert(READ_ONCE(x) == 1)"} {
		if !strings.Contains(r.Source, kept) {
			t.Errorf("no %q in\n%s", kept, r.Source)
		}
	}
}

func TestWhatDoesNotFailIsNotMinimized(t *testing.T) {
	src := "C n\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nexists (x=1)\n"
	r, err := Run(t.Context(), "n.litmus", []byte(src), load(t, "lkmm"), Options{})
	if !errors.Is(err, ErrNotFailing) || r.Check.Verdict != check.Holds {
		t.Errorf("%v %v", r, err)
	}
	_, err = Run(t.Context(), "n.litmus", []byte("C n\n{}\n"), load(t, "lkmm"), Options{})
	if err == nil || errors.Is(err, ErrNotFailing) {
		t.Errorf("a test that cannot be read: %v", err)
	}
}

// An interrupt leaves the smallest source so far, which fails.
func TestAnInterruptLeavesTheSmallestSoFar(t *testing.T) {
	src := read(t, "testdata/mailbox.litmus")
	ctx, cancel := context.WithCancel(t.Context())
	o := Options{Progress: func(p Progress) {
		if p.Is < p.Was {
			cancel()
		}
	}}
	r, err := Run(ctx, "mailbox.litmus", []byte(src), load(t, "lkmm"), o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Minimal || r.Reason != "interrupted" || r.Is >= r.Was || r.Check.Verdict != check.Fails {
		t.Errorf("%+v", r)
	}
	if !strings.Contains(r.Text(), "perhaps more can be dropped: interrupted") {
		t.Errorf("it does not say that it was interrupted:\n%s", r.Text())
	}
}

// FuzzEdits checks that every edit of whatever is a source can be made, and makes it less.
func FuzzEdits(f *testing.F) {
	for _, pattern := range []string{"testdata/*.*", "../internal/csource/testdata/programs/*.c", "../internal/litmus/testdata/*/*.litmus"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			f.Add(filepath.Ext(file) == ".c", read(f, file))
		}
	}
	f.Fuzz(func(t *testing.T, c bool, src string) {
		if len(src) > 1000 { // edits and their number are each of that order
			return
		}
		name := "fuzz.litmus"
		if c {
			name = "fuzz.c"
		}
		whole := newText(src)
		for _, pairs := range []bool{false, true} {
			for _, e := range editsOf(name, src, pairs) {
				next := whole.apply(e)
				if len(next.src) != len(next.origin) || len(next.src) > len(src) || next.src == src {
					t.Fatalf("%v: %d bytes, %d places, of %d", e, len(next.src), len(next.origin), len(src))
				}
			}
		}
		unsetIn(name, src)
	})
}

// Where a limit kept a verdict from being known, nobody can say that all that is left is
// needed.
func TestWhatTakesTooLongIsNotCalledNeeded(t *testing.T) {
	src := newText(mailbox)
	j, _, err := newJudge(t.Context(), "mailbox.c", src, load(t, "lkmm"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	x := &minimizer{judge: j, best: src, unset: unsetIn("mailbox.c", src.src), failed: map[string]bool{}}
	limit := j.options.Steps
	j.options.Steps = 1
	x.round(t.Context(), false)
	j.options.Steps = limit
	x.minimal = x.undecided == 0
	r, err := x.result(t.Context(), nil)
	if err != nil || r.Minimal || !strings.Contains(r.Reason, "sources take too long to check") {
		t.Errorf("%+v %v", r, err)
	}
}
