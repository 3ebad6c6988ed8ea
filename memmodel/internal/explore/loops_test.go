package explore_test

import (
	"fmt"
	"math/bits"
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/oracle"

	"pgregory.net/rapid"
)

// What a random program may have beyond accesses, branches and atomic operations.
type features struct {
	waits bool // loops that wait, bounded loops
	heap  bool // memory that is allocated and freed
	rcu   bool // sections of readers, and what waits for them
}

// wild is a random program; it prints as oracle.Text does.
type wild struct{ *ir.Program }

func (w wild) GoString() string { return oracle.Text(w.Program) }

// wildPrograms draws programs of two or three threads that do what code with
// loops and pointers does, right or wrong.
func wildPrograms(d oracle.Dialect, f features) *rapid.Generator[wild] {
	return rapid.Custom(func(t *rapid.T) wild {
		g := &wildGen{t: t, d: d, f: f, p: &ir.Program{Name: "random", Waits: true}}
		g.cells()
		threads := 2
		if g.in(3) {
			threads = 3
		}
		for i := range threads {
			g.thread(i, 5-threads)
		}
		return wild{g.p}
	})
}

// wildGen draws one program. Registers are: two for numbers, one for pointers, one
// to count rounds, one for what an atomic operation finds, one for an index of SRCU.
type wildGen struct {
	t       *rapid.T
	d       oracle.Dialect
	f       features
	p       *ir.Program
	th      *ir.Thread
	numbers []int // cells
	pointer int
	lock    int
	domain  int  // of SRCU
	private int  // the first, one for each thread
	inside  bool // a section of SRCU
	holds   bool
	counts  bool // in a bounded loop
}

const (
	number0, number1, pointer, counter, found, index ir.Reg = 0, 1, 2, 3, 4, 5
)

func (g *wildGen) upto(n int) int {
	v := 0
	for range bits.Len(uint(n-1)) + 2 {
		v *= 2
		if rapid.Bool().Draw(g.t, "bit") {
			v++
		}
	}
	return v % n
}

// in is true once in n times.
func (g *wildGen) in(n int) bool { return g.upto(n) == n-1 }

func (g *wildGen) cells() {
	cell := func(c ir.Cell) int {
		g.p.Cells = append(g.p.Cells, c)
		return len(g.p.Cells) - 1
	}
	for i := range 1 + g.upto(2) {
		g.numbers = append(g.numbers, cell(ir.Cell{Name: "xy"[i : i+1]}))
	}
	cell(ir.Cell{})
	g.pointer = cell(ir.Cell{Name: "p"})
	if g.in(2) {
		g.p.Cells[g.pointer].Init = ir.AddrOf(g.numbers[0])
	}
	g.lock = cell(ir.Cell{Name: "l", Lock: true})
	cell(ir.Cell{})
	if g.f.rcu {
		g.p.Sections = rcuSections
		g.domain = cell(ir.Cell{Name: "srcu"})
	}
	if !g.f.heap {
		return
	}
	g.private = len(g.p.Cells)
	for i := range 3 {
		cell(ir.Cell{Name: fmt.Sprint("own", i), Private: true})
	}
	for i := range 3 {
		size := 1 + g.upto(2)
		first := len(g.p.Cells)
		for k := range size {
			cell(ir.Cell{Name: fmt.Sprintf("heap%d.%d", i, k), Heap: true, Uninit: g.in(2)})
		}
		cell(ir.Cell{})
		g.p.Objects = append(g.p.Objects, ir.Object{Cell: first, Size: size})
	}
}

func (g *wildGen) thread(i, statements int) {
	th := ir.Thread{Name: fmt.Sprint("P", i), Regs: []string{"r0", "r1", "ptr", "count", "found", "index"}, Init: make([]int64, 6)}
	th.Init[pointer] = ir.AddrOf(g.numbers[0])
	g.th, g.holds, g.counts, g.inside = &th, false, false, false
	for range 1 + g.upto(statements+1) {
		g.statement(2)
	}
	if g.holds && !g.in(8) {
		g.unlock()
	}
	g.p.Threads = append(g.p.Threads, th)
}

