package hook

import (
	"unsafe"

	"crosscall/gocheck/internal/sched"
)

func init() {
	operations[crosscallAtomic] = enterAtomic
	operations[crosscallAtomicDone] = leaveAtomic
	operations[crosscallMap] = whole("Map", sched.Add)
	operations[crosscallMapRead] = whole("Map", sched.Load)
	operations[crosscallValue] = whole("Value", sched.Add)
	operations[crosscallValueRead] = whole("Value", sched.Load)
}

// access is a plain access to n bytes at p, reported in the same way as the
// operations of handle.
func access(p unsafe.Pointer, n uintptr, write bool, depth uintptr) {
	x := sched.Active()
	if x == nil {
		return
	}
	x.Access(p, n, write)
	if !write {
		x.Reaches(depth)
		lookedPlain(x)
	}
}

func enterAtomic(x *sched.Explorer, p unsafe.Pointer, size, code uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	x.EnterWord(header(p, "atomic"), "atomic", codes[code], p, size)
	return 0, nil
}

var codes = [...]sched.Code{
	crosscallLoad: sched.Load, crosscallStore: sched.Store, crosscallSwap: sched.Swap, crosscallAdd: sched.Add,
	crosscallCompareAndSwap: sched.CompareAndSwap, crosscallAnd: sched.And, crosscallOr: sched.Or,
}

func leaveAtomic(x *sched.Explorer, p unsafe.Pointer, changed, code uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
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
	return 0, nil
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
