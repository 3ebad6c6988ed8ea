package csource

import (
	"strconv"

	"crosscall/memmodel/internal/ir"
)

// A deferred call is one that is made later by an interrupt, a worker, or at the end
// of a grace period. It is a thread of its own, which waits until the call is
// requested, and then makes it. If the call is never requested, the thread waits
// forever, and that is no error.
type deferred struct {
	fn           *function
	cpu, task    int
	arg          int64 // addresses of hidden cells
	asked, ended int64
	awaited      bool
}

// maxDeferred bounds the deferred calls, because each is a thread.
const maxDeferred = 16

// firstTask is the number of the first task that is neither P0 nor P1 ...
const firstTask = 16

// later requests a deferred call: __cc_defer(f, arg, cpu). The value is the call's
// number.
func (l *lowerer) later(e *expr) value {
	fn := l.startedBy(e.args[0])
	arg, cpu := l.rvalue(e.args[1]), l.rvalue(e.args[2])
	switch {
	case l.unit.src.main != nil:
		fail(e.at, "this makes a thread of the kernel's, and needs a program whose threads are P0, P1 ...")
	case l.alone:
		fail(e.at, "init and final run by themselves: nothing can be left to be done later there")
	case l.loops > 0 || hasLabels(l.frame.fn.body):
		fail(e.at, "in a loop this is not supported, because each call is a thread: write the rounds out")
	case len(l.unit.deferred) == maxDeferred:
		fail(e.at, "the program leaves more than %d calls to be made later", maxDeferred)
	case !cpu.isConst():
		fail(e.at, "the number of the CPU has to be known here")
	}
	d := &deferred{fn: fn, cpu: int(cpu.e.K), task: int(cpu.e.K)}
	if d.cpu < 0 {
		d.cpu, d.task = l.index, firstTask+len(l.unit.deferred)
	}
	if d.fn == nil || len(d.fn.params) != 1 {
		fail(e.at, "the function that is to be called has to be known here, and takes a pointer")
	}
	k := len(l.unit.deferred)
	name := d.fn.name + "/" + strconv.Itoa(k)
	d.arg, d.asked, d.ended = l.space.hiddenCell(name+" argument"), l.space.hiddenCell(name+" asked"), l.space.hiddenCell(name+" ended")
	l.unit.deferred = append(l.unit.deferred, d)
	l.mem.plainStore(place{reg: ir.NoReg, addr: known(d.arg), t: pointerT}, arg)
	l.mem.announce(known(d.asked).e)
	return known(int64(k))
}

// startedBy is the function that an expression is known to be; nil if none.
func (l *lowerer) startedBy(e *expr) *function {
	for e.kind == castExpr {
		e = e.x
	}
	if e.kind == funcExpr {
		return e.fn
	}
	return l.unit.functionAt(l.rvalue(e))
}

// await waits for the end of a deferred call: __cc_await(number).
func (l *lowerer) await(e *expr) {
	k := l.rvalue(e.args[0])
	if !k.isConst() || k.e.K < 0 || k.e.K >= int64(len(l.unit.deferred)) {
		fail(e.at, "this waits for no call that is known here")
	}
	d := l.unit.deferred[k.e.K]
	d.awaited = true
	l.mem.awaitAt(known(d.ended).e)
}

// runDeferred makes the threads of the deferred calls. These may request more.
func (c *compiler) runDeferred() {
	for k := 0; k < len(c.deferred); k++ {
		d := c.deferred[k]
		l := c.lowerer(d.fn.name+"/"+strconv.Itoa(k), d.cpu)
		l.task = d.task
		l.code.at, l.code.text = d.fn.at, "the start of "+d.fn.name
		l.code.emit(ir.Instr{Op: ir.Idle})
		l.mem.awaitAt(known(d.asked).e)
		arg := l.mem.load(place{reg: ir.NoReg, addr: known(d.arg), t: pointerT})
		l.inline(d.fn, []argument{{val: arg}}, &expr{at: d.fn.at})
		l.code.land(l.end)
		if d.awaited {
			l.code.at, l.code.text = d.fn.at, "the end of "+d.fn.name
			l.mem.announce(known(d.ended).e)
		}
		l.finish()
		l.addThread()
	}
}
