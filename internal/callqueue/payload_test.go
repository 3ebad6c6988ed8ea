package callqueue

import (
	"testing"
	"unsafe"
)

// With a mailbox in two lines a call would cost twice as much.
func TestMailboxFillsALine(t *testing.T) {
	if size := unsafe.Sizeof(mailbox{}); unsafe.Sizeof(uintptr(0)) == 8 && size != 64 {
		t.Errorf("%d bytes", size)
	}
	q := New(Config{CPUs: []int{0}, Ring: 4}, nil, func(int) int { return 0 })
	for src := range 20 {
		l := q.Inbox(0).addLane(src)
		if at := uintptr(unsafe.Pointer(&l.mailbox)) % 64; unsafe.Sizeof(uintptr(0)) == 8 && at != 0 {
			t.Errorf("begins at byte %d of its line", at)
		}
		if at := uintptr(unsafe.Pointer(&l.head)) % 64; unsafe.Sizeof(uintptr(0)) == 8 && at != 0 {
			t.Errorf("head is at byte %d of its line", at)
		}
		if tail, lock := uintptr(unsafe.Pointer(&l.tail)), uintptr(unsafe.Pointer(&l.lock)); tail/64 != lock/64 {
			t.Errorf("the lock is %d bytes from the tail, in another line", lock-tail)
		}
	}
}

// Between the answer and Take the mailbox has no function, but is not free: it
// has the result.
func TestPayloadStaysUntilTake(t *testing.T) {
	in := &Inbox[int]{}
	l := newLane(0, in, 4)
	p := Payload{Words: [4]uint64{1, 2, 3, 4}, Refs: [3]unsafe.Pointer{unsafe.Pointer(l)}}
	fn := func(int) {}
	if !l.TryCallWith(fn, &p) {
		t.Fatal("an empty mailbox is not free")
	}
	l.payload.Words[0] = 9 // the target's result
	l.box.Store(nil)
	if l.TryCall(fn) || l.TryCallWith(fn, &p) {
		t.Error("free before Take")
	}
	var got Payload
	l.Take(&got)
	if got.Words[0] != 9 || got.Refs != p.Refs {
		t.Errorf("took %v", got)
	}
	if l.payload.Refs != (Payload{}).Refs {
		t.Error("keeps a reference")
	}
	if !l.TryCall(fn) {
		t.Error("not free after Take")
	}
}
