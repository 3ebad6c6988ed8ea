package asks

import (
	"runtime"
	"slices"
	"testing"
)

// functions are the names on the stack of the caller.
func functions() (names []string) {
	var pcs [16]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		f, more := frames.Next()
		names = append(names, f.Function)
		if !more {
			return names
		}
	}
}

func nameAt(skip int) string {
	pc, _, _, ok := runtime.Caller(skip)
	if !ok {
		return ""
	}
	return runtime.FuncForPC(pc).Name()
}

const here = "example.com/shop/asks."

// TestRightCallers: there are no other frames than those that go test has.
func TestRightCallers(t *testing.T) {
	test := []string{here + "TestRightCallers", "testing.tRunner", "runtime.goexit"}
	if got := functions(); !slices.Equal(got, test) {
		t.Errorf("%q, want %q", got, test)
	}
	for i, want := range append([]string{here + "nameAt"}, append(test, "", "")...) {
		if got := nameAt(i); got != want {
			t.Errorf("Caller(%d) is %q, want %q", i, got, want)
		}
	}
	done := make(chan []string)
	go func() { done <- functions() }()
	if got, want := <-done, []string{here + "TestRightCallers.func1", "runtime.goexit"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	t.Run("sub", func(t *testing.T) {
		if got, want := functions(), []string{here + "TestRightCallers.func2", "testing.tRunner", "runtime.goexit"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	})
}
