package peers

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Run is one program with one set of arguments.
type Run struct {
	Name  string // category/test/variant and arguments
	Suite string // correct or wrong
	File  string
	Peer  []string // arguments of GenMC itself
	C     []string // arguments of the compiler
}

// foreign are arguments of GenMC for features that this project does not have: file
// systems.
var foreign = []string{"-persevere"}

// Runs lists the runs of the suites below dir, the folder tests of GenMC, under RC11 with
// the coherence order, as GenMC's own drivers do. C++ is left out.
func Runs(dir string) ([]Run, error) {
	var list []Run
	tests, err := filepath.Glob(filepath.Join(dir, "*", "*", "*", "variants"))
	if err != nil {
		return nil, err
	}
	for _, variants := range tests {
		test := filepath.Dir(variants)
		if slices.Contains([]string{"lkmm", "fs"}, filepath.Base(filepath.Dir(test))) {
			continue
		}
		files, err := filepath.Glob(filepath.Join(variants, "*.c"))
		if err != nil {
			return nil, err
		}
		args, err := arguments(test)
		if err != nil {
			return nil, err
		}
		for _, line := range args {
			for _, file := range files {
				if r, ok := newRun(dir, test, file, line); ok {
					list = append(list, r)
				}
			}
		}
	}
	return list, nil
}

// arguments are the lines of a test's file of arguments, or one that is empty.
func arguments(test string) (lines []string, err error) {
	f, err := os.Open(filepath.Join(test, "args.rc11.mo.in"))
	if os.IsNotExist(err) {
		return []string{""}, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if line := strings.TrimSpace(s.Text()); line != "" {
			lines = append(lines, line)
		}
	}
	return lines, nil
}

// newRun makes the run of a line "GenMC's arguments | the compiler's".
func newRun(dir, test, file, line string) (Run, bool) {
	peer, c, _ := strings.Cut(line, "|")
	r := Run{File: file, Peer: strings.Fields(peer), C: strings.Fields(c)}
	rel, _ := filepath.Rel(dir, test)
	r.Suite, r.Name, _ = strings.Cut(filepath.ToSlash(rel), "/")
	variant := strings.TrimSuffix(filepath.Base(file), ".c")
	r.Name = strings.Join(append([]string{r.Name + "/" + variant}, r.C...), " ")
	for _, a := range r.Peer {
		if slices.Contains(foreign, a) {
			return r, false
		}
	}
	return r, true
}

// own are the arguments of crosscall check for the run.
func (r Run) own(dir string) []string {
	args := []string{"check", "--json", "--model", "rc11", "-I", dir} // a program may include files below -I alone
	for _, a := range r.C {
		switch {
		case strings.HasPrefix(a, "-D"):
			args = append(args, a)
		case strings.HasPrefix(a, "-I"):
			folder := a[len("-I"):]
			if _, below, ok := strings.Cut(folder, "tests/"); ok {
				folder = filepath.Join(dir, below)
			}
			args = append(args, "-I", folder)
		}
	}
	for _, a := range r.Peer {
		if n, ok := strings.CutPrefix(strings.TrimLeft(a, "-"), "unroll="); ok {
			args = append(args, "--bound", n)
		}
	}
	return append(args, r.File)
}

// peer are the arguments of GenMC for the run.
func (r Run) peer() []string {
	args := append([]string{"--disable-estimation", "--rc11", "--disable-mm-detector"}, r.Peer...)
	return append(append(append(args, "--"), r.C...), r.File)
}
