package model_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/litmus"
	"crosscall/memmodel/internal/model"

	"github.com/google/go-cmp/cmp"
)

// allows reports whether a model allows a test's condition.
func allows(m *model.Model, name, src string) (bool, error) {
	ast, err := litmus.Parse(name, []byte(src))
	if err != nil {
		return false, err
	}
	test, err := ast.Compile(m.Macros)
	if err != nil {
		return false, err
	}
	_, err = explore.Run(context.Background(), test.Prog, m.Plan, explore.Config{Goal: test.Cond},
		func(*explore.Execution) error { return explore.ErrStop })
	if errors.Is(err, explore.ErrStop) {
		return true, nil
	}
	return false, err
}

func verdict(t *testing.T, m *model.Model, shape string, plain bool) string {
	t.Helper()
	src, err := litmusShape(shape, plain)
	if err != nil {
		t.Fatal(err)
	}
	ok, err := allows(m, shape, src)
	switch {
	case err != nil:
		t.Fatalf("%s under %s: %v\n%s", shape, m.Name, err, src)
	case ok:
		return "Allow"
	}
	return "Forbid"
}

var update = flag.Bool("update", false, "rewrite testdata/shapes.txt")

// TestPublished compares with the verdicts of the literature for each model.
func TestPublished(t *testing.T) {
	const file = "testdata/published.txt"
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var m *model.Model
	plain := false
	line := 0
	for text := range strings.Lines(string(src)) {
		line++
		text = strings.TrimSpace(text)
		if head, ok := strings.CutPrefix(text, "["); ok {
			name, how, _ := strings.Cut(strings.TrimSuffix(head, "]"), " ")
			if m, err = model.Load(name); err != nil {
				t.Fatal(err)
			}
			plain = how == "plain"
			continue
		}
		if text == "" || text[0] == '#' {
			continue
		}
		shape, want, ok := strings.Cut(text, " ")
		if !ok || want != "Allow" && want != "Forbid" {
			t.Fatalf("%s:%d: neither Allow nor Forbid", file, line)
		}
		if got := verdict(t, m, shape, plain); got != want {
			t.Errorf("%s:%d: %s under %s: %s, published: %s", file, line, shape, m.Name, got, want)
		}
	}
}

// between has the links that the transcript goes through, by the two accesses.
var between = map[string][]string{
	"RR": {"po", "addr", "ctrl", "acq", "rmb", "mb"},
	"RW": {"po", "addr", "data", "ctrl", "acq", "rel", "mb"},
	"WW": {"po", "wmb", "rel", "mb"},
	"WR": {"po", "relacq", "xchg", "mb"},
}

// few is a shorter choice, for shapes with three links.
var few = map[string][]string{
	"RR": {"po", "addr", "acq", "mb"},
	"RW": {"po", "data", "rel", "mb"},
	"WW": {"wmb", "rel", "mb"},
	"WR": {"po", "mb"},
}

// order is that of the sections of the transcript.
var order = []string{
	"CoRR", "CoWW", "CoRW1", "CoRW2", "CoWR",
	"MP", "SB", "LB", "S", "R", "2+2W",
	"WRC", "RWC", "WWC", "WRW+WR", "WRR+2W", "WRW+2W", "IRIW", "IRRWIW", "IRWIW",
	"ISA2", "W+RWC", "Z6.0", "Z6.1", "Z6.2", "Z6.3", "Z6.4", "Z6.5", "3.SB", "3.LB", "3.2W",
}

// ppo are the shapes that show which order within a thread is preserved.
var ppo = []string{
	"MP+wmb+ctrl-rfi-addr", "MP+wmb+addr-rfi-addr", "MP+wmb+data-rfi-addr",
	"MP+wmb+addr.R-addr", "MP+wmb+addr.R-po", "MP+wmb+ctrl.R-addr", "MP+wmb+fri-rfi-addr", "MP+wmb+fri-rfi-ctrl",
	"MP+wsi-rfi-addr+addr", "SB+rfi-po+rfi-po", "SB+rfi-addr+rfi-addr", "SB+mb+rfi-addr",
	"LB+addr.W-po+addr.W-po", "LB+data.W-po+data.W-po", "LB+addr.R-po+addr.R-po", "LB+data-rfi-data+data-rfi-data",
	"LB+data-rfi-addr+data-rfi-addr", "LB+ctrl-rfi-data+ctrl-rfi-data",
}

