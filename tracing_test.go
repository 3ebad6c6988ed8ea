package crosscall

import (
	"bytes"
	"runtime/trace"
	"testing"
)

// Functions are regions of a trace, by their names; after it they are not.
func TestTraceHasRegions(t *testing.T) {
	for _, d := range designs {
		t.Run(d.String(), func(t *testing.T) {
			limit(t)
			s := open(t, d.of(virtual(2)))
			traced := func(*CPU) {}
			var buf bytes.Buffer
			if err := trace.Start(&buf); err != nil {
				t.Skip("there is a trace already: ", err)
			}
			for range 2 { // the CPU notices the trace when it rests
				must(t, s.Call(ctx, 1, traced))
				until(t, "CPU 1 rests", s.cpus[1].tally.asleep.Load)
			}
			for range 2 {
				must(t, s.Call(ctx, 1, traced))
				must(t, s.Post(1, traced))
			}
			must(t, s.Call(ctx, 1, nop))
			trace.Stop()
			if !bytes.Contains(buf.Bytes(), []byte(funcName(traced))) {
				t.Errorf("%s is not in the trace of %d bytes", funcName(traced), buf.Len())
			}
		})
	}
}

func TestFuncName(t *testing.T) {
	if got := funcName(nil); got != "" {
		t.Errorf("nil is called %q", got)
	}
	if got := funcName(nop); got != "crosscall.nop" {
		t.Errorf("nop is called %q", got)
	}
}
