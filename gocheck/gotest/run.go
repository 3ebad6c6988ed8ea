package gotest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"crosscall/gocheck/internal/overlay"
	"crosscall/gocheck/internal/report"
)

// Exit codes, those of go test.
const (
	OK     = 0
	Failed = 1 // or a build did
	Usage  = 2
)

type runner struct {
	o       *Options
	goTool  overlay.Go
	overlay *overlay.Overlay
	tmp     string
	single  bool // the package of the directory: its output is shown
	slots   chan struct{}
}

// An answer is a package's line and output, and the results of its tests.
type answer struct {
	output  []byte
	line    string
	code    int
	results []*report.Result
}

// Run explores the tests of the packages that patterns name, and writes their
// output to stdout. The error is one of the command.
func Run(ctx context.Context, o *Options, patterns []string, stdout, stderr io.Writer) (code int, err error) {
	r := &runner{o: o, single: len(patterns) == 0, goTool: overlay.Go{Dir: o.Dir}}
	if r.single {
		patterns = []string{"."}
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return Usage, err
	}
	if r.overlay, err = overlay.Make(ctx, r.goTool, filepath.Join(cache, "crosscall", "gotest")); err != nil {
		return Usage, err
	}
	r.goTool = r.overlay.Go
	packages, err := list(ctx, r.goTool, o, patterns)
	if err != nil {
		return Usage, err
	}
	if r.tmp, err = os.MkdirTemp("", "crosscall-gotest-"); err != nil {
		return Usage, err
	}
	defer os.RemoveAll(r.tmp)
	code, found, err := r.all(ctx, packages, stdout)
	return code, errors.Join(err, o.draw(found))
}

const parallel = 2 // processes at a time

// all runs the packages, and prints their answers in order.
func (r *runner) all(ctx context.Context, packages []*pkg, stdout io.Writer) (code int, found []finding, err error) {
	answers := make([]chan answer, len(packages))
	r.slots = make(chan struct{}, parallel)
	line := startProgress(r.o.Progress, len(packages))
	defer line.end()
	var wg sync.WaitGroup
	defer wg.Wait()
	for i, p := range packages {
		answers[i] = make(chan answer, 1)
		wg.Go(func() {
			r.slots <- struct{}{}
			defer func() { <-r.slots }()
			line.begin(p.ImportPath)
			a := r.one(ctx, p, filepath.Join(r.tmp, strconv.Itoa(i)))
			line.finish(p.ImportPath)
			answers[i] <- a
		})
	}
	for i, p := range packages {
		a := <-answers[i]
		code = max(code, a.code)
		found = append(found, failures(p, a.results)...)
		line.aside(func() { _, err = stdout.Write(append(a.output, a.line...)) })
		if err != nil {
			return Failed, found, err
		}
	}
	if code != OK && !r.o.JSON {
		fmt.Fprintln(stdout, "FAIL")
	}
	return code, found, ctx.Err()
}

// one builds and runs a package's tests.
func (r *runner) one(ctx context.Context, p *pkg, dir string) answer {
	switch {
	case p.Error != nil:
		return r.broken(ctx, p, fmt.Appendf(nil, "# %s\n%s\n", p.ImportPath, p.Error.Err), "setup failed")
	case !p.hasTests():
		return r.verdict(ctx, p, "?   \t"+p.ImportPath+"\t[no test files]\n", OK)
	}
	binary := filepath.Join(dir, filepath.Base(p.ImportPath)+".test")
	if r.o.binaries != "" {
		binary = filepath.Join(r.o.binaries, p.ImportPath, filepath.Base(binary))
	}
	if err := errors.Join(os.Mkdir(dir, 0o777), os.MkdirAll(filepath.Dir(binary), 0o777)); err != nil {
		return r.broken(ctx, p, nil, err.Error())
	}
	if out, err := r.build(ctx, p, binary); err != nil {
		return r.broken(ctx, p, out, "build failed")
	}
	if err := writeSpans(binary, spansFile(dir), r.overlay.Standard); err != nil {
		return r.broken(ctx, p, nil, err.Error())
	}
	return r.run(ctx, p, binary, dir)
}

func spansFile(dir string) string { return filepath.Join(dir, "variables") }

// readResults reads the results of tests. There are none if no test was
// explored.
func readResults(file string) ([]*report.Result, error) {
	f, err := os.Open(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return report.Read(f)
}

// broken is the answer of a package that cannot be run.
func (r *runner) broken(ctx context.Context, p *pkg, out []byte, why string) answer {
	line := "FAIL\t" + p.ImportPath + " [" + why + "]\n"
	if !r.o.JSON {
		return answer{output: out, line: line, code: Failed}
	}
	a := r.verdict(ctx, p, line, Failed)
	a.output = append(buildEvents(p, out), withField(a.output, "fail", "", "FailedBuild", builtPackage(p, out))...)
	return a
}

// verdict is an answer that has only a line.
func (r *runner) verdict(ctx context.Context, p *pkg, line string, code int) answer {
	if !r.o.JSON {
		return answer{line: line, code: code}
	}
	out, err := r.events(ctx, p, func(w io.Writer) { _, _ = io.WriteString(w, line) }) // the converter reports write errors
	if err != nil {
		return answer{line: err.Error() + "\n", code: Failed}
	}
	return answer{output: out, code: code}
}

// run runs the test binary.
func (r *runner) run(ctx context.Context, p *pkg, binary, dir string) (a answer) {
	t, err := r.newTestRun(p, binary, dir)
	if err != nil {
		return r.broken(ctx, p, nil, err.Error())
	}
	if r.o.JSON {
		a.output, err = r.events(ctx, p, func(w io.Writer) {
			t.all(ctx, r.slots)
			_ = t.write(w) // the converter reports write errors
			_, _ = io.WriteString(w, t.line())
		})
		a.output = withResults(a.output, t.results)
		if err != nil {
			a.output, t.code = fmt.Appendf(a.output, "%v\n", err), Failed
		}
	} else {
		var out bytes.Buffer
		t.all(ctx, r.slots)
		_ = t.write(&out) // a Buffer never fails
		a.line = t.line()
		if t.code != OK || r.o.Verbose || r.single {
			a.output = out.Bytes()
		}
	}
	a.code, a.results = t.code, t.results
	return a
}
