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

// unseen are packages of the standard library whose plain accesses are not reported: the
// explorer is in them, or what they do is explored by other means. The compiler leaves out
// the runtime by itself.
var unseen = []string{"sync", "internal/sync", "testing", "iter", "log", "time", "syscall", "internal/poll", "internal/bytealg", "internal/race"}

func isUnseen(p string) bool {
	return slices.Contains(unseen, p) || strings.HasPrefix(p, "internal/crosscall/")
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
		flags := instrument
		if isUnseen(std) {
			flags = ""
		}
		args = append(args, "-gcflags="+std+"="+flags) // one by one: for the go command of Go 1.27 no package matches "std" here
	}
	for _, std := range overlay.Profiled {
		args = append(args, "-gcflags="+std+"=-pgoprofile="+r.overlay.Profile)
	}
	if p.Standard {
		args = append(args, "-gcflags="+p.ImportPath+"="+instrument)
	}
	if !strings.Contains(r.overlay.GoFlags, "-ldflags") { // this one would take the place of that
		args = append(args, "-ldflags=-w") // without tables for debuggers it links in half the time
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
