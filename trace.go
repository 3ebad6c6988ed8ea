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

func funcName(fn func(*CPU)) string {
	if fn == nil {
		return ""
	}
	if f := runtime.FuncForPC(reflect.ValueOf(fn).Pointer()); f != nil {
		return f.Name()
	}
	return "unknown"
}
