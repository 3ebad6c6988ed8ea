package crosscall

import (
	"context"
	"reflect"
	"runtime"
	"runtime/trace"
)

// traceRegion runs fn as a region of runtime/trace that bears its name.
func traceRegion(c *CPU, fn func(*CPU)) {
	trace.WithRegion(context.Background(), funcName(fn), func() { fn(c) })
}

// traceIfEnabled follows the start and the end of a trace.
func (c *CPU) traceIfEnabled() {
	if trace.IsEnabled() {
		c.in.Trace(traceRegion)
	} else {
		c.in.Trace(nil)
	}
}

func funcName(fn func(*CPU)) string {
	if fn == nil {
		return ""
	}
	if f := runtime.FuncForPC(reflect.ValueOf(fn).Pointer()); f != nil {
		return f.Name()
	}
	return "unknown"
}
