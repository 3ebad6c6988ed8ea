package explore

import (
	"fmt"
	"runtime/debug"
)

// A Panic is what Run panics with in place of a panic in one of its goroutines:
// no other goroutine can recover from that, and the whole process would end.
type Panic struct {
	Value any
	Stack []byte // of the goroutine that panicked
}

func (p *Panic) Error() string { return fmt.Sprintf("%v\n%s", p.Value, p.Stack) }

// guarded calls do. If that panics, all workers stop.
func (t *task) guarded(do func()) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		stack := debug.Stack()
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.panicked == nil {
			t.panicked = &Panic{v, stack}
		}
		t.over.Store(true)
	}()
	do()
}