func (g *wildGen) emit(in ir.Instr) int {
	in.Text = fmt.Sprintf("%s.%d", g.th.Name, len(g.th.Instr))
	g.th.Instr = append(g.th.Instr, in)
	return len(g.th.Instr) - 1
}

func (g *wildGen) here() int { return len(g.th.Instr) }

// land makes a branch go to here, and its dependency end here.
func (g *wildGen) land(branch int) {
	g.th.Instr[branch].Target, g.th.Instr[branch].Join = g.here(), g.here()
}

func (g *wildGen) statement(depth int) {
	choices := []func(){
		g.read, g.read, g.write, g.write, g.fence, g.assert, g.swap, g.add, g.compareAndSwap, g.follow, g.publish,
	}
	if !g.holds {
		choices = append(choices, g.critical, g.tryLock)
	}
	if depth > 0 {
		choices = append(choices, func() { g.branch(depth) }, func() { g.branch(depth) })
		if g.f.waits {
			choices = append(choices, g.wait, g.wait, g.wait, g.wait, g.counterLoop, g.tryAgain, g.testAndSet, g.waitForPointer)
			if !g.counts {
				choices = append(choices, func() { g.bounded(depth) })
			}
			if !g.holds {
				choices = append(choices, g.spinOnTryLock)
			}
		}
	}
	if g.f.rcu {
		choices = append(choices, g.gracePeriod, g.gracePeriod)
		if depth > 0 {
			section := func() { g.section(depth) }
			choices = append(choices, section, section, section, section, g.leaveAndEnter)
		}
	}
	if g.f.heap {
		choices = append(choices, g.remember, g.recall, g.alloc, g.alloc, g.free, g.free)
	}
	choices[g.upto(len(choices))]()
}

func (g *wildGen) word(of []string) []string { return strings.Fields(of[g.upto(len(of))]) }

func (g *wildGen) data() ir.Reg { return ir.Reg(g.upto(2)) }

func (g *wildGen) place() *ir.Expr { return at(g.numbers[g.upto(len(g.numbers))]) }

func at(cell int) *ir.Expr { return constant(ir.AddrOf(cell)) }

func reg(r ir.Reg) *ir.Expr { return &ir.Expr{Op: ir.Load, R: r} }

func op(o ir.ExprOp, a, b *ir.Expr) *ir.Expr {
	return &ir.Expr{Op: o, A: a, B: b}
}

func not(a *ir.Expr) *ir.Expr { return op(ir.Not, a, nil) }

// value is a small number.
func (g *wildGen) value() *ir.Expr {
	switch g.upto(4) {
	case 0:
		return op(ir.And, reg(g.data()), constant(3))
	case 1:
		return op(ir.Add, op(ir.And, reg(g.data()), constant(1)), constant(1))
	}
	return constant(int64(g.upto(3)))
}

func (g *wildGen) condition() *ir.Expr {
	a := reg(g.data())
	switch g.upto(4) {
	case 0:
		return not(a)
	case 1:
		return op(ir.Eq, a, reg(g.data()))
	}
	return op(ir.Eq, a, constant(int64(g.upto(3))))
}

func (g *wildGen) readTo(r ir.Reg, addr *ir.Expr) {
	g.emit(ir.Instr{Op: ir.Do, Kind: graph.Read, Tags: g.word(g.d.Reads), Dst: r, Addr: addr})
}

func (g *wildGen) writeTo(addr, v *ir.Expr) {
	g.emit(ir.Instr{Op: ir.Do, Kind: graph.Write, Tags: g.word(g.d.Writes), Dst: ir.NoReg, Addr: addr, Val: v})
}

