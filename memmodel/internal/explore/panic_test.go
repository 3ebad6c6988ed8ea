package explore_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/rel"
)

// TestPanic: whichever goroutine panics, it is Run's caller who gets to know, and
// only once nothing goes on any more.
func TestPanic(t *testing.T) {
	test, m := parse(t, `{} P0(int *x) { int r0 = xchg(x, 1); int r1 = READ_ONCE(*x); } P1(int *x) { int r0 = xchg(x, 2); int r1 = READ_ONCE(*x); }
		P2(int *x) { int r0 = xchg(x, 3); int r1 = READ_ONCE(*x); } exists (x=1)`)
	for name, run := range map[string]func(context.Context, *ir.Program, *rel.Plan, explore.Config, func(*explore.Execution) error) (explore.Stats, error){"unfolding": explore.Run, "growing": explore.RunGrowing} {
		for after := range int64(20) { // it may be in any of the goroutines
			var calls atomic.Int64
			p := panicOf(func() {
				_, err := run(context.Background(), test.Prog, m.Plan, explore.Config{Workers: 4}, func(*explore.Execution) error {
					if calls.Add(1) > after {
						failOnPurpose()
					}
					return nil
				})
				t.Errorf("%s: no panic after %d executions, but %v", name, after, err)
			})
			n := calls.Load()
			far, ok := p.(*explore.Panic)
			if !ok || far.Value != "on purpose" || !strings.Contains(string(far.Stack), "failOnPurpose") || !strings.Contains(far.Error(), "on purpose\n") {
				t.Fatalf("%s: panic %v", name, p)
			}
			if n > after+4 || n != calls.Load() { // the others may have come to the same point
				t.Errorf("%s: %d calls, then %d, after a panic in number %d", name, n, calls.Load(), after+1)
			}
		}
		if stats, err := run(context.Background(), test.Prog, m.Plan, explore.Config{}, func(*explore.Execution) error { return nil }); err != nil || stats.Executions < 21 {
			t.Errorf("%s: afterwards %d executions, %v", name, stats.Executions, err)
		}
	}
}

func failOnPurpose() { panic("on purpose") }

func panicOf(do func()) (p any) {
	defer func() { p = recover() }()
	do()
	return nil
}
