package gotest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"crosscall/gocheck/internal/report"
)

// A testRun is the run of a package's tests, by one or two processes at a time. If a
// test ends its process, another process runs the remaining tests.
type testRun struct {
	*runner
	p           *pkg
	binary, dir string
	start       time.Time

	mu        sync.Mutex
	processes int
	head      []byte
	pieces    []piece
	tail      []byte
	results   []*report.Result
	code      int
}

func (r *runner) newTestRun(p *pkg, binary, dir string) (*testRun, error) {
	t := &testRun{runner: r, p: p, binary: binary, dir: dir, start: time.Now()}
	return t, os.Mkdir(t.claims(), 0o777)
}

// claims is the folder in which processes note the tests that they have taken.
func (t *testRun) claims() string { return filepath.Join(t.dir, "claims") }

// all runs the tests. A second process helps as soon as there is a slot for it. Then
// there may be slots for tests that take long.
func (t *testRun) all(ctx context.Context, slots chan struct{}) {
	var helper, assistants sync.WaitGroup
	done, end := make(chan struct{}), make(chan struct{})
	if t.o.mayHelp(t.p) {
		helper.Go(func() {
			select {
			case slots <- struct{}{}:
				defer func() { <-slots }()
				t.work(ctx, true)
			case <-done:
			}
		})
		assistants.Go(func() { t.assist(ctx, slots, done, end) })
	}
	t.work(ctx, false)
	close(done)
	helper.Wait()
	close(end)
	assistants.Wait()
	inOrder(t.pieces)
	slices.SortStableFunc(t.results, func(a, b *report.Result) int { return t.place(a.Test) - t.place(b.Test) })
}

func (t *testRun) place(test string) int {
	return slices.IndexFunc(t.pieces, func(p piece) bool { return p.test == test })
}

// mayHelp reports whether two processes may run tests of p at once: the tests must have
// only the machine in common. Tests that use files, the network or other processes may
// not work beside other tests of the package.
func (o *Options) mayHelp(p *pkg) bool {
	outside := func(path string) bool {
		return path == "os" || path == "net" || path == "syscall" || strings.HasPrefix(path, "os/") || strings.HasPrefix(path, "net/")
	}
	return !o.FailFast && len(o.Args) == 0 && !hasTestMain(p) &&
		!slices.ContainsFunc(slices.Concat(p.Imports, p.TestImports, p.XTestImports), outside)
}

// work runs processes until no test is left.
func (t *testRun) work(ctx context.Context, helps bool) {
	for t.process(ctx, helps) && ctx.Err() == nil && !t.o.FailFast {
		if t.o.Timeout > 0 && time.Since(t.start) > t.o.Timeout {
			return
		}
	}
}

// process runs one process, and reports whether a test has ended it.
func (t *testRun) process(ctx context.Context, helps bool) (again bool) {
	t.mu.Lock()
	t.processes++
	results := fmt.Sprintf("%s-%d", filepath.Join(t.dir, "results"), t.processes)
	t.mu.Unlock()
	s := t.o.settings(t.p, t.dir, results)
	s = append(s, "claims="+t.claims())
	if t.o.mayShare(t.p) {
		s = append(s, fmt.Sprintf("share=%d", cmp.Or(t.o.shareAfter, shareAfter)))
	}
	if helps {
		s = append(s, "helps=1")
	}
	if t.o.Timeout > 0 {
		s = append(s, fmt.Sprintf("timeout=%d", max(1, t.o.Timeout-time.Since(t.start))))
	}
	var out bytes.Buffer
	c := t.command(ctx, t.p, t.binary, s)
	c.Stdout, c.Stderr = &out, &out
	err := c.Run()
	t.endAssistants(c)
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.take(out.Bytes(), results, err, helps)
}

