// Package bench measures the cost of cross-CPU calls, and the cost of the same
// work without this library.
//
// Every measure is a contest: samples of the measure and of its baselines
// alternate in one run, because figures of two runs are not comparable. On a
// shared machine, or a guest whose CPUs its host moves, a ping-pong may take 50
// ns in one second and 330 ns in the next; alternating samples are affected
// equally.
//
// A sample is a batch of operations after an untimed warm-up, and its
// observation is their mean: reading the clock costs about a tenth of a call.
// Only calls to a sleeping CPU, which are a hundred times slower, are timed
// one by one. Values are medians of the observations.
package bench

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"crosscall/cpumask"
)

// Options of a run: what is measured, and where.
type Options struct {
	// CPUs to measure on. Measures of two CPUs use the first two.
	CPUs cpumask.Mask
	// Only has the names of the measures wanted; empty: all, and the matrix,
	// whose name is "matrix".
	Only []string
	// Time is how long each measure may take: 0 is 2.5 s, which makes a run
	// last about two minutes. idle-cpu takes 4 s whatever it is.
	Time time.Duration
	// Progress, if set, is called with the name of each measure before it runs.
	Progress func(name string)
}

const defaultTime = 2500 * time.Millisecond

// matrixName stands for the matrix where measures are named.
const matrixName = "matrix"

// Names returns the names that Options.Only may have.
func Names() []string {
	var names []string
	for i := range contests {
		names = append(names, contests[i].name)
	}
	return append(names, matrixName)
}

// Validate returns the error in o, if there is one. Run does so too.
func (o *Options) Validate() error {
	if o.CPUs.Empty() {
		return fmt.Errorf("no CPU to measure on")
	}
	if o.Time < 0 {
		return fmt.Errorf("negative time %v", o.Time)
	}
	for _, name := range o.Only {
		if !slices.Contains(Names(), name) {
			return fmt.Errorf("no measure %q; there are %s", name, strings.Join(Names(), ", "))
		}
	}
	return nil
}

func (o *Options) wants(name string) bool {
	return len(o.Only) == 0 || slices.Contains(o.Only, name)
}

// Run measures. An error means that o is invalid. Measures that are not
// possible here are in the report's Skipped. When ctx ends, Run returns the
// measures that it has.
func Run(ctx context.Context, o Options) (*Report, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if o.Time == 0 {
		o.Time = defaultTime
	}
	s := newSite(o.CPUs)
	r := newReport(s)
	r.Machine.Pair = findPair(s)
	for i := range contests {
		c := &contests[i]
		o.step(ctx, c.name, func() { c.run(ctx, s, o.Time, r) })
	}
	o.step(ctx, matrixName, func() { r.measureMatrix(ctx, s, o.Time) })
	return r, nil
}

func (o *Options) step(ctx context.Context, name string, measure func()) {
	if ctx.Err() != nil || !o.wants(name) {
		return
	}
	if o.Progress != nil {
		o.Progress(name)
	}
	measure()
}
