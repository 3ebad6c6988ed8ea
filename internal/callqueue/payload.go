package callqueue

import (
	"unsafe"

	"crosscall/internal/atomics"
)

// Payload is the data of a call in the line of the mailbox: its argument on the
// way to the target, its result on the way back. Together with the function it
// fills the line, so a call with a payload moves one line over and back, like a
// call without.
//
// A second line for it, even one that both sides prefetch, costs 2.1 to 4
// ping-pongs a call instead of 1.0 (measured with bare protocols): the two lines
// move one after the other, and a load by one side may take one of them back
// early. References have their own words, because the garbage collector must see
// them.
type Payload struct {
	Refs  [3]unsafe.Pointer
	Words [4]uint64
}

// mailbox is one cache line: newLane aligns it.
type mailbox struct {
	box     atomics.Pointer[function]
	payload Payload
}

// TryCallWith is TryCall with a payload. After it returns true, no other call uses
// this mailbox until Take. Not even a function that is served during the wait may
// use it, because its call would overwrite the result.
func (l *Lane[C]) TryCallWith(fn func(C), p *Payload) bool {
	if l.reserved || l.box.Load() != nil && !l.reclaim() {
		return false
	}
	l.reserved = true
	l.putPayload(p)
	l.publish(fn)
	return true
}

func (l *Lane[C]) putPayload(p *Payload) {
	atomics.Write(&l.payload)
	l.payload = *p
}

// Take ends a call with a payload, after Done: *p is the result, or undefined if
// the function did not return. The mailbox keeps no reference.
//
// A source that abandons its call (its goroutine ends by runtime.Goexit) may Take
// before Done. It must then not use *p.
func (l *Lane[C]) Take(p *Payload) {
	l.reserved = false
	if !l.Done() {
		return
	}
	atomics.Write(&l.payload)
	*p = l.payload
	if p.Refs != (Payload{}).Refs {
		l.payload.Refs = (Payload{}).Refs
	}
}

// Payload returns the payload of the call by mailbox whose function has just begun.
// The function must call it first of all, and may use the payload until it returns.
func (in *Inbox[C]) Payload() *Payload {
	atomics.Write(&in.current.payload)
	return &in.current.payload
}
