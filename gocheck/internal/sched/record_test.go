package sched

import (
	"testing"
	"unsafe"
)

// With RacedOnly the record of a race has plain accesses, and that of another failure none.
func TestRacedOnly(t *testing.T) {
	for kind, order := range map[FailureKind]bool{Race: false, Assertion: true} {
		_, f, _ := Explore(Config{MaxSteps: 100, Preemptions: -1, RacedOnly: true}, func() {
			x := Active()
			mem, mu := new(uint64), new(Header)
			use := func() {
				if order {
					x.Lock(mu, "Mutex")
				}
				x.Access(unsafe.Pointer(mem), 8, true)
				if order {
					x.Unlock(mu, "Mutex")
				}
			}
			x.Go(use)
			use()
			x.Error("the end")
		})
		if f == nil || f.Kind != kind {
			t.Fatalf("%v: %v", kind, f)
		}
		plain := 0
		for _, s := range f.Steps {
			if s.Plain {
				plain++
			}
		}
		if want := map[bool]int{true: 0, false: 2}[order]; plain != want {
			t.Errorf("%v: %d plain accesses, want %d", kind, plain, want)
		}
	}
}
