package hook

import (
	"unsafe"

	"crosscall/gocheck/internal/sched"
)

func init() {
	operations[crosscallMap] = whole("Map", sched.Add)
	operations[crosscallMapRead] = whole("Map", sched.Load)
	operations[crosscallValue] = whole("Value", sched.Add)
	operations[crosscallValueRead] = whole("Value", sched.Load)
}

// Plain and atomic accesses are the most frequent operations. They are not reported to
// handle, but to these functions.

// access is a plain access to n bytes at p.
func access(p unsafe.Pointer, n uintptr, write, library bool, depth uintptr) {
	x := sched.Active()
	if x == nil {
		return
	}
	if library {
		x.LibraryAccess(p, n, write)
		return
	}
	x.Access(p, n, write)
	if !write {
		lookedPlain(x, depth)
	}
}

// enterAtomic is called before an atomic operation on size bytes at p, and leaveAtomic
// after it.
func enterAtomic(p unsafe.Pointer, size, code uintptr) {
	x := sched.Active()
	if x == nil {
		return
	}
	plainRun, yields = 0, 0
	x.EnterWord(header(p, "atomic"), "atomic", codes[code], p, size)
}

var codes = [...]sched.Code{
	crosscallLoad: sched.Load, crosscallStore: sched.Store, crosscallSwap: sched.Swap, crosscallAdd: sched.Add,
	crosscallCompareAndSwap: sched.CompareAndSwap, crosscallAnd: sched.And, crosscallOr: sched.Or,
}

func leaveAtomic(p unsafe.Pointer, code, changed, depth uintptr) {
	x := sched.Active()
	if x == nil {
		return
	}
	x.Reaches(depth)
	switch {
	case code == crosscallLoad, code == crosscallCompareAndSwap && changed == 0:
		x.Leave(sched.Read, false)
		looked(x)
	default:
		x.Changed(changed&1 != 0)
	}
	if x.Recording() {
		x.NoteWord(p, changed&1 != 0)
	}
}

// said is op, with this text in a schedule.
func said(text string, op operation) operation {
	return func(x *sched.Explorer, p unsafe.Pointer, a, b uintptr, q unsafe.Pointer) (uintptr, unsafe.Pointer) {
		r, s := op(x, p, a, b, q)
		if x.Recording() {
			x.Note("%s", text)
		}
		return r, s
	}
}

// whole is an operation that the standard library composes of smaller ones, as
// one step.
func whole(kind string, c sched.Code) operation {
	return func(x *sched.Explorer, p unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
		x.Enter(header(p, kind), kind, c)
		if c == sched.Load {
			x.Leave(sched.Read, false)
			looked(x)
		} else {
			x.Changed(true)
		}
		return 0, nil
	}
}