// combinations are the names of a shape with every choice of links. Choices
// that differ only by a rotation of equal threads are listed once.
func combinations(shape string) []string {
	threads, _ := parseCycle(shapes[shape])
	var kinds []string
	for _, t := range threads {
		if len(t) == 2 && t[0].loc != t[1].loc {
			kinds = append(kinds, kindOf(t[0])+kindOf(t[1]))
		}
	}
	choice := between
	if len(kinds) > 2 {
		choice = few
	}
	lists := [][]string{nil}
	for _, k := range kinds {
		var next [][]string
		for _, l := range lists {
			for _, c := range choice[k] {
				next = append(next, append(slices.Clone(l), c))
			}
		}
		lists = next
	}
	turns := len(threads) == len(kinds) && len(slices.Compact(slices.Clone(kinds))) == 1 || shape == "IRIW"
	seen := make(map[string]bool)
	var names []string
	for _, l := range lists {
		if turns && seen[strings.Join(l, "+")] {
			continue
		}
		for i := range l {
			seen[strings.Join(append(slices.Clone(l[i:]), l[:i]...), "+")] = true
		}
		names = append(names, strings.Join(append([]string{shape}, l...), "+"))
	}
	return names
}

func kindOf(a *access) string {
	if a.write {
		return "W"
	}
	return "R"
}

// TestShapes runs the classic shapes, with every fence and dependency, under
// every model. testdata/shapes.txt is the table of the verdicts.
func TestShapes(t *testing.T) {
	columns := []string{"sc", "x86-tso", "armv8", "riscv", "power", "alpha", "rc11", "lkmm"}
	models := make([]*model.Model, len(columns))
	for i, name := range columns {
		m, err := model.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		models[i] = m
	}
	var b strings.Builder
	b.WriteString("What each model says of the classic shapes: A allows, - forbids. Links are in terms of the\n" +
		"kernel's primitives, which alpha makes stronger than the machine: READ_ONCE has an mb there.\n" +
		"shape_test.go explains the names, published.txt has what the literature says.\n")
	section := func(title string, names []string) {
		fmt.Fprintf(&b, "\n%-34s %s\n", title, strings.Join(columns, "  "))
		for _, name := range names {
			fmt.Fprintf(&b, "%-34s", name)
			row := make(map[string]string)
			for i, m := range models {
				row[columns[i]] = verdict(t, m, name, false)
				mark := "-"
				if row[columns[i]] == "Allow" {
					mark = "A"
				}
				fmt.Fprintf(&b, " %-*s ", len(columns[i]), mark)
			}
			b.WriteString("\n")
			sound(t, name, row)
		}
	}
	for _, s := range order {
		section(s+": "+shapes[s], combinations(s))
	}
	section("order within a thread", ppo)
	got := trimLines(b.String())
	const file = "testdata/shapes.txt"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("verdicts differ from %s (-update rewrites it):\n%s", file, diff)
	}
}

// sound checks that no machine allows what the kernel's model forbids, and that
// sequential consistency forbids all shapes.
func sound(t *testing.T, shape string, row map[string]string) {
	t.Helper()
	if row["sc"] == "Allow" {
		t.Errorf("%s: allowed under sc", shape)
	}
	for _, machine := range []string{"x86-tso", "armv8", "riscv", "power", "alpha"} {
		if row["lkmm"] == "Forbid" && row[machine] == "Allow" {
			t.Errorf("%s: lkmm forbids what %s allows", shape, machine)
		}
	}
}

func trimLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}
