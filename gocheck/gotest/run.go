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
)

// Exit codes, those of go test.
const (
	OK     = 0
	Failed = 1
	Usage  = 2 // or a build that failed
)

type runner struct {
	o       *Options
	goTool  overlay.Go
	overlay *overlay.Overlay
	tmp     string
	single  bool // the package of the directory: its output is shown
}

// A report is what a package's line and output say.
type report struct {
	output []byte
	line   string
	code   int
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
	return r.all(ctx, packages, stdout)
}

const parallel = 2 // packages at a time

// all runs the packages, and prints their reports in order.
func (r *runner) all(ctx context.Context, packages []*pkg, stdout io.Writer) (code int, err error) {
	reports := make([]chan report, len(packages))
	slots := make(chan struct{}, parallel)
	var wg sync.WaitGroup
	defer wg.Wait()
	for i, p := range packages {
		reports[i] = make(chan report, 1)
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			reports[i] <- r.one(ctx, p, filepath.Join(r.tmp, strconv.Itoa(i)))
		})
	}
	for i := range packages {
		rep := <-reports[i]
		code = max(code, rep.code)
		if _, err := stdout.Write(append(rep.output, rep.line...)); err != nil {
			return Failed, err
		}
	}
	if code != OK && !r.o.JSON {
		fmt.Fprintln(stdout, "FAIL")
	}
	return code, ctx.Err()
}

// one builds and runs a package's tests.
func (r *runner) one(ctx context.Context, p *pkg, dir string) report {
	switch {
	case p.Error != nil:
		return report{fmt.Appendf(nil, "# %s\n%s\n", p.ImportPath, p.Error.Err), "FAIL\t" + p.ImportPath + " [setup failed]\n", Usage}
	case !p.hasTests():
		return report{line: "?   \t" + p.ImportPath + "\t[no test files]\n"}
	}
	if err := os.Mkdir(dir, 0o777); err != nil {
		return report{line: "FAIL\t" + p.ImportPath + " [" + err.Error() + "]\n", code: Usage}
	}
	binary := filepath.Join(dir, filepath.Base(p.ImportPath)+".test")
	if out, err := r.build(ctx, p, binary); err != nil {
		return report{out, "FAIL\t" + p.ImportPath + " [build failed]\n", Usage}
	}
	spans := filepath.Join(dir, "variables")
	if err := writeSpans(binary, spans, r.overlay.Standard); err != nil {
		return report{line: "FAIL\t" + p.ImportPath + " [" + err.Error() + "]\n", code: Usage}
	}
	start := time.Now()
	var out bytes.Buffer
	c := r.command(ctx, p, binary, spans)
	c.Stdout, c.Stderr = &out, &out
	err := c.Run()
	return r.report(p, out.Bytes(), err, time.Since(start))
}

func (r *runner) report(p *pkg, out []byte, err error, d time.Duration) report {
	if r.o.JSON {
		return report{output: out, code: exitCode(err)}
	}
	seconds := fmt.Sprintf("%.3fs", d.Seconds())
	if err == nil {
		if bytes.Contains(out, []byte("testing: warning: no tests to run")) {
			seconds += " [no tests to run]"
		}
		if !r.o.Verbose && !r.single {
			out = nil
		}
		return report{out, "ok  \t" + p.ImportPath + "\t" + seconds + "\n", OK}
	}
	if exit := new(exec.ExitError); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		out = fmt.Appendf(out, "%v\n", err)
	}
	return report{out, "FAIL\t" + p.ImportPath + "\t" + seconds + "\n", Failed}
}

func exitCode(err error) int {
	if err != nil {
		return Failed
	}
	return OK
}
