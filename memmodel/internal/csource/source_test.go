package csource_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/csource"
	"crosscall/memmodel/internal/interp"
)

const publish = `#include <linux/rculist.h>
#include <linux/atomic.h>
int data, flag;
#define BOTH(x) do { smp_mb(); WRITE_ONCE(x, 2); } while (0)
static void unused(void) { smp_rmb(); }
void P0(void)
{
	data = 1;
	smp_wmb();
	WRITE_ONCE(flag, 1);
	BOTH(data);
}
void P1(void)
{
	int r = smp_load_acquire(&flag) + xchg(&data, 3);
}
`

// TestSites lists primitives where they are used, and only where a thread
// reaches them.
func TestSites(t *testing.T) {
	s := parse(t, publish)
	var got []string
	for _, site := range s.Sites() {
		got = append(got, fmt.Sprintf("%d:%d %s: %s", site.Pos.Line, site.Pos.Col, site.Name, site.Text))
	}
	want := []string{
		"9:2 smp_wmb: smp_wmb()",
		"10:2 WRITE_ONCE: WRITE_ONCE(flag, 1)",
		"11:2 WRITE_ONCE: BOTH(data)",
		"11:2 smp_mb: BOTH(data)",
		"15:10 smp_load_acquire: smp_load_acquire(&flag)",
		"15:36 xchg: xchg(&data, 3)",
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got\n%s\nwant\n%s", g, w)
	}
}

// TestReplace replaces primitives by others.
func TestReplace(t *testing.T) {
	s := parse(t, publish)
	at := func(line, col int) graph.Pos { return graph.Pos{File: "t.c", Line: line, Col: col} }
	test, err := s.Compile(table(t, "lkmm"), map[graph.Pos]string{
		at(9, 2): "", at(10, 2): "smp_store_release", at(15, 10): "READ_ONCE", at(15, 36): "xchg_relaxed",
	})
	if err != nil {
		t.Fatal(err)
	}
	dump := dump(test.Prog)
	for _, want := range []string{"W{release} &flag := 1", "R{once} &flag", "W*{once} &data := 3"} {
		if !strings.Contains(dump, want) {
			t.Errorf("no %s in\n%s", want, dump)
		}
	}
	for _, not := range []string{"wmb}", "acquire}"} {
		if strings.Contains(dump, not) {
			t.Errorf("%s is still there:\n%s", not, dump)
		}
	}
	for _, bad := range []struct {
		at   graph.Pos
		with string
		want string
	}{
		{at(10, 2), "", "t.c:10:2: WRITE_ONCE cannot be left out: it accesses memory"},
		{at(15, 10), "smp_mb", "t.c:15:10: smp_load_acquire cannot be replaced by smp_mb"},
		{at(15, 10), "WRITE_ONCE", "t.c:15:10: smp_load_acquire cannot be replaced by WRITE_ONCE"},
		{at(9, 2), "no_such", "t.c:9:2: smp_wmb cannot be replaced by no_such"},
	} {
		_, err := s.Compile(table(t, "lkmm"), map[graph.Pos]string{bad.at: bad.with})
		if err == nil || err.Error() != bad.want {
			t.Errorf("%v, want %s", err, bad.want)
		}
	}
}

// TestConcurrent compiles one Source many times at once; run it with -race.
func TestConcurrent(t *testing.T) {
	src, err := os.ReadFile("testdata/dump/thread.c")
	if err != nil {
		t.Fatal(err)
	}
	s := parse(t, string(src))
	first, err := s.Compile(table(t, "rc11"), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := dump(first.Prog)
	table(t, "sc")
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			name := []string{"rc11", "sc"}[i%2]
			test, err := s.Compile(table(t, name), nil)
			if err != nil {
				t.Error(err)
			} else if name == "rc11" && dump(test.Prog) != want {
				t.Error("it differs from time to time")
			}
		})
	}
	wg.Wait()
}

// TestOptions: macros from outside, and files that are included.
func TestOptions(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/mine.h", []byte("static int twice(int n) { return n * FACTOR; }\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	src := "#include <mine.h>\n#include <crosscall.h>\nint x = 3;\nvoid P0(void) {}\nvoid final(void) { assert(twice(x) == 6); }\n"
	for factor, ok := range map[string]bool{"2": true, "3": false} {
		s, err := csource.Parse("t.c", []byte(src), csource.Options{Defines: map[string]string{"FACTOR": factor}, Include: []string{dir}})
		if err != nil {
			t.Fatal(err)
		}
		test, err := s.Compile(table(t, "sc"), nil)
		if err != nil {
			t.Fatal(err)
		}
		mem := make([]int64, len(test.Prog.Cells))
		for i, c := range test.Prog.Cells {
			mem[i] = c.Init
		}
		if err := interp.Run(test.Prog, test.Prog.Final, mem, nil); (err == nil) != ok {
			t.Errorf("FACTOR %s: %v", factor, err)
		}
	}
}

func parse(t testing.TB, src string) *csource.Source {
	t.Helper()
	s, err := csource.Parse("t.c", []byte(src), csource.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// BenchmarkParse reads a file of some 60 lines that includes lists, locks and
// CPU masks; BenchmarkCompile makes a program of it.
func BenchmarkParse(b *testing.B) {
	src := long(b)
	for b.Loop() {
		if _, err := csource.Parse("t.c", src, csource.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	s := parse(b, string(long(b)))
	m := table(b, "lkmm")
	for b.Loop() {
		if _, err := s.Compile(m, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func long(b *testing.B) []byte {
	b.Helper()
	src, err := os.ReadFile("testdata/dump/pointers.c")
	if err != nil {
		b.Fatal(err)
	}
	return append([]byte("#include <linux/smp.h>\n#include <linux/spinlock.h>\n"), src...)
}

// What comes behind a source in memory is left alone.
func TestASourceThatIsPartOfALargerOne(t *testing.T) {
	both := []byte("int x;\nvoid P0(void) { x = 1; }behind")
	src := both[:len(both)-len("behind")]
	if _, err := csource.Parse("t.c", src, csource.Options{}); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasSuffix(both, []byte("behind")) {
		t.Errorf("%q", both)
	}
}
