package oracle

import (
	"fmt"
	"math/bits"
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"

	"pgregory.net/rapid"
)

// A Random is a random program; it prints as Text does.
type Random struct{ *ir.Program }

func (r Random) GoString() string { return Text(r.Program) }

// Programs draws programs of two or three threads with about events accesses
// and fences.
func Programs(d Dialect, events int) *rapid.Generator[Random] {
	return rapid.Custom(func(t *rapid.T) Random {
		g := &progGen{t: t, d: d}
		p := &ir.Program{Name: "random", Cells: g.cells(), Picks: d.Picks && g.flip("picks", 2)}
		n := 2 + upto(t, 2, "threads")
		for i := range n {
			p.Threads = append(p.Threads, g.thread(i, events/n))
		}
		return Random{p}
	})
}

// progGen draws one program.
type progGen struct {
	t     *rapid.T
	d     Dialect
	vars  []int // cells with numbers
	ptrs  []int // cells with pointers to numbers
	locks []int
	srcu  []int // srcu domains

	th      ir.Thread // the thread being drawn
	left    int       // accesses and fences that it may still have
	last    ir.Reg    // the register that was read into last
	held    map[int]bool
	rcu     bool
	index   ir.Reg // what srcu_read_lock returned; NoReg outside a section
	endless []int  // branches with a dependency to the end of the thread
}

// upto draws a number below n, each as likely as the others: rapid's own
// ranges prefer small numbers, and so small programs.
func upto(t *rapid.T, n int, what string) int {
	v := 0
	for range bits.Len(uint(n-1)) + 2 {
		v *= 2
		if rapid.Bool().Draw(t, what) {
			v++
		}
	}
	return v % n
}

func oneOf[T any](t *rapid.T, of []T, what string) T { return of[upto(t, len(of), what)] }

func (g *progGen) flip(what string, oneIn int) bool { return upto(g.t, oneIn, what) == oneIn-1 }

// cells are one to three numbers in a row, a gap that no access may hit, then
// perhaps a pointer, a lock, an srcu domain.
func (g *progGen) cells() []ir.Cell {
	var cells []ir.Cell
	for i := range oneOf(g.t, []int{1, 2, 2, 3}, "vars") {
		g.vars = append(g.vars, len(cells))
		cells = append(cells, ir.Cell{Name: string("xyz"[i]), Init: int64(upto(g.t, 2, "init"))})
	}
	cells = append(cells, ir.Cell{})
	if g.flip("pointers", 4) {
		g.ptrs = append(g.ptrs, len(cells))
		cells = append(cells, ir.Cell{Name: "p", Init: ir.AddrOf(oneOf(g.t, g.vars, "which"))})
	}
	if g.d.Lock != nil && g.flip("locks", 4) {
		g.locks = append(g.locks, len(cells))
		cells = append(cells, ir.Cell{Name: "l", Lock: true})
	}
	if g.d.RCU && g.flip("srcu", 6) {
		g.srcu = append(g.srcu, len(cells))
		cells = append(cells, ir.Cell{Name: "s"})
	}
	return cells
}

// word draws the tags of an event.
func (g *progGen) word(of []string) []string {
	return strings.Fields(oneOf(g.t, of, "tag"))
}

const registers = 4

func (g *progGen) thread(i, events int) ir.Thread {
	g.th = ir.Thread{Name: fmt.Sprintf("P%d", i)}
	g.left, g.last, g.held, g.rcu, g.endless = max(events, 2), 0, map[int]bool{}, false, nil
	g.index = ir.NoReg
	for r := range registers {
		g.th.Regs = append(g.th.Regs, fmt.Sprintf("r%d", r))
		g.th.Init = append(g.th.Init, int64(r&1))
	}
	for range 2 + upto(g.t, 4, "statements") {
		g.statement(2)
	}
	if g.rcu && !g.flip("forget", 8) {
		g.fence("rcu-unlock")
	}
	for l := range len(g.locks) {
		if g.held[g.locks[l]] && !g.flip("forget", 8) {
			g.unlock(g.locks[l])
		}
	}
	for _, b := range g.endless {
		g.th.Instr[b].Join = g.here()
	}
	return g.th
}

