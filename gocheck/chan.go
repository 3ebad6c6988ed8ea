package gocheck

import (
	"reflect"
	"unsafe"

	"crosscall/gocheck/internal/sched"
)

// Chan is a channel. A nil one is never ready, as in Go.
type Chan[V any] struct{ c chan V }

// MakeChan is make(chan V, n).
func MakeChan[V any](n int) *Chan[V] { return &Chan[V]{make(chan V, n)} }

// Send sends v. It panics if c is closed.
func (c *Chan[V]) Send(v V) { Select(c.Sending(v)) }

// Recv receives. ok is false if c is closed and nothing is left in it.
func (c *Chan[V]) Recv() (v V, ok bool) {
	Select(c.Receiving(&v, &ok))
	return v, ok
}

// TrySend sends v if it can do so without waiting.
func (c *Chan[V]) TrySend(v V) bool { return SelectNow(c.Sending(v)) == 0 }

// TryRecv receives if it can do so without waiting. done reports whether it did.
func (c *Chan[V]) TryRecv() (v V, ok, done bool) {
	done = SelectNow(c.Receiving(&v, &ok)) == 0
	return v, ok, done
}

// Close closes c. It panics if c is nil or closed.
func (c *Chan[V]) Close() {
	x := sched.Active()
	switch {
	case x == nil && c != nil:
		close(c.c)
	case c == nil:
		panic("close of nil channel")
	case !x.CloseChan(unsafe.Pointer(c), c.state):
		panic("close of closed channel")
	}
}

// Len is len(c).
func (c *Chan[V]) Len() int {
	x := sched.Active()
	switch {
	case c == nil:
		return 0
	case x == nil:
		return len(c.c)
	}
	return x.LenChan(unsafe.Pointer(c), c.state)
}

// state is the state of an unused channel, because the body makes it.
func (c *Chan[V]) state(unsafe.Pointer) sched.ChanState { return sched.ChanState{Cap: cap(c.c)} }

// A Comm is a case of a Select.
type Comm struct {
	sched.Case
	state    func(unsafe.Pointer) sched.ChanState
	received func(box unsafe.Pointer)
	plain    reflect.SelectCase // outside of an exploration
	got      func(v reflect.Value, ok bool)
}

// Sending is the case that sends v.
func (c *Chan[V]) Sending(v V) Comm {
	if c == nil {
		return Comm{plain: reflect.SelectCase{Dir: reflect.SelectSend}}
	}
	return Comm{
		Case:  sched.Case{Chan: unsafe.Pointer(c), Send: true, Box: unsafe.Pointer(&v)},
		state: c.state,
		plain: reflect.SelectCase{Dir: reflect.SelectSend, Chan: reflect.ValueOf(c.c), Send: reflect.ValueOf(&v).Elem()},
	}
}

// Receiving is the case that receives. It sets *to to the value, and *ok to
// whether the value was sent, unless these pointers are nil.
func (c *Chan[V]) Receiving(to *V, ok *bool) Comm {
	if c == nil {
		return Comm{plain: reflect.SelectCase{Dir: reflect.SelectRecv}}
	}
	got := func(v V, sent bool) {
		if to != nil {
			*to = v
		}
		if ok != nil {
			*ok = sent
		}
	}
	return Comm{
		Case:  sched.Case{Chan: unsafe.Pointer(c)},
		state: c.state,
		received: func(box unsafe.Pointer) {
			var v V
			if box != nil {
				v = *(*V)(box)
			}
			got(v, box != nil)
		},
		plain: reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(c.c)},
		got:   func(v reflect.Value, sent bool) { p := new(V); reflect.ValueOf(p).Elem().Set(v); got(*p, sent) },
	}
}

// Select waits until one of the cases can proceed, and returns the index of the
// one that did. Each case that can proceed is explored.
func Select(cases ...Comm) int { return choose(cases, true) }

// SelectNow is Select with a default: it returns -1 if no case can proceed.
func SelectNow(cases ...Comm) int { return choose(cases, false) }

func choose(cases []Comm, block bool) int {
	x := sched.Active()
	if x == nil {
		return choosePlain(cases, block)
	}
	list := make([]sched.Case, len(cases))
	for i, c := range cases {
		list[i] = c.Case
	}
	i, box, closed := x.Select(list, block, func(p unsafe.Pointer) sched.ChanState {
		for _, c := range cases {
			if c.Chan == p {
				return c.state(p)
			}
		}
		return sched.ChanState{}
	})
	switch {
	case i < 0:
	case cases[i].Send && closed:
		panic("send on closed channel")
	case !cases[i].Send:
		cases[i].received(box)
	}
	return i
}

func choosePlain(cases []Comm, block bool) int {
	var list []reflect.SelectCase
	for _, c := range cases {
		list = append(list, c.plain)
	}
	if !block {
		list = append(list, reflect.SelectCase{Dir: reflect.SelectDefault})
	}
	i, v, ok := reflect.Select(list)
	switch {
	case i == len(cases):
		return -1
	case cases[i].got != nil:
		cases[i].got(v, ok)
	}
	return i
}

// NameChan gives c a name in the output of a failure.
func (c *Chan[V]) NameChan(t *T, name string) { t.x.NameChan(unsafe.Pointer(c), name, c.state) }
