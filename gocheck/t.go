package gocheck

import (
	"fmt"

	"crosscall/gocheck/internal/sched"
)

// T is the body's counterpart of a testing.T: it fails the execution that is
// being explored.
type T struct {
	x      *sched.Explorer
	covers *covers // nil: only one execution is run
}

// Errorf fails the execution, which goes on.
func (t *T) Errorf(format string, args ...any) { t.x.Error(fmt.Sprintf(format, args...)) }

// Fatalf fails the execution and ends it.
func (t *T) Fatalf(format string, args ...any) { t.x.Fatal(fmt.Sprintf(format, args...)) }

// Helper does nothing: T has it so that it can stand in for a testing.TB.
func (t *T) Helper() {}

// Go starts fn as a goroutine. It is gocheck.Go.
func (t *T) Go(fn func()) { t.x.Go(fn) }

// Final runs fn, after the functions of earlier Finals, when all goroutines have
// ended or are idle. Everything else happens before it. It must not wait.
func (t *T) Final(fn func()) { t.x.Final(fn) }

// Choose returns any number from 0 to n-1: the rest of the execution is explored
// with each.
func (t *T) Choose(n int) int { return t.x.Choose(n) }

// Named is implemented by all variables of gocheck/atomic and gocheck/sync.
type Named interface {
	GocheckHeader() (h *sched.Header, typ string)
}

// Name gives v a name in the output of a failure.
func (t *T) Name(v Named, name string) {
	h, typ := v.GocheckHeader()
	t.x.NameObject(h, typ, name)
}
