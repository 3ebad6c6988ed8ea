package csource

import (
	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// A lowerer makes the instructions of one thread: those of statements, expressions and calls.
// Below it are types that know nothing of these, each only those before it:
//
//	space   the cells of the program
//	code    the instructions of the thread, its registers and labels
//	memory  accesses, as the table of the model says
//	locals  variables of the thread in memory, and which of them become registers
//	heap    allocations
type lowerer struct {
	unit   *compiler
	space  *space
	code   *code
	mem    *memory
	locals *locals
	heap   *heap

	index int // what smp_processor_id returns
	task  int // which task current is
	frame *frame
	calls int // calls put in line so far
	loops int // loops around what is being made
	// tls has the thread's instances of thread-local variables.
	tls map[*variable]int64
	// alone is set for init and final, which run while no thread does.
	alone bool

	end  *label // of the thread
	exit *label // of the thread, if it ends the process
	// joined has a bit for each thread that this one has joined.
	joined       ir.Reg
	creates      bool   // for main: pthread_create is allowed
	threadResult ir.Reg // what the thread returns; NoReg if nothing reads it
	coverRegs    map[graph.Pos]ir.Reg
}

func (c *compiler) lowerer(name string, index int) *lowerer {
	code := &code{src: c.src, th: &ir.Thread{Name: name}, names: make(map[string]int)}
	mem := &memory{macros: c.macros, prog: c.prog, space: c.space, code: code, hasMain: c.src.main != nil}
	return &lowerer{
		unit: c, space: c.space, code: code, mem: mem, locals: &locals{prog: c.prog, space: c.space, code: code, mem: mem, loose: make(map[int]bool)},
		heap:  &heap{prog: c.prog, space: c.space, code: code, mem: mem},
		index: index, task: index, tls: make(map[*variable]int64), end: newLabel(), exit: newLabel(),
		threadResult: ir.NoReg, joined: ir.NoReg, coverRegs: make(map[graph.Pos]ir.Reg),
	}
}

// whole makes the code of a thread whose body is one call of a function.
func (l *lowerer) whole(f *function, args []argument) place {
	defer l.code.here(f.at)()
	p := l.inline(f, args, &expr{at: f.at})
	if f == l.unit.src.main {
		l.endMain()
	} else {
		l.code.land(l.end)
	}
	l.finish()
	return p
}

// finish does what needs the whole code of the thread.
func (l *lowerer) finish() {
	l.locals.place()
	l.locals.checkUnset()
	l.joins()
}

// joins sets how far the control dependencies of branches reach.
func (l *lowerer) joins() {
	if _, _, machine := l.unit.macros.Params(branchEntry); machine {
		neverJoin(l.code.th)
	} else {
		ir.SetJoins(l.code.th)
	}
}

func (l *lowerer) static(v *variable) int64 {
	addr, ok := l.unit.statics[v]
	if !ok {
		fail(l.code.at, "%s has no size here", v.name)
	}
	return addr
}

// threadLocal is the thread's own instance of a thread-local variable.
func (l *lowerer) threadLocal(v *variable) int64 {
	addr, ok := l.tls[v]
	if !ok {
		addr = l.locals.inMemory(v.name, v.t)
		l.locals.own[len(l.locals.own)-1].always = true
		l.tls[v] = addr
		l.unit.initial(v.inits, addr)
	}
	return addr
}