func (g *wildGen) read()  { g.readTo(g.data(), g.place()) }
func (g *wildGen) write() { g.writeTo(g.place(), g.value()) }

func (g *wildGen) fence() {
	g.emit(ir.Instr{Op: ir.Do, Kind: graph.Fence, Tags: g.word(g.d.Fences), Dst: ir.NoReg})
}

func (g *wildGen) assert() {
	v := g.condition()
	if g.in(2) {
		v = not(v)
	}
	g.emit(ir.Instr{Op: ir.Assert, Val: v})
}

// update is an atomic operation in dst that writes v.
func (g *wildGen) update(dst ir.Reg, addr, v *ir.Expr) {
	tags := g.word(g.d.Atomics)
	g.emit(ir.Instr{Op: ir.Do, Kind: graph.Read, Tags: tags, Dst: dst, Addr: addr})
	g.emit(ir.Instr{Op: ir.Do, Kind: graph.Write, Tags: tags, RMW: true, Dst: ir.NoReg, Addr: addr, Val: v})
}

func (g *wildGen) swap() { g.update(g.data(), g.place(), constant(int64(g.upto(3)))) }

func (g *wildGen) add() {
	r := g.data()
	g.update(r, g.place(), op(ir.Add, reg(r), constant(1)))
}

// exchange is a compare-and-swap: found is what was there.
func (g *wildGen) exchange(addr, expected, v *ir.Expr) {
	tags := g.word(g.d.Atomics)
	fork := g.emit(ir.Instr{Op: ir.Fork})
	g.emit(ir.Instr{Op: ir.Do, Kind: graph.Read, Tags: tags, Dst: found, Addr: addr})
	g.emit(ir.Instr{Op: ir.Assume, Val: op(ir.Eq, reg(found), expected)})
	g.emit(ir.Instr{Op: ir.Do, Kind: graph.Write, Tags: tags, RMW: true, Dst: ir.NoReg, Addr: addr, Val: v})
	over := g.emit(ir.Instr{Op: ir.Jump})
	g.th.Instr[fork].Target = g.here()
	g.emit(ir.Instr{Op: ir.Do, Kind: graph.Read, Tags: tags, Dst: found, Addr: addr})
	g.emit(ir.Instr{Op: ir.Assume, Val: op(ir.Ne, reg(found), expected)})
	g.th.Instr[over].Target = g.here()
}

func (g *wildGen) compareAndSwap() {
	g.exchange(g.place(), constant(int64(g.upto(2))), g.value())
	if g.in(2) {
		g.emit(ir.Instr{Op: ir.Assign, Dst: g.data(), Val: reg(found)})
	}
}

func (g *wildGen) branch(depth int) {
	head := g.emit(ir.Instr{Op: ir.Branch, Val: g.condition()})
	held := g.holds
	if g.in(2) {
		g.statement(depth - 1)
		g.holds = held
	}
	over := g.emit(ir.Instr{Op: ir.Jump})
	g.th.Instr[head].Target = g.here()
	g.statement(depth - 1)
	g.holds = held
	g.th.Instr[over].Target = g.here()
	g.th.Instr[head].Join = g.here()
}

// until is a loop that body ends by making end true. It is written in one of the
// ways in which compilers do so.
func (g *wildGen) until(body func(), end *ir.Expr) {
	head := g.here()
	body()
	if g.in(2) {
		b := g.emit(ir.Instr{Op: ir.Branch, Val: not(end), Target: head})
		g.th.Instr[b].Join = g.here()
		return
	}
	out := g.emit(ir.Instr{Op: ir.Branch, Val: end})
	switch g.upto(6) {
	case 0:
		g.fence()
	case 1:
		g.assert()
	case 2:
		if g.in(2) {
			g.emit(ir.Instr{Op: ir.Idle})
		}
	}
	g.emit(ir.Instr{Op: ir.Jump, Target: head})
	g.land(out)
}