func (g *progGen) emit(in ir.Instr) int {
	if in.Op == ir.Do {
		g.left--
		if in.Kind == graph.Read {
			g.last = in.Dst
		}
	}
	if in.Text == "" {
		in.Text = fmt.Sprintf("%s.%d", g.th.Name, len(g.th.Instr))
	}
	g.th.Instr = append(g.th.Instr, in)
	return len(g.th.Instr) - 1
}

func (g *progGen) here() int { return len(g.th.Instr) }

// statement emits one statement, with others in it up to depth.
func (g *progGen) statement(depth int) {
	if g.left <= 0 {
		return
	}
	choices := []func(){
		g.read, g.read, g.read, g.write, g.write, g.write, g.anyFence, g.anyFence, g.update,
		g.assign,
	}
	if depth > 0 {
		choices = append(choices, func() { g.branch(depth) }, func() { g.branch(depth) })
	}
	if depth == 2 {
		choices = append(choices, g.loop, g.assert, g.wait)
	}
	if len(g.ptrs) > 0 {
		choices = append(choices, g.pointer, g.pointer, g.pointer)
	}
	if len(g.locks) > 0 && depth == 2 {
		choices = append(choices, g.lock, g.lock, g.lock, g.trylock, g.islocked)
	}
	if g.d.RCU && depth == 2 {
		choices = append(choices, g.rcuFence, g.rcuFence)
	}
	if len(g.srcu) > 0 && depth == 2 {
		choices = append(choices, g.srcuFence, g.srcuFence, g.srcuFence)
	}
	oneOf(g.t, choices, "statement")()
}

func konst(k int64) *ir.Expr { return &ir.Expr{Op: ir.Const, K: k} }

func load(r ir.Reg) *ir.Expr { return &ir.Expr{Op: ir.Load, R: r} }

func expr(op ir.ExprOp, a, b *ir.Expr) *ir.Expr {
	return &ir.Expr{Op: op, A: a, B: b}
}

func (g *progGen) reg() ir.Reg {
	return ir.Reg(upto(g.t, registers, "reg"))
}

// source is a register to take a value from: one in two times the last one
// read into.
func (g *progGen) source() *ir.Expr {
	if g.flip("other", 2) {
		return load(g.reg())
	}
	return load(g.last)
}

// number is an expression with few values, one in two a constant.
func (g *progGen) number() *ir.Expr {
	a, b := g.source(), g.source()
	one := func(e *ir.Expr) *ir.Expr { return expr(ir.And, e, konst(1)) }
	switch upto(g.t, 18, "number") {
	case 17:
		return one(a)
	case 16:
		return expr(ir.Add, one(a), konst(1))
	case 15: // a dependency that does not change the value
		return expr(ir.Add, expr(ir.Xor, a, a), konst(1))
	case 14:
		return one(expr(ir.Add, a, b))
	case 13:
		return &ir.Expr{Op: ir.Cond, A: one(a), B: konst(1), C: one(b)}
	case 12:
		return expr(oneOf(g.t, []ir.ExprOp{ir.Eq, ir.Ne, ir.Lt, ir.Ge, ir.LAnd, ir.LOr}, "op"), a, b)
	case 11:
		if g.flip("divide", 3) {
			return one(expr(ir.Div, konst(1), a))
		}
	case 10:
		return one(&ir.Expr{Op: oneOf(g.t, []ir.ExprOp{ir.Not, ir.Inv, ir.Neg}, "op"), A: a})
	case 9:
		return one(expr(oneOf(g.t, []ir.ExprOp{ir.Sub, ir.Mul, ir.Or}, "op"), a, b))
	}
	return konst(int64(upto(g.t, 3, "constant")))
}

// place is the address of a number, one in four with a dependency.
func (g *progGen) place() *ir.Expr {
	v := oneOf(g.t, g.vars, "which")
	base := konst(ir.AddrOf(v))
	switch upto(g.t, 8, "place") {
	case 7:
		r := g.source()
		return expr(ir.Add, base, expr(ir.Xor, r, r))
	case 6: // the cell or the next one, which once in a while there is not
		if v+1 < len(g.vars) || g.flip("stray", 16) {
			return expr(ir.Add, base, expr(ir.And, g.source(), konst(1)))
		}
	}
	return base
}

