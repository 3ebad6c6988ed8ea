package gotest

import (
	"context"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"crosscall/gocheck/internal/overlay"
)

// instrumented are the packages of the standard library whose plain and atomic
// accesses are reported, because programs share their values. Their locks must
// be explored too. If packages that are not explored call them, their accesses must
// be lent (see hook.inStandard).
var instrumented = []string{
	"sync/atomic", "context", "container/heap", "container/list", "container/ring", "math/rand", "math/rand/v2",
	"bytes", "strings", "bufio", "encoding/csv", "text/tabwriter",
}

// instrument makes the compiler report plain accesses. With -race alone it
// would also check conversions of unsafe pointers, which go test does not do.
const instrument = "-race -d=checkptr=0"

// build makes the test binary of p. The binary must not be position-independent: its
// variables would not be at the addresses of its symbols. If the build fails, the
// output is the compiler's.
func (r *runner) build(ctx context.Context, p *pkg, binary string) (output []byte, err error) {
	args := []string{"test", "-c", "-vet=off", "-buildmode=exe", "-o", binary, "-overlay=" + r.overlay.File, "-gcflags=all=" + instrument}
	for _, std := range slices.Sorted(maps.Keys(r.overlay.Standard)) {
		args = append(args, "-gcflags="+std+"=") // one by one: for the go command of Go 1.27 no package matches "std" here
	}
	for _, std := range instrumented {
		args = append(args, "-gcflags="+std+"="+instrument)
	}
	for _, std := range overlay.Profiled {
		args = append(args, "-gcflags="+std+"=-pgoprofile="+r.overlay.Profile)
	}
	if p.Standard {
		args = append(args, "-gcflags="+p.ImportPath+"="+instrument)
	}
	args = append(append(args, r.o.buildFlags()...), p.ImportPath)
	c := r.goTool.Command(ctx, args...)
	return c.CombinedOutput()
}

// command runs the test binary of p with these settings.
func (r *runner) command(ctx context.Context, p *pkg, binary string, settings []string) *exec.Cmd {
	c := exec.CommandContext(ctx, binary, r.o.testFlags()...)
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	c.WaitDelay = 10 * time.Second
	c.Dir = p.Dir
	c.Env = append(c.Environ(), "CROSSCALL_GOTEST="+strings.Join(settings, separator), "PWD="+p.Dir)
	return c
}
