package hook

import (
	"runtime"
	"unsafe"

	"crosscall/gocheck/internal/sched"
)

func init() {
	operations[crosscallGo] = startGoroutine
	operations[crosscallCensus] = count
}

func startGoroutine(x *sched.Explorer, p unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	setUnseen(false)
	fn := *(*func())(unsafe.Pointer(&p))
	if !x.Census() {
		spawn(x, fn)
		return 0, nil
	}
	x.Starts()
	by := creation{parent: x.Thread()}
	by.place()
	spawn(x, func() {
		identify(x.Thread(), identity{goroutine(), by, *(*uintptr)(p)})
		fn()
	})
	return 0, nil
}

// A creation is the go statement that started a goroutine.
type creation struct {
	parent   int32
	function string
	file     string
	line     int
}

// place finds the go statement on the stack: the first frame outside of the
// explorer and of the runtime functions that call it.
func (c *creation) place() {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		f, more := frames.Next()
		if !isMachinery(f.Function) && packageOf(f.Function) != "runtime" {
			c.function, c.file, c.line = f.Function, f.File, f.Line
			return
		}
		if !more {
			return
		}
	}
}

// count is runtime.NumGoroutine. It includes the goroutine that waits for the test
// to end, which is not explored.
func count(x *sched.Explorer, _ unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	n := x.Count()
	looked(x)
	return uintptr(n + 1), nil
}