func (g *progGen) read() {
	g.emit(ir.Instr{Op: ir.Do, Kind: graph.Read, Tags: g.word(g.d.Reads), Dst: g.reg(), Addr: g.place()})
}

func (g *progGen) write() {
	g.emit(ir.Instr{Op: ir.Do, Kind: graph.Write, Tags: g.word(g.d.Writes), Addr: g.place(), Val: g.number()})
}

func (g *progGen) fence(tag string) {
	g.emit(ir.Instr{Op: ir.Do, Kind: graph.Fence, Tags: []string{tag}})
}

func (g *progGen) anyFence() {
	g.fence(oneOf(g.t, g.d.Fences, "fence"))
}

func (g *progGen) assign() {
	g.emit(ir.Instr{Op: ir.Assign, Dst: g.reg(), Val: g.number()})
}

func (g *progGen) assert() {
	g.emit(ir.Instr{Op: ir.Assert, Val: g.number()})
}

// pointer publishes a pointer, or reads one and goes where it points.
func (g *progGen) pointer() {
	p := konst(ir.AddrOf(oneOf(g.t, g.ptrs, "which")))
	if g.flip("publish", 2) {
		g.emit(ir.Instr{Op: ir.Do, Kind: graph.Write, Tags: g.word(g.d.Writes), Addr: p, Val: konst(ir.AddrOf(oneOf(g.t, g.vars, "which")))})
		return
	}
	r := g.reg()
	g.emit(ir.Instr{Op: ir.Do, Kind: graph.Read, Tags: g.word(g.d.Reads), Dst: r, Addr: p})
	if g.flip("store", 2) {
		g.emit(ir.Instr{Op: ir.Do, Kind: graph.Write, Tags: g.word(g.d.Writes), Addr: load(r), Val: g.number()})
		return
	}
	g.emit(ir.Instr{Op: ir.Do, Kind: graph.Read, Tags: g.word(g.d.Reads), Dst: g.reg(), Addr: load(r)})
}

// branch is if, with else or without. Now and then the dependency goes on to
// the end of the thread.
func (g *progGen) branch(depth int) {
	head := g.emit(ir.Instr{Op: ir.Branch, Val: expr(ir.And, g.source(), konst(1))})
	if g.flip("else", 2) {
		g.statement(depth - 1)
	}
	over := g.emit(ir.Instr{Op: ir.Jump})
	g.th.Instr[head].Target = g.here()
	g.statement(depth - 1)
	g.th.Instr[over].Target = g.here()
	g.th.Instr[head].Join = g.here()
	if g.flip("forever", 3) {
		g.endless = append(g.endless, head)
	}
}

// loop reads until it reads what it wants.
func (g *progGen) loop() {
	r, start := g.reg(), g.here()
	g.emit(ir.Instr{Op: ir.Do, Kind: graph.Read, Tags: g.word(g.d.Reads), Dst: r, Addr: g.place()})
	out := g.emit(ir.Instr{Op: ir.Branch, Val: expr(ir.Eq, load(r), konst(int64(upto(g.t, 2, "until"))))})
	if g.flip("body", 3) {
		g.anyFence()
	}
	g.emit(ir.Instr{Op: ir.Jump, Target: start})
	g.th.Instr[out].Target, g.th.Instr[out].Join = g.here(), g.here()
}

// wait reads what it wants, as smp_cond_load_acquire does.
func (g *progGen) wait() {
	g.read()
	g.emit(ir.Instr{Op: ir.Assume, Val: expr(ir.Eq, load(g.last), konst(int64(upto(g.t, 2, "until"))))})
}

