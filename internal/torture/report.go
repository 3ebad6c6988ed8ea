package torture

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"text/tabwriter"

	"crosscall"
)

// tally has the counts of a run.
type tally struct {
	progress       atomic.Uint64
	calls, funcs   [nops]atomic.Uint64
	errs           [len(errKinds)]atomic.Uint64
	cut            atomic.Uint64
	panicsPosted   atomic.Uint64
	panicsReported atomic.Uint64
}

func (t *tally) count(o op) { t.calls[o].Add(1) }

func (t *tally) ran(o op) { t.funcs[o].Add(1) }

var errKinds = [...]struct {
	name string
	is   func(error) bool
}{
	{"offline", is(crosscall.ErrOffline)},
	{"busy", is(crosscall.ErrBusy)},
	{"full", is(crosscall.ErrFull)},
	{"closed", is(crosscall.ErrClosed)},
	{"deadlock", is(crosscall.ErrDeadlock)},
	{"no CPU", is(crosscall.ErrNoCPU)},
	{"exited", is(crosscall.ErrExited)},
	{"panic", func(err error) bool { p := new(crosscall.PanicError); return errors.As(err, &p) }},
	{"cancelled", is(context.Canceled)},
	{"deadline", is(context.DeadlineExceeded)},
}

func is(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

func (t *tally) noteErr(err error) {
	if err == nil {
		return
	}
	for i := range errKinds {
		if errKinds[i].is(err) {
			t.errs[i].Add(1)
		}
	}
}

// Count is a figure with its name.
type Count struct {
	Name         string
	Calls, Funcs uint64 // made; functions run for them
}

// Report has the counts of a run.
type Report struct {
	Seed   uint64
	Ops    []Count
	Errors []Count // in Calls
	CPUs   []CPU
}

// CPU has the counts of one CPU.
type CPU struct {
	CPU   int
	Funcs uint64 // steps of functions
	Depth int    // the largest nesting of functions
}

func (r *run) report() Report {
	out := Report{Seed: r.opts.Seed}
	for o := range ops {
		out.Ops = append(out.Ops, Count{ops[o].name, r.calls[o].Load(), r.funcs[o].Load()})
	}
	for i := range errKinds {
		out.Errors = append(out.Errors, Count{Name: errKinds[i].name, Calls: r.errs[i].Load()})
	}
	if !r.over.Load() {
		return out // the run hangs: the CPUs still write their counts
	}
	for _, cpu := range r.cpus {
		s := r.cpuStates[cpu]
		out.CPUs = append(out.CPUs, CPU{cpu, s.steps, s.most})
	}
	return out
}

// Text writes the report as a table.
func (r Report) Text(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(tw, "call\tmade\tfunctions\t\n")
	for _, o := range r.Ops {
		fmt.Fprintf(tw, "%s\t%d\t%d\t\n", o.Name, o.Calls, o.Funcs)
	}
	fmt.Fprintf(tw, "\nerror\tcalls\t\n")
	for _, e := range r.Errors {
		fmt.Fprintf(tw, "%s\t%d\t\n", e.Name, e.Calls)
	}
	fmt.Fprintf(tw, "\nCPU\tsteps\tdepth\t\n")
	for _, c := range r.CPUs {
		fmt.Fprintf(tw, "%d\t%d\t%d\t\n", c.CPU, c.Funcs, c.Depth)
	}
	fmt.Fprintf(tw, "\nseed %d\n", r.Seed)
	return tw.Flush()
}