// take adds the output and the results of a process.
func (t *testRun) take(out []byte, results string, err error, helps bool) (again bool) {
	head, pieces, tail := split(out)
	if len(pieces) == 0 {
		head, tail = nil, head
	}
	found, unread := readResults(results)
	if unread != nil {
		tail, t.code = fmt.Appendf(tail, "%v\n", unread), Failed
	}
	if n := len(pieces); n > 0 && !pieces[n-1].ended {
		again = true
		found = t.ended(&pieces[n-1], found, err)
	}
	t.pieces, t.results = append(t.pieces, pieces...), append(t.results, found...)
	if len(t.head) == 0 {
		t.head = head
	}
	if again {
		return true
	}
	if err != nil {
		t.code = Failed
		if exit := new(exec.ExitError); !errors.As(err, &exit) || exit.ExitCode() != 1 {
			tail = fmt.Appendf(tail, "%v\n", err)
		} else if helps {
			return false // its tests have failed, and its output says so
		}
	} else if helps {
		return false
	}
	t.tail = append(t.tail, tail...)
	return false
}

// ended completes the piece of a test in which the process has ended. If the hooks
// ended the process, they have left a result; otherwise the test itself or the
// runtime ended it.
func (t *testRun) ended(p *piece, found []*report.Result, err error) []*report.Result {
	i := slices.IndexFunc(found, func(r *report.Result) bool { return r.Test == p.test })
	if i < 0 {
		i = len(found)
		found = append(found, t.crash(p, err))
	}
	r := found[i]
	text := fmt.Sprintf("incomplete: %s: %d executions, %d blocked, %d steps", r.Reason, r.Executions, r.Blocked, r.Steps)
	if r.Failure != nil {
		text = r.Failure.Kind + ": " + r.Failure.Message
	}
	verdict := "FAIL"
	if r.Failure == nil && t.o.AllowIncomplete {
		verdict = "PASS"
	} else {
		t.code = Failed
	}
	if verdict == "FAIL" || t.o.Verbose || t.o.JSON {
		if n := len(p.text); n > 0 && p.text[n-1] != '\n' {
			p.text = append(p.text, '\n')
		}
		p.text = fmt.Appendf(p.text, "%s--- %s: %s (%.2fs)\n    %s\n", t.o.lineMark(), verdict, p.test, time.Since(p.began).Seconds(),
			strings.ReplaceAll(text, "\n", "\n    "))
	}
	return found
}

// lineMark is the beginning of a line of package testing.
func (o *Options) lineMark() string {
	if o.JSON {
		return "\x16"
	}
	return ""
}

// crash is the result of a test that ended the process.
func (t *testRun) crash(p *piece, err error) *report.Result {
	how := "exit status 0"
	if err != nil {
		how = err.Error()
	}
	p.text = programTraces(p.text, t.overlay.Standard)
	f := &report.Report{Kind: "crash", Message: "the process has ended in this test: " + how}
	for line := range strings.Lines(string(p.text)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			f.Message += ": " + line
			break
		}
	}
	return &report.Result{Test: p.test, Verdict: "fails", Failure: f}
}

// write writes the output of all processes, in the order of the tests.
func (t *testRun) write(w io.Writer) error {
	out := slices.Clone(t.head)
	for _, p := range t.pieces {
		out = append(out, p.text...)
	}
	tail := t.tail
	if before, ok := bytes.CutSuffix(tail, []byte(t.o.lineMark()+"PASS\n")); ok && t.code != OK {
		tail = fmt.Appendf(slices.Clone(before), "%sFAIL\n", t.o.lineMark())
	}
	_, err := w.Write(append(out, tail...))
	return err
}

// line is the line for the package.
func (t *testRun) line() string {
	line := fmt.Sprintf("%s\t%.3fs", t.p.ImportPath, time.Since(t.start).Seconds())
	n := 0
	for _, r := range t.results {
		if r.Verdict == "not explored" {
			n++
		}
	}
	if n > 0 {
		line += fmt.Sprintf(" [%d not explored]", n)
	}
	if t.code != OK {
		return "FAIL\t" + line + "\n"
	}
	if bytes.Contains(t.tail, []byte("testing: warning: no tests to run\n")) {
		line += " [no tests to run]"
	}
	return "ok  \t" + line + "\n"
}
