package gotest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"time"

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
}

// An answer is what a package's line and output say, and what its tests came to.
type answer struct {
	output  []byte
	line    string
	code    int
	results []*report.Result
}

// Run explores the tests of the packages that patterns name. The error is of
// the command; what the tests say goes to stdout.
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

const parallel = 2 // packages at a time

// all runs the packages, and prints their answers in order.
func (r *runner) all(ctx context.Context, packages []*pkg, stdout io.Writer) (code int, found []finding, err error) {
	answers := make([]chan answer, len(packages))
	slots := make(chan struct{}, parallel)
	line := startProgress(r.o.Progress, len(packages))
	defer line.end()
	var wg sync.WaitGroup
	defer wg.Wait()
	for i, p := range packages {
		answers[i] = make(chan answer, 1)
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
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
	if err := os.Mkdir(dir, 0o777); err != nil {
		return r.broken(ctx, p, nil, err.Error())
	}
	binary := filepath.Join(dir, filepath.Base(p.ImportPath)+".test")
	if out, err := r.build(ctx, p, binary); err != nil {
		return r.broken(ctx, p, out, "build failed")
	}
	if err := writeSpans(binary, spansFile(dir), r.overlay.Standard); err != nil {
		return r.broken(ctx, p, nil, err.Error())
	}
	a := r.run(ctx, p, binary, dir)
	var err error
	if a.results, err = readResults(dir); err != nil {
		a.output, a.code = fmt.Appendf(a.output, "%v\n", err), Failed
	}
	if r.o.JSON {
		a.output = withResults(a.output, a.results)
	}
	return a
}

func spansFile(dir string) string   { return filepath.Join(dir, "variables") }
func resultsFile(dir string) string { return filepath.Join(dir, "results") }

// readResults reads what tests came to: there is nothing if none was explored.
func readResults(dir string) ([]*report.Result, error) {
	f, err := os.Open(resultsFile(dir))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return report.Read(f)
}

// notExplored is how many tests could not be explored.
func notExplored(dir string) (n int) {
	results, _ := readResults(dir) // an error is said where the results are used
	for _, r := range results {
		if r.Verdict == "not explored" {
			n++
		}
	}
	return n
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

// verdict is the answer that has a line alone.
func (r *runner) verdict(ctx context.Context, p *pkg, line string, code int) answer {
	if !r.o.JSON {
		return answer{line: line, code: code}
	}
	out, err := r.events(ctx, p, func(w io.Writer) { _, _ = io.WriteString(w, line) }) // the converter says what is wrong
	if err != nil {
		return answer{line: err.Error() + "\n", code: Failed}
	}
	return answer{output: out, code: code}
}

// run runs the test binary.
func (r *runner) run(ctx context.Context, p *pkg, binary, dir string) (a answer) {
	if r.o.JSON {
		var err error
		a.output, err = r.events(ctx, p, func(w io.Writer) {
			line, code := r.tests(ctx, p, binary, dir, w)
			a.code = code
			_, _ = io.WriteString(w, line) // the converter says what is wrong
		})
		if err != nil {
			a.output, a.code = fmt.Appendf(a.output, "%v\n", err), Failed
		}
		return a
	}
	var out bytes.Buffer
	a.line, a.code = r.tests(ctx, p, binary, dir, &out)
	if a.code != OK || r.o.Verbose || r.single {
		a.output = out.Bytes()
	}
	return a
}

// tests runs the test binary with its output to w, and returns the package's line.
func (r *runner) tests(ctx context.Context, p *pkg, binary, dir string, w io.Writer) (line string, code int) {
	start := time.Now()
	var out bytes.Buffer
	c := r.command(ctx, p, binary, dir)
	c.Stdout = io.MultiWriter(w, &out)
	c.Stderr = c.Stdout
	err := c.Run()
	line = fmt.Sprintf("%s\t%.3fs", p.ImportPath, time.Since(start).Seconds())
	if n := notExplored(dir); n > 0 {
		line += fmt.Sprintf(" [%d not explored]", n)
	}
	if err == nil {
		if bytes.Contains(out.Bytes(), []byte("testing: warning: no tests to run\n")) {
			line += " [no tests to run]"
		}
		return "ok  \t" + line + "\n", OK
	}
	if exit := new(exec.ExitError); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		fmt.Fprintln(w, err)
	}
	return "FAIL\t" + line + "\n", Failed
}
