package check

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A test whose executions are explored in parts, in another process as it were, has the
// result of one that is not: each word and number that is printed, and the exit code with
// them.
func TestSplitsAreAsTheWhole(t *testing.T) {
	files := globAll(t, "../../examples/litmus/*.litmus", "../../examples/c/*.c", "testdata/*.litmus", "../internal/csource/testdata/programs/rcubad.c", "../internal/csource/testdata/programs/seqlockbad.c")
	shared, _ := filepath.Glob("../../../shared/litmus/*/*.litmus")
	files = append(files, shared...)
	stride := 1
	if testing.Short() && len(files) > 40 {
		stride = len(files) / 40
	}
	splits := 0
	for i := 0; i < len(files); i += stride {
		splits += compareSplit(t, files[i], rand.New(rand.NewPCG(uint64(i), 7)))
	}
	tried := (len(files) + stride - 1) / stride
	if splits < min(25, tried/4) {
		t.Errorf("%d of %d files were split: too few to say anything", splits, tried)
	}
}

func globAll(t *testing.T, patterns ...string) (files []string) {
	for _, pattern := range patterns {
		list, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, list...)
	}
	return files
}

func compareSplit(t *testing.T, name string, r *rand.Rand) (splits int) {
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	c := checkerFor(t, src, name)
	x := c.Read(t.Context(), throughJSON(t, NewJob(File{name, name}, src, COptions{})))
	whole := c.Check(t.Context(), x, 0)
	if testing.Short() && whole.Executions > 1000 || whole.Executions > 100_000 {
		return 0
	}
	got, runs := splitAtRandom(t, c, x, r, max(10, int(whole.Executions)/8))
	if got == nil {
		return 0
	}
	if want := shown(t, whole); shown(t, got) != want {
		t.Errorf("%s in %d runs:\n%s\nas a whole:\n%s", name, runs, shown(t, got), want)
	}
	if runs > 1 {
		return 1
	}
	return 0
}

func checkerFor(t *testing.T, src []byte, name string) *Checker {
	m, err := LoadModel(DefaultModel(name, src, COptions{}))
	if err != nil {
		t.Fatal(err)
	}
	b := &Batch{Models: []*Model{m}, KeepStates: true}
	if IsC(name) { // with a condition it would not be divided
		b.Options = Options{Picture: true, VerdictOnly: len(name)%2 == 0}
	}
	s, err := b.Setup()
	if err != nil {
		t.Fatal(err)
	}
	c, err := throughJSON(t, s).Checker()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// splitAtRandom explores an input in parts that end at random, after so many new nodes at
// most, in random order. It is nil if the test is of a kind that is not divided.
func splitAtRandom(t *testing.T, c *Checker, x *Input, r *rand.Rand, nodes int) (result *Result, runs int) {
	s, ok := c.NewSplit(x, 0)
	if !ok {
		return nil, 0
	}
	var names []string
	parts := map[string]Part{}
	for !s.Done() {
		for name, p, ok := s.Next(); ok; name, p, ok = s.Next() {
			names, parts[name] = append(names, name), p
		}
		if len(names) == 0 {
			t.Fatalf("%s: nothing can be done, and something is left", x.file.Path)
		}
		i := r.IntN(len(names))
		name := names[i]
		names = append(names[:i], names[i+1:]...)
		most := 1 + r.IntN(nodes)
		w := &Walk{Part: *throughJSON(t, new(parts[name])), Stop: func(nodes int) bool { return nodes >= most }}
		f, err := s.Explore(t.Context(), w)
		if err != nil {
			return nil, 0
		}
		left := throughJSON(t, &w.Left)
		if err := s.Add(name, throughJSON(t, f), left); err != nil {
			t.Fatal(err)
		}
		if s.Add(name, f, left) == nil {
			t.Fatalf("%s: run %s counts twice", x.file.Path, name)
		}
		runs++
	}
	return c.Finish(s), runs
}

var seconds = regexp.MustCompile(`(?m)^Time .*$|"seconds":[^,]*`)

// shown is all that is printed of a result, without times.
func shown(t *testing.T, r *Result) string {
	data, err := r.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	back := new(Result)
	if err := back.UnmarshalBinary(data); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := back.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	if err := back.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(&b, back.Safety, back.Err, back.NoPicture)
	if err := json.NewEncoder(&b).Encode(back.Picture); err != nil {
		t.Fatal(err)
	}
	return seconds.ReplaceAllString(b.String(), "")
}

func throughJSON[T any](t *testing.T, x *T) *T {
	t.Helper()
	text, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	y := new(T)
	if err := json.Unmarshal(text, y); err != nil {
		t.Fatal(err)
	}
	return y
}

// The headers of a C file travel with it: another process reads no disk.
func TestJobsCarryWhatTheyInclude(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("main.c", "#include <crosscall.h>\n#include \"sub/a.h\"\nvoid P0(void) { assert(A == 2); }\n")
	write("sub/a.h", "#include \"b.h\"\n")
	write("sub/b.h", "#ifdef TWO\n#define A 2\n#endif\n")
	name := filepath.Join(dir, "main.c")
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lkmm, err := LoadModel("lkmm")
	if err != nil {
		t.Fatal(err)
	}
	b := &Batch{Models: []*Model{lkmm}, C: COptions{Defines: map[string]string{"TWO": "1"}}}
	s, err := b.Setup()
	if err != nil {
		t.Fatal(err)
	}
	j := throughJSON(t, NewJob(File{name, name}, src, b.C))
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	c, err := throughJSON(t, s).Checker()
	if err != nil {
		t.Fatal(err)
	}
	if r := c.Check(t.Context(), c.Read(context.Background(), j), 0); r.Verdict != Holds {
		t.Errorf("%s: %v", r.Verdict, r.Err)
	}
	delete(j.Files, filepath.Join(dir, "sub/b.h"))
	if r := c.Check(t.Context(), c.Read(context.Background(), j), 0); r.Verdict != Error || !strings.Contains(r.Err.Error(), "b.h") {
		t.Errorf("a header that does not travel: %s: %v", r.Verdict, r.Err)
	}
}