// wait is a loop on one or two cells.
func (g *wildGen) wait() {
	is := func(r ir.Reg) *ir.Expr {
		return op(ir.Eq, reg(r), constant(int64(g.upto(3))))
	}
	r := g.data()
	read := func(r ir.Reg) func() { return func() { g.readTo(r, g.place()) } }
	switch g.upto(4) {
	case 0: // both are read, then both are looked at
		both := op([]ir.ExprOp{ir.LAnd, ir.LOr, ir.Eq}[g.upto(3)], is(0), is(1))
		g.until(func() { read(0)(); read(1)() }, both)
	case 1: // the second is read if the first is right
		one, two := is(0), is(1)
		first := func() {
			read(0)()
			skip := g.emit(ir.Instr{Op: ir.Branch, Val: not(one)})
			read(1)()
			g.land(skip)
		}
		g.until(first, op(ir.LAnd, one, two))
	case 2: // while it is something
		g.until(read(r), not(is(r)))
	default:
		g.until(read(r), is(r))
	}
}

// counterLoop adds one by compare-and-swap, or takes one if there is one.
func (g *wildGen) counterLoop() {
	addr, r := g.place(), g.data()
	to := op(ir.And, op(ir.Add, reg(r), constant(1)), constant(3))
	if g.in(4) {
		g.until(func() { g.exchange(addr, constant(int64(g.upto(2))), constant(int64(g.upto(3)))) }, op(ir.Eq, reg(found), constant(int64(g.upto(2)))))
		return
	}
	g.until(func() { g.readTo(r, addr); g.exchange(addr, reg(r), to) }, op(ir.Eq, reg(found), reg(r)))
}

// tryAgain adds one by compare-and-swap, and tries again with what that has found.
func (g *wildGen) tryAgain() {
	addr, r := g.place(), g.data()
	if !g.in(4) {
		g.readTo(r, addr)
	}
	head := g.here()
	switch g.upto(6) {
	case 0:
		g.read()
	case 1:
		g.assert()
	case 2:
		g.fence()
	}
	g.exchange(addr, reg(r), op(ir.And, op(ir.Add, reg(r), constant(1)), constant(3)))
	out := g.emit(ir.Instr{Op: ir.Branch, Val: op(ir.Eq, reg(found), reg(r))})
	g.emit(ir.Instr{Op: ir.Assign, Dst: r, Val: reg(found)})
	g.emit(ir.Instr{Op: ir.Jump, Target: head})
	g.land(out)
}

// testAndSet is a lock by exchange. Now and then it is not given back.
func (g *wildGen) testAndSet() {
	addr := g.place()
	g.until(func() { g.update(found, addr, constant(1)) }, not(reg(found)))
	if g.in(2) {
		g.statement(0)
	}
	if !g.in(8) {
		g.writeTo(addr, constant(0))
	}
}

// bounded is a loop with two rounds.
func (g *wildGen) bounded(depth int) {
	g.counts = true
	g.emit(ir.Instr{Op: ir.Assign, Dst: counter, Val: constant(0)})
	head, held := g.here(), g.holds
	g.statement(depth - 1)
	if g.holds && !held {
		g.unlock()
	}
	g.emit(ir.Instr{Op: ir.Assign, Dst: counter, Val: op(ir.Add, reg(counter), constant(1))})
	again := op(ir.Lt, reg(counter), constant(2))
	if g.in(3) {
		again = op(ir.LAnd, again, g.condition())
	}
	b := g.emit(ir.Instr{Op: ir.Branch, Val: again, Target: head})
	g.th.Instr[b].Join = g.here()
	g.counts = false
}

func (g *wildGen) onLock(k graph.Kind) {
	tags := g.d.Lock
	if k == graph.Unlock {
		tags = g.d.Unlock
	}
	g.emit(ir.Instr{Op: ir.Do, Kind: k, Tags: g.word(tags), Dst: ir.NoReg, Addr: at(g.lock)})
}