// update is an atomic operation: exchange, addition, or one that writes only
// if it read what it expects.
func (g *progGen) update() {
	r, at, tags := g.reg(), g.place(), g.word(g.d.Atomics)
	for uses(at, r) { // both halves are to be at one place
		r = (r + 1) % registers
	}
	if g.flip("full", 3) {
		g.fence(g.d.Fences[0])
	}
	if g.d.Exclusives != nil && g.flip("exclusive", 3) {
		g.exclusive(r, at)
		return
	}
	g.emit(ir.Instr{Op: ir.Do, Kind: graph.Read, Tags: tags, Dst: r, Addr: at})
	store := ir.Instr{Op: ir.Do, Kind: graph.Write, Tags: tags, RMW: true, Addr: at}
	switch upto(g.t, 3, "atomic") {
	case 0:
		store.Val = g.number()
		g.emit(store)
	case 1:
		store.Val = expr(ir.Add, load(r), konst(1))
		g.emit(store)
	case 2:
		want := konst(int64(upto(g.t, 2, "expected")))
		store.Val = g.number()
		fork := g.emit(ir.Instr{Op: ir.Fork})
		g.emit(ir.Instr{Op: ir.Assume, Val: expr(ir.Eq, load(r), want)})
		g.emit(store)
		over := g.emit(ir.Instr{Op: ir.Jump})
		g.th.Instr[fork].Target = g.here()
		g.emit(ir.Instr{Op: ir.Assume, Val: expr(ir.Ne, load(r), want)})
		g.th.Instr[over].Target = g.here()
	}
}

// exclusive is a load-exclusive and a store-exclusive, which may fail, perhaps with another
// access between them.
func (g *progGen) exclusive(r ir.Reg, at *ir.Expr) {
	tags := g.word(g.d.Exclusives)
	g.emit(ir.Instr{Op: ir.Do, Kind: graph.Read, Tags: tags, Dst: r, Addr: at, Exclusive: true})
	status := g.reg()
	for uses(at, status) {
		status = (status + 1) % registers
	}
	switch upto(g.t, 4, "between") {
	case 0:
		g.write()
	case 1:
		g.emit(ir.Instr{Op: ir.Do, Kind: graph.Read, Tags: g.word(g.d.Reads), Dst: status, Addr: g.place()})
	}
	fork := g.emit(ir.Instr{Op: ir.Fork, Exclusive: true})
	g.emit(ir.Instr{Op: ir.Do, Kind: graph.Write, Tags: tags, RMW: true, Exclusive: true, Addr: at, Val: g.number(), Yields: g.d.Yields, Dst: status})
	over := g.emit(ir.Instr{Op: ir.Jump})
	g.th.Instr[fork].Target = g.here()
	g.emit(ir.Instr{Op: ir.Assign, Dst: status, Val: konst(1)})
	g.th.Instr[over].Target = g.here()
}

// uses reports whether register r occurs in e.
func uses(e *ir.Expr, r ir.Reg) bool {
	return e != nil && (e.Op == ir.Load && e.R == r || uses(e.A, r) || uses(e.B, r) || uses(e.C, r))
}

func (g *progGen) onLock(kind graph.Kind, l int) int {
	tags := g.d.Lock
	if kind == graph.Unlock {
		tags = g.d.Unlock
	}
	return g.emit(ir.Instr{Op: ir.Do, Kind: kind, Tags: g.word(tags), Dst: ir.NoReg, Addr: konst(ir.AddrOf(l))})
}

func (g *progGen) take(l int) {
	g.onLock(graph.LockRead, l)
	g.onLock(graph.LockWrite, l)
	g.held[l] = true
}

func (g *progGen) unlock(l int) {
	g.onLock(graph.Unlock, l)
	g.held[l] = false
}

// lock takes a lock, or gives up one that is held; now and then it takes one
// twice.
func (g *progGen) lock() {
	l := oneOf(g.t, g.locks, "which")
	if g.held[l] && !g.flip("twice", 8) {
		g.unlock(l)
		return
	}
	g.take(l)
}

