package hook

import (
	"unsafe"

	"crosscall/gocheck/internal/sched"
)

//go:linkname stack
func stack(depth uintptr) uint64

// looked is called after an operation that only reads: a waiting loop may end a
// round there.
func looked(x *sched.Explorer) {
	if x.Repeats(stack) {
		x.Spin()
	}
}

func init() { operations[crosscallGosched] = gosched }

// gosched is no step, because every goroutine may be interrupted at every operation.
func gosched(x *sched.Explorer, _ unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	if yields++; yields > mostYields {
		x.GiveUp()
	}
	looked(x)
	return 0, nil
}

// mostYields is how many Gosched in a row, without another operation, count as an
// endless loop.
const mostYields = 1_000_000

var yields int // since another operation

// longRun is how many plain accesses in a row may be an endless loop.
const longRun = 10_000

var plainRun int // since another operation

// lookedPlain is looked for a plain read: a loop may have only plain reads.
func lookedPlain(x *sched.Explorer, depth uintptr) {
	plainRun++
	if plainRun%longRun == 0 {
		x.Reaches(depth)
		looked(x)
	}
}