func (g *wildGen) take() {
	g.onLock(graph.LockRead)
	g.onLock(graph.LockWrite)
	g.holds = true
}

func (g *wildGen) unlock() {
	g.onLock(graph.Unlock)
	g.holds = false
}

// critical takes the lock for a statement, or until the thread's end; now and then
// twice.
func (g *wildGen) critical() {
	g.take()
	if g.in(16) {
		g.take()
	}
	if !g.in(4) {
		g.statement(1)
		g.unlock()
	}
}

// ifFree does one thing if it takes the lock, and other if not.
func (g *wildGen) ifFree(one, other func()) {
	fork := g.emit(ir.Instr{Op: ir.Fork})
	g.take()
	one()
	over := g.emit(ir.Instr{Op: ir.Jump})
	g.th.Instr[fork].Target = g.here()
	g.onLock(graph.LockFail)
	other()
	g.th.Instr[over].Target = g.here()
	g.holds = false
}

func (g *wildGen) tryLock() {
	g.ifFree(func() { g.statement(0); g.unlock() }, func() {
		if g.in(2) {
			g.statement(0)
		}
	})
}

func (g *wildGen) spinOnTryLock() {
	note := func(k int64) func() {
		return func() { g.emit(ir.Instr{Op: ir.Assign, Dst: found, Val: constant(k)}) }
	}
	g.until(func() { g.ifFree(note(1), note(0)) }, reg(found))
	g.holds = true
	g.statement(1)
	g.unlock()
}

// publish makes p point somewhere, or nowhere.
func (g *wildGen) publish() {
	v := constant(0)
	switch {
	case g.in(2):
		v = reg(pointer)
	case !g.in(4):
		v = g.place()
	}
	g.writeTo(at(g.pointer), v)
}

// follow accesses what p points to, now and then without looking whether it does.
func (g *wildGen) follow() {
	g.readTo(pointer, at(g.pointer))
	if g.in(4) {
		g.access()
		return
	}
	skip := g.emit(ir.Instr{Op: ir.Branch, Val: not(reg(pointer))})
	g.access()
	g.land(skip)
}

func (g *wildGen) access() {
	if g.in(2) {
		g.writeTo(reg(pointer), constant(int64(g.upto(3))))
		return
	}
	g.readTo(g.data(), reg(pointer))
}

func (g *wildGen) waitForPointer() {
	g.until(func() { g.readTo(pointer, at(g.pointer)) }, reg(pointer))
	g.access()
}

// remember and recall use the thread's private cell.
func (g *wildGen) remember() {
	g.writeTo(at(g.private+len(g.p.Threads)), g.value())
}

func (g *wildGen) recall() {
	g.readTo(g.data(), at(g.private+len(g.p.Threads)))
}

// alloc makes an object, sets it perhaps, and publishes it perhaps.
func (g *wildGen) alloc() {
	g.emit(ir.Instr{Op: ir.Alloc, Dst: pointer, Objects: []int{len(g.p.Threads)}})
	if !g.in(4) {
		g.writeTo(reg(pointer), constant(int64(g.upto(3))))
	}
	switch g.upto(4) {
	case 0:
		g.emit(ir.Instr{Op: ir.Free, Addr: reg(pointer), Tags: g.word(g.d.Writes)})
	case 1:
	default:
		g.writeTo(at(g.pointer), reg(pointer))
	}
}

// free frees what p points to, taken out of p atomically or not. If that is no
// object, it is wrong.
func (g *wildGen) free() {
	if g.in(3) {
		g.readTo(pointer, at(g.pointer))
	} else {
		g.update(pointer, at(g.pointer), constant(0))
	}
	isNumber := op(ir.Lt, reg(pointer), at(g.private))
	skip := g.emit(ir.Instr{Op: ir.Branch, Val: isNumber})
	g.emit(ir.Instr{Op: ir.Free, Addr: reg(pointer), Tags: g.word(g.d.Writes)})
	g.land(skip)
}
