package render

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"crosscall/internal/golden"
	"crosscall/memmodel/graph"
	"crosscall/viewer"
)

func draw(t *testing.T, f func(w io.Writer, x *graph.Execution) error, x *graph.Execution) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f(&b, x); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func text(o TextOptions) func(w io.Writer, x *graph.Execution) error {
	return func(w io.Writer, x *graph.Execution) error { return Text(w, x, o) }
}

func page1(w io.Writer, x *graph.Execution) error {
	return HTML(w, []*graph.Execution{x, sb()}, "two <of> them")
}

func TestGolden(t *testing.T) {
	for name, x := range samples() {
		golden.Compare(t, "testdata/"+name+".txt", string(draw(t, text(TextOptions{}), x)))
		golden.Compare(t, "testdata/"+name+".dot", string(draw(t, DOT, x)))
		golden.Compare(t, "testdata/"+name+".svg", string(draw(t, SVG, x)))
	}
	golden.Compare(t, "testdata/wide.txt", string(draw(t, text(TextOptions{Width: 120}), iriw())))
	golden.Compare(t, "testdata/colour.txt", string(draw(t, text(TextOptions{Color: true}), mp())))
	golden.Compare(t, "testdata/page.html", withoutViewer(string(draw(t, page1, mp()))))
}

// everything is the samples and what is too large for a golden file.
func everything() []*graph.Execution {
	var all []*graph.Execution
	s := samples()
	for _, name := range slices.Sorted(maps.Keys(s)) {
		all = append(all, s[name])
	}
	return append(all, ring(22), long(130))
}

func TestWellFormed(t *testing.T) {
	for _, x := range everything() {
		d := xml.NewDecoder(bytes.NewReader(draw(t, SVG, x)))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", x.Name, err)
			}
		}
	}
}

// Text that looks like markup must not become any.
func TestEscapes(t *testing.T) {
	for _, f := range []func(w io.Writer, x *graph.Execution) error{SVG, page1} {
		out := string(draw(t, f, odd()))
		for _, bad := range []string{"<script>alert", "<way>", "\x1b", "\x00", "a<b>", "<1>", "<a>g"} {
			if strings.Contains(out, bad) {
				t.Errorf("%q came through", bad)
			}
		}
	}
	if out := string(draw(t, text(TextOptions{}), odd())); strings.ContainsAny(out, "\x1b\x00") {
		t.Error("a control character came through to the terminal")
	}
}

func TestGraphvizAccepts(t *testing.T) {
	dot, err := exec.LookPath("dot")
	if err != nil {
		t.Skip("no Graphviz here: ", err)
	}
	for _, x := range everything() {
		if len(x.Events) > 60 {
			continue // takes Graphviz seconds
		}
		c := exec.Command(dot, "-Tplain")
		c.Stdin = bytes.NewReader(draw(t, DOT, x))
		if out, err := c.CombinedOutput(); err != nil || bytes.Contains(out, []byte("rror")) || bytes.Contains(out, []byte("touch")) {
			t.Errorf("%s: %v\n%s", x.Name, err, out)
		}
	}
}

func TestTextFitsWidth(t *testing.T) {
	for _, x := range everything() {
		for _, wide := range []int{40, 80, 100, 120, 200} {
			for line := range strings.Lines(string(draw(t, text(TextOptions{Width: wide}), x))) {
				if got := width(strings.TrimSuffix(line, "\n")); got > wide {
					t.Errorf("%s at %d: a line of %d: %s", x.Name, wide, got, line)
				}
			}
		}
	}
}

func TestLocksAreOneBox(t *testing.T) {
	count := func(x *graph.Execution) (boxes, halves int) {
		s, err := newScene(x)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range s.nodes {
			switch {
			case len(n.events) == 2:
				boxes++
			case strings.HasPrefix(n.what, "LK"):
				halves++
			}
		}
		return
	}
	b := newBuilder("two locks", "l")
	r := b.lock(0, "l", -1)
	b.unlock(0, "l")
	r1 := b.lock(1, "l", b.x.CO[0][2])
	if boxes, halves := count(b.x); boxes != 2 || halves != 0 {
		t.Errorf("%d boxes and %d halves; want 2 and 0", boxes, halves)
	}
	b.violate("atomic", r, "rmw", r+1, "co", r1+1, "hb")
	if boxes, halves := count(b.x); boxes != 1 || halves != 2 {
		t.Errorf("with a cycle through one: %d boxes and %d halves; want 1 and 2", boxes, halves)
	}
	b.violate("")
	b.x.RMW = []graph.Edge{{From: r, To: r1 + 1}}
	if boxes, _ := count(b.x); boxes != 0 {
		t.Errorf("halves of different operations make %d boxes", boxes)
	}
}

func TestSparseEdges(t *testing.T) {
	x := atomics()
	var got []graph.Edge
	got = append(got, frEdges(x)...)
	// All three atomic reads are followed in co by their own writes.
	if want := []graph.Edge{{From: 11, To: 7}}; !slices.Equal(got, want) {
		t.Errorf("fr %v, want %v", got, want)
	}
	if got := coEdges(x); len(got) != 4 {
		t.Errorf("co %v: want two for each of two locations", got)
	}
	nested := []graph.Edge{{From: 0, To: 1}, {From: 0, To: 2}, {From: 1, To: 2}}
	if got, want := reduce(nested), []graph.Edge{{From: 0, To: 1}, {From: 1, To: 2}}; !slices.Equal(got, want) {
		t.Errorf("reduced %v, want %v", got, want)
	}
}

func TestNotClosed(t *testing.T) {
	x := mp()
	x.Cycle = x.Cycle[:2]
	out := string(draw(t, text(TextOptions{}), x))
	if strings.Contains(out, "cycle") || !strings.Contains(out, "because of\nthese edges") {
		t.Errorf("edges that are no cycle are called one:\n%s", out)
	}
	x.Cycle = nil
	if out := string(draw(t, text(TextOptions{}), x)); !strings.Contains(out, `"happens-before" fails.`) {
		t.Errorf("no edges to blame:\n%s", out)
	}
}

func TestBadExecutions(t *testing.T) {
	for name, spoil := range map[string]func(x *graph.Execution){
		"rf has":      func(x *graph.Execution) { x.RF = make([]int, 100) },
		"rf names":    func(x *graph.Execution) { x.RF[6] = 8 },
		"co names":    func(x *graph.Execution) { x.CO[0][0] = -2 },
		"ctrl names":  func(x *graph.Execution) { x.Ctrl = []graph.Edge{{From: 0, To: 8}} },
		"cycle names": func(x *graph.Execution) { x.Cycle[0].From = -1 },
		"thread":      func(x *graph.Execution) { x.Events[3].Thread = 2 },
		"location":    func(x *graph.Execution) { x.Events[3].Loc = 2 },
	} {
		x := mp()
		spoil(x)
		if err := SVG(io.Discard, x); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if err := HTML(io.Discard, []*graph.Execution{nil}, ""); err == nil {
		t.Error("no error for no execution")
	}
	x := mp()
	x.Values, x.RF, x.CO = nil, nil, nil
	draw(t, SVG, x)
}

// withoutViewer is a page without the script and the style that all pages have.
func withoutViewer(page string) string {
	return strings.NewReplacer(viewer.Script(), "(the viewer's script)\n", viewer.Style(), "(the viewer's style)\n").Replace(page)
}
