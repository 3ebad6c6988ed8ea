package examples

import (
	"crosscall/gocheck"
	"crosscall/gocheck/atomic"
)

// An Element of a List.
type Element struct {
	Value gocheck.Var[int]
	next  atomic.Pointer[Element]
}

// A List is read without locks, as with RCU. A writer that removes an element
// must wait for a grace period before it reuses it: until each reader that may
// still be at the element has left. Each reader has a word that says whether it
// is inside. One goroutine may write.
type List struct {
	head   atomic.Pointer[Element]
	inside []atomic.Bool
}

// NewList makes a list of values for so many readers.
func NewList(readers int, values ...int) *List {
	l := &List{inside: make([]atomic.Bool, readers)}
	for i := len(values) - 1; i >= 0; i-- {
		e := &Element{}
		e.Value.Set(values[i])
		e.next.Store(l.head.Load())
		l.head.Store(e)
	}
	return l
}

// Sum adds the values, as reader r.
func (l *List) Sum(r int) (sum int) {
	l.inside[r].Store(true)
	for e := l.head.Load(); e != nil; e = e.next.Load() {
		sum += e.Value.Get()
	}
	l.inside[r].Store(false)
	return sum
}

// RemoveFirst unlinks the first element. Readers may still be on it.
func (l *List) RemoveFirst() *Element {
	e := l.head.Load()
	l.head.Store(e.next.Load())
	return e
}

// Synchronize waits for a grace period: afterwards no reader is at an element
// that was unlinked before.
func (l *List) Synchronize() {
	for i := range l.inside {
		for l.inside[i].Load() {
			gocheck.Spin()
		}
	}
}
