//go:build !gocheck

package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var whichMutants = flag.String("mutants", "some", "which known ways to break the call queue to try: some (with -short one), all, a part such as 2/4, or those whose name contains this")

// root is the module's root folder.
const root = "../.."

// A mutant is the call queue with a bug. It is made by editing the real source:
// if its old text is no longer there, the test fails.
type mutant struct {
	name     string
	file     string   // of internal/callqueue
	edits    []string // old, new, old, new ...; each old is there once
	scenario string
	found    string // the kind of failure that must find it; incomplete is an endless walk
	often    bool   // tried by go test without a flag
}

func TestMutants(t *testing.T) {
	for _, m := range mutants {
		if !m.chosen() {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			got := m.explore(t)
			first, _, _ := strings.Cut(got, "\n")
			if want := m.scenario + ": " + m.found + ": "; !strings.HasPrefix(first, want) {
				t.Errorf("want %q, got:\n%s", want, got)
			}
			t.Log(first)
		})
	}
}

// Each mutant, also one that is not run, can be made from the present source.
func TestMutantsApply(t *testing.T) {
	names, chosen := map[string]bool{}, 0
	for _, m := range append(mutants, equivalent...) {
		if _, err := m.source(); err != nil {
			t.Errorf("%s: %v", m.name, err)
		}
		if names[m.name] {
			t.Errorf("there are two of %q", m.name)
		}
		names[m.name] = true
		if m.chosen() {
			chosen++
		}
	}
	if chosen == 0 {
		t.Errorf("-mutants %q chooses none", *whichMutants)
	}
}

// TestEquivalent has changes from the review that make no difference if atomics
// are sequentially consistent.
func TestEquivalent(t *testing.T) {
	for _, m := range equivalent {
		if !m.chosen() {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			if got := m.explore(t); !strings.HasPrefix(got, m.scenario+": holds") {
				t.Error(got)
			}
		})
	}
}

// chosen reports whether m is tried. With -short one mutant is. Part 2/4 is
// every fourth, from the second on.
func (m *mutant) chosen() bool {
	switch *whichMutants {
	case "all":
		return true
	case "some":
		return m.often && (!testing.Short() || m.first())
	}
	if part, parts, ok := strings.Cut(*whichMutants, "/"); ok {
		n, err := strconv.Atoi(parts)
		return err == nil && n > 0 && part == fmt.Sprint(m.number()%n+1)
	}
	return strings.Contains(m.name, *whichMutants)
}

// number is m's number among all mutants, followed by those that make no difference.
func (m *mutant) number() int {
	return slices.IndexFunc(append(mutants, equivalent...), func(o mutant) bool { return o.name == m.name })
}

// first reports whether m is the first that is often tried.
func (m *mutant) first() bool {
	i := slices.IndexFunc(mutants, func(o mutant) bool { return o.often })
	return i >= 0 && mutants[i].name == m.name
}

func (m *mutant) path() string { return filepath.Join(root, "internal/callqueue", m.file) }

func (m *mutant) source() (string, error) {
	text, err := os.ReadFile(m.path())
	if err != nil {
		return "", err
	}
	src := string(text)
	for i := 0; i < len(m.edits); i += 2 {
		if n := strings.Count(src, m.edits[i]); n != 1 {
			return "", fmt.Errorf("%s: %q is there %d times, not once", m.file, m.edits[i], n)
		}
		src = strings.Replace(src, m.edits[i], m.edits[i+1], 1)
	}
	return src, nil
}

// explore returns the output of this program for the mutant in its scenario.
func (m *mutant) explore(t *testing.T) string {
	t.Helper()
	src, err := m.source()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file, overlay, bin := filepath.Join(dir, m.file), filepath.Join(dir, "overlay.json"), filepath.Join(dir, "vg.exe")
	real, err := filepath.Abs(m.path())
	if err != nil {
		t.Fatal(err)
	}
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{real: file}})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.WriteFile(file, []byte(src), 0o666), os.WriteFile(overlay, replace, 0o666)); err != nil {
		t.Fatal(err)
	}
	goCommand(t, "build", "-tags", "gocheck", "-overlay", overlay, "-o", bin, ".")
	out, err := exec.Command(bin, m.scenario).Output()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(out)
}

// goCommand runs the go command, and skips the test if there is none.
func goCommand(t *testing.T, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("needs the go command")
	}
	out, err := exec.Command("go", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}