// trylock takes a lock for one statement, or does not.
func (g *progGen) trylock() {
	l, r := oneOf(g.t, g.locks, "which"), g.reg()
	held := g.held[l]
	fork := g.emit(ir.Instr{Op: ir.Fork})
	g.take(l)
	g.emit(ir.Instr{Op: ir.Assign, Dst: r, Val: konst(1)})
	g.statement(1)
	g.unlock(l)
	over := g.emit(ir.Instr{Op: ir.Jump})
	g.th.Instr[fork].Target = g.here()
	g.onLock(graph.LockFail, l)
	g.emit(ir.Instr{Op: ir.Assign, Dst: r, Val: konst(0)})
	g.th.Instr[over].Target = g.here()
	g.held[l] = held
}

func (g *progGen) islocked() {
	l, r := oneOf(g.t, g.locks, "which"), g.reg()
	fork := g.emit(ir.Instr{Op: ir.Fork})
	g.onLock(graph.SeeLock, l)
	g.emit(ir.Instr{Op: ir.Assign, Dst: r, Val: konst(1)})
	over := g.emit(ir.Instr{Op: ir.Jump})
	g.th.Instr[fork].Target = g.here()
	g.onLock(graph.SeeFree, l)
	g.emit(ir.Instr{Op: ir.Assign, Dst: r, Val: konst(0)})
	g.th.Instr[over].Target = g.here()
}

func (g *progGen) rcuFence() {
	switch {
	case g.rcu:
		g.fence("rcu-unlock")
		g.rcu = false
	case g.flip("reader", 2):
		g.fence("rcu-lock")
		g.rcu = true
	default:
		g.fence("sync-rcu")
	}
}

// srcuFence is a grace period, or one end of a critical section, in the form
// in which the kernel's model has them: srcu_read_lock reads an index, and
// srcu_read_unlock writes it back.
func (g *progGen) srcuFence() {
	in := ir.Instr{Op: ir.Do, Dst: ir.NoReg, Addr: konst(ir.AddrOf(oneOf(g.t, g.srcu, "domain")))}
	switch {
	case g.index != ir.NoReg:
		in.Kind, in.Tags, in.Val = graph.Write, []string{"srcu-unlock"}, load(g.index)
		g.index = ir.NoReg
	case g.flip("reader", 2):
		g.index = g.reg()
		in.Kind, in.Tags, in.Dst = graph.Read, []string{"srcu-lock"}, g.index
	default:
		in.Kind, in.Tags = graph.Fence, []string{"sync-srcu"}
	}
	g.emit(in)
}

// Props draws propositions on the final state of p.
func Props(p *ir.Program) *rapid.Generator[*ir.Prop] {
	return rapid.Custom(func(t *rapid.T) *ir.Prop { return prop(t, p, 2) })
}

func prop(t *rapid.T, p *ir.Program, depth int) *ir.Prop {
	if depth == 0 || upto(t, 3, "atom") == 0 {
		ops := []ir.PropOp{ir.EqAtom, ir.EqAtom, ir.NeAtom, ir.LtAtom, ir.LeAtom, ir.GtAtom, ir.GeAtom}
		return &ir.Prop{Op: oneOf(t, ops, "compare"), Left: observable(t, p), Right: observable(t, p)}
	}
	kids := []*ir.Prop{prop(t, p, depth-1), prop(t, p, depth-1)}
	switch upto(t, 3, "connective") {
	case 0:
		return &ir.Prop{Op: ir.All, Kids: kids}
	case 1:
		return &ir.Prop{Op: ir.Any, Kids: kids}
	}
	return &ir.Prop{Op: ir.NotProp, Kids: kids[:1]}
}

func observable(t *rapid.T, p *ir.Program) ir.Obs {
	switch c, th := upto(t, len(p.Cells), "cell"), upto(t, len(p.Threads), "thread"); upto(t, 3, "observe") {
	case 0:
		return ir.Obs{K: int64(upto(t, 3, "constant"))}
	case 1:
		if p.Cells[c].Name != "" && !p.Cells[c].Lock {
			return ir.Obs{Kind: ir.CellObs, Cell: c}
		}
		fallthrough
	default:
		return ir.Obs{Kind: ir.RegObs, Thread: th, Reg: ir.Reg(upto(t, registers, "reg"))}
	}
}
