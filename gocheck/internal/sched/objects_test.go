package sched

import (
	"testing"
	"unsafe"
)

func TestObjects(t *testing.T) {
	var o objects
	o.firstRun = 5
	o.begin(5)
	word := new(uint64)
	var a, b Header
	if o.outlived(&a) || o.enter(&a, "Mutex", unsafe.Pointer(word), 8) != 0 || !o.has(&a) {
		t.Error("the first object is number 0")
	}
	if v := o.at(0); v.typ != "Mutex" || v.copied || v.hi-v.lo != 8 || v.lo != uintptr(unsafe.Pointer(word)) {
		t.Errorf("%+v", v)
	}
	if o.add("clock") != 1 || len(o.all()) != 2 {
		t.Error("an object without memory has a number too")
	}
	if b = a; o.has(&b) || o.enter(&b, "Mutex", nil, 0) != 2 || !o.at(2).copied {
		t.Error("the copy of a variable is an object of its own")
	}
	if o.begin(6); len(o.all()) != 0 || !o.outlived(&a) {
		t.Error("a variable of an earlier run has outlived it")
	}
	o.firstRun = 6
	if o.outlived(&a) {
		t.Error("a variable of an earlier exploration may be used")
	}
}

func TestSynchronize(t *testing.T) {
	var o objects
	x := o.add("Uint64")
	writer := &thread{id: 0, clock: []uint32{3, 0}, op: op{Store, x, 0}}
	reader := &thread{id: 1, clock: []uint32{0, 7}, op: op{Load, x, 0}}
	if o.synchronize(writer, Write); writer.clock[0] != 4 {
		t.Error("a release begins a new epoch")
	}
	if o.synchronize(reader, Read); reader.clock[0] != 3 || reader.clock[1] != 7 {
		t.Error("a Load acquires what the Store released:", reader.clock)
	}
	reader.op.code = CompareAndSwap
	if o.synchronize(reader, Read); reader.clock[1] != 7 || o.at(x).released[1] != 0 {
		t.Error("a CompareAndSwap that fails releases nothing")
	}
}
