package csource

import (
	"errors"
	"slices"
	"strconv"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/interp"
	"crosscall/memmodel/internal/ir"
)

// A main that makes threads runs by itself up to the first of them. Its rest is
// handled in one of two ways:
//
//   - If main accesses no memory that others can see until it has joined all
//     threads, it is no thread: the code after the last join is Program.Final.
//   - Otherwise main is a thread too. Hidden cells say that a thread was started,
//     and that it has ended: they are written with a release, and read with an
//     acquire.
//
// Either way, main is run by itself to find the threads that it makes. It may
// then read other values than it reads beside those threads. So no such read may
// decide which threads it makes: that is checked.

// These are the tags of the fences that stand for pthread_create,
// pthread_join and pthread_exit in the code of main until it is known whether main is a thread.
const (
	createMark = ".create"
	nextMark   = ".next" // the number of the thread that is made next
	joinMark   = ".join"
	endMark    = ".end" // of a main that ends by pthread_exit
)

// A started is a thread that main makes, or that a thread of its makes.
type started struct {
	fn  *function
	arg int64
	// nested is set if a thread other than main makes it: its argument is in
	// the hidden cell at arg.
	nested bool
}

// create is __cc_create(f, arg). Its value is the number of the thread.
func (l *lowerer) create(e *expr) value {
	if !l.creates {
		return l.createNested(e)
	}
	f := l.code.kept(l.rvalue(e.args[0]), pointerT)
	arg := l.rvalue(e.args[1])
	if len(e.args) > 2 {
		arg = l.code.kept(arg, ulongT)
		next := l.code.temp()
		l.code.emit(ir.Instr{Op: ir.Assign, Dst: next, Val: known(0).e})
		l.code.emit(ir.Instr{Op: ir.Do, Kind: graph.Fence, Tags: []string{nextMark}, Dst: next})
		l.storeNumber(e, loaded(next, longT))
	}
	r := l.code.temp()
	l.code.emit(ir.Instr{Op: ir.Assign, Dst: r, Val: known(0).e})
	l.code.emit(ir.Instr{
		Op: ir.Do, Kind: graph.Fence, Tags: []string{createMark}, Dst: r,
		Val: &ir.Expr{Op: ir.Cond, A: f.e, B: f.e, C: arg.e},
	})
	return loaded(r, longT)
}

// storeNumber writes the number of a thread, and 1, to where __cc_create says.
func (l *lowerer) storeNumber(e *expr, number value) {
	if len(e.args) < 3 {
		return
	}
	to := e.args[2]
	l.mem.plainStore(place{reg: ir.NoReg, addr: l.rvalue(to), t: to.pointed}, operation(ir.Add, number, known(1), longT))
}

func (l *lowerer) join(e *expr) {
	n := l.code.kept(l.rvalue(e.args[0]), longT)
	l.joinsOnce(n)
	if !l.creates {
		l.inMain(e)
		l.mem.awaitAt(expression(ir.Add, known(l.unit.run.ended).e, n.e))
		return
	}
	l.code.emit(ir.Instr{Op: ir.Do, Kind: graph.Fence, Tags: []string{joinMark}, Dst: ir.NoReg, Val: n.e})
}

// joinsOnce fails if the thread has joined the one with number n before.
func (l *lowerer) joinsOnce(n value) {
	if l.joined == ir.NoReg {
		l.joined = l.code.temp()
	}
	bit := expression(ir.Shl, known(1).e, expression(ir.And, n.e, known(63).e))
	bit = expression(ir.Mul, bit, expression(ir.Lt, n.e, known(64).e)) // those beyond are not followed
	bit = l.code.kept(value{e: bit, lo: -1 << 63, hi: 1<<63 - 1}, longT).e
	before := expression(ir.And, &ir.Expr{Op: ir.Load, R: l.joined}, bit)
	l.code.emit(ir.Instr{Op: ir.Assert, Val: expression(ir.Eq, before, known(0).e), Says: "this joins a thread that is joined already"})
	l.code.set(l.joined, value{e: expression(ir.Or, &ir.Expr{Op: ir.Load, R: l.joined}, bit), lo: -1 << 63, hi: 1<<63 - 1})
}

// endMain ends main. Its return ends the process, and pthread_exit the thread alone.
func (l *lowerer) endMain() {
	l.exitsAll()
	l.code.land(l.end)
	l.runsAtEnd(threadEnds)
	if l.creates {
		l.code.emit(ir.Instr{Op: ir.Do, Kind: graph.Fence, Tags: []string{endMark}, Dst: ir.NoReg})
	} else if l.unit.run != nil {
		l.mem.announce(known(l.unit.run.ended + mainNumber).e)
	}
	l.code.land(l.exit)
}

// inMain checks that the program has a main and its threads may run.
func (l *lowerer) inMain(e *expr) {
	if l.unit.run == nil || l.alone {
		fail(e.at, "threads can be made and joined where there is a main")
	}
}

func marked(in *ir.Instr, mark string) bool {
	return in.Op == ir.Do && in.Kind == graph.Fence && len(in.Tags) == 1 && in.Tags[0] == mark
}

// runMain makes the program of a main.
func (c *compiler) runMain() {
	l := c.lowerer("main", 0)
	l.creates, l.alone = true, true
	args := l.mainArguments()
	l.locals.own = c.mainsOwn()
	l.locals.ownStatics = len(l.locals.own)
	l.whole(c.src.main, args)
	c.run = &mainRun{unit: c, l: l, in: interp.New(c.prog, l.code.th, c.space.initialValues()), waits: 1}
	c.run.walk()
}

// notByItself is the panic of a main that cannot be run by itself to find the threads that
// it makes: it makes one after it has read what other threads may have written, or it
// chooses among values in a loop.
type notByItself struct{}

// mainIsThread makes the program of such a main. It is a thread from its start, and each
// place where it makes a thread makes one at most.
func (c *compiler) mainIsThread() {
	m := &mainRun{unit: c, busy: true, most: maxNested}
	c.run = m
	m.start, m.ended = c.space.hidden("started", m.most), c.space.hidden("ended", mainNumber+1)
	if c.uses("result") {
		c.results()
	}
	l := c.lowerer("main", mainNumber)
	args := l.mainArguments()
	l.whole(c.src.main, args)
	l.addThread()
	m.makeThreads(0)
}

// mainsOwn lists the static variables that no thread names: if their addresses
// do not go to a thread either, they are main's own, as its locals are.
func (c *compiler) mainsOwn() []object {
	named := make(map[*variable]bool)
	look := func(e *expr) {
		if e.v != nil {
			named[e.v] = true
		}
	}
	c.fromTaken(look)
	for _, v := range c.src.statics {
		for _, in := range v.inits {
			walk(in.x, look)
		}
	}
	var own []object
	for _, v := range c.src.statics {
		if addr, ok := c.statics[v]; ok && !named[v] {
			own = append(own, object{cell: int(addr - ir.AddrBase), size: int(v.t.size)})
		}
	}
	return own
}

// fromTaken calls look with every expression of the functions whose address is
// taken, and of those that they call.
func (c *compiler) fromTaken(look func(*expr)) {
	seen := make(map[*function]bool)
	var visit func(f *function)
	visit = func(f *function) {
		if !seen[f] {
			seen[f] = true
			walkStmts(f.body, func(e *expr) {
				look(e)
				if e.fn != nil {
					visit(e.fn)
				}
			})
		}
	}
	for _, f := range c.taken {
		visit(f)
	}
}

// A mainRun runs main by itself.
type mainRun struct {
	unit       *compiler
	l          *lowerer
	in         *interp.Interpreter
	threads    []started
	waits      int    // threads from this number on wait until main makes them
	unlocked   *point // where it has last taken a lock and held none; its start before that
	from       *point // where it becomes a thread if it is one: nil before the first create
	joined     map[int64]bool
	busy       bool   // it has accessed shared memory while threads may run, or holds a lock
	read       bool   // it has read shared memory since the first create
	rest       *point // the last join
	exits      bool   // it ends the process, and not by pthread_exit
	mainJoined bool   // a thread may join main
	start      int64  // address of the hidden cells that say that a thread was started
	ended      int64  // address of those that say that one has ended
	most       int    // how many of them there are
}

func (m *mainRun) walk() {
	m.joined, m.unlocked = make(map[int64]bool), pointOf(m.in)
	for {
		ended, err := m.in.Run(m.stops)
		if err != nil && m.from != nil {
			m.goesWrong(err)
		}
		if err != nil || ended || !m.visit(&m.l.code.th.Instr[m.in.At()]) {
			break
		}
	}
	if len(m.threads) == 0 { // it makes none, or does something wrong before
		m.l.alone = false
		m.l.addThread()
		return
	}
	m.build()
}

// goesWrong handles an error of main while threads may run. Main becomes a thread, so
// that the explorer reports the error.
func (m *mainRun) goesWrong(err error) {
	endless := new(interp.Endless)
	waits := errors.As(err, &endless)
	if waits && endless.Why != "" {
		m.unit.failed(err)
	}
	if (m.read || waits) && m.createsAfter(m.in.At()) {
		panic(notByItself{})
	}
	m.busy = true
}

// stops reports whether visit has to look at the instruction: a mark, or an
// access to memory that threads may see.
func (m *mainRun) stops(at int) bool {
	in := &m.l.code.th.Instr[at]
	return in.Op == ir.Do || in.Op == ir.Alloc || in.Op == ir.Free || in.Op == ir.Exit
}

// visit looks at an instruction that is about to be performed. It returns false
// if main need not run any further.
func (m *mainRun) visit(in *ir.Instr) bool {
	switch {
	case in.Op == ir.Exit:
		m.exits = true
	case marked(in, nextMark):
		m.in.Set(in.Dst, int64(len(m.threads)))
	case marked(in, createMark):
		m.created(in)
	case marked(in, joinMark):
		n := m.in.Eval(in.Val)
		if n < 0 || n >= int64(len(m.threads)) {
			fail(in.Pos, "this joins no thread that was made")
		}
		m.joined[n] = true
		if len(m.joined) == len(m.threads) {
			m.rest = pointOf(m.in)
		}
	case m.from == nil && in.Kind == graph.LockRead:
		if !m.holdsLock() {
			m.unlocked = pointOf(m.in)
		}
	case m.from != nil && m.shared(in):
		m.busy = m.busy || len(m.joined) < len(m.threads)
		if in.Kind.Reads() {
			m.read = true
			return m.createsAfter(m.in.At())
		}
	}
	return true
}

// createsAfter reports whether main can reach a pthread_create from an instruction.
func (m *mainRun) createsAfter(at int) bool {
	code := m.l.code.th.Instr
	seen := make([]bool, len(code)+1)
	todo := []int{at}
	for len(todo) > 0 {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[i] || i == len(code) {
			continue
		}
		seen[i] = true
		if marked(&code[i], createMark) {
			return true
		}
		todo = append(todo, ir.Successors(m.l.code.th, i)...)
	}
	return false
}

// shared reports whether in is an event on which other threads may depend, or
// whose result may depend on them.
func (m *mainRun) shared(in *ir.Instr) bool {
	if in.Op == ir.Free {
		return true
	}
	if in.Op != ir.Do || in.Addr == nil || in.Kind == graph.Fence {
		return false
	}
	cell := m.in.Eval(in.Addr) - ir.AddrBase
	return cell < 0 || cell >= int64(len(m.unit.prog.Cells)) || !m.unit.prog.Cells[cell].Private
}

func (m *mainRun) created(in *ir.Instr) {
	if m.from == nil {
		m.becomesThread(in.Pos)
	}
	if m.read {
		panic(notByItself{})
	}
	m.busy = m.busy || len(m.joined) > 0
	if len(m.threads) == maxThreads {
		panic(notByItself{}) // where fewer are made, and the others are cut off
	}
	fn := m.unit.functionAt(known(m.in.Eval(in.Val.A)))
	if fn == nil {
		fail(in.Pos, "the start routine of this thread is no function")
	}
	m.in.Set(in.Dst, int64(len(m.threads)))
	m.threads = append(m.threads, started{fn: fn, arg: m.in.Eval(in.Val.C)})
	m.rest = nil
}

// becomesThread sets where main becomes a thread: at its first pthread_create, or where it
// has taken the locks that it holds there.
func (m *mainRun) becomesThread(at graph.Pos) {
	m.from = pointOf(m.in)
	if m.busy = m.holdsLock(); m.busy {
		m.from, m.waits = m.unlocked, 0
	}
	m.unit.setInitialState(m.from, at)
}

// build makes the threads, and makes main a thread or the final code.
func (m *mainRun) build() {
	nested, joins := m.threadsDo("__cc_create"), m.threadsDo("__cc_join")
	// Where main ends the process, it has to have joined the threads that it joins.
	m.busy = m.busy || nested || joins || m.threadsDo("__cc_exit_all") || m.rest == nil && len(m.joined) > 0
	m.mainJoined = joins && m.unit.uses("self")
	if joins && m.unit.uses("result") {
		m.unit.results()
	}
	if m.most = len(m.threads); nested {
		m.most += maxNested
	}
	if m.busy {
		m.start, m.ended = m.unit.space.hidden("started", m.most), m.unit.space.hidden("ended", max(m.most, m.numbers()))
	}
	m.makeThreads(m.waits)
	switch {
	case m.busy:
		m.asThread()
	case m.rest != nil:
		m.asFinal()
	default:
		m.l.coveredBefore(m.in)
		if m.exits {
			m.onlyExits()
		}
	}
}

// numbers is how many numbers of threads may be joined.
func (m *mainRun) numbers() int {
	if m.mainJoined {
		return mainNumber + 1
	}
	return m.most
}

// onlyExits makes a main of which the threads can notice nothing but that it ends the process.
func (m *mainRun) onlyExits() {
	l := m.unit.lowerer("main", len(m.threads))
	l.code.at, l.code.text = m.unit.src.main.at, "the end of main"
	l.code.emit(ir.Instr{Op: ir.Exit})
	l.addThread()
}

// makeThreads makes the code of the threads. Those from number wait on wait until they
// are made.
func (m *mainRun) makeThreads(wait int) {
	for k := 0; k < len(m.threads); k++ { // a thread may append more
		t := m.threads[k]
		l := m.unit.lowerer(t.fn.name+"/"+strconv.Itoa(k), k)
		l.code.at, l.code.text = t.fn.at, "the start of "+t.fn.name
		if m.busy && k >= wait {
			l.code.emit(ir.Instr{Op: ir.Idle}) // it is no error if the thread is never made
			l.mem.awaitAt(known(m.start + int64(k)).e)
		}
		arg := known(t.arg)
		if t.nested {
			arg = l.mem.load(place{reg: ir.NoReg, addr: arg, t: ulongT})
		}
		var args []argument
		for range t.fn.params {
			args = append(args, argument{val: arg})
		}
		l.keepsResult()
		l.returned(k, t.fn.name, l.inline(t.fn, args, &expr{at: t.fn.at}))
		if m.busy {
			l.code.at, l.code.text = t.fn.at, "the end of "+t.fn.name
			l.mem.announce(known(m.ended + int64(k)).e)
		}
		l.code.land(l.exit)
		l.finish()
		l.addThread()
	}
}

// threadsDo reports whether a function that may be a thread calls one of the
// checker's functions.
func (m *mainRun) threadsDo(name string) bool {
	found := false
	m.unit.fromTaken(func(e *expr) { found = found || e.kind == builtinExpr && e.name == name })
	return found
}

// asFinal makes the code after the last join Program.Final.
func (m *mainRun) asFinal() {
	for i, v := range m.rest.mem {
		if m.unit.prog.Cells[i].Private {
			m.unit.prog.Cells[i].Init = v
		}
	}
	m.l.setFinal(m.resumed(m.rest))
}

// resumed is the thread of main from a point on.
func (m *mainRun) resumed(p *point) *ir.Thread {
	th := *m.l.code.th
	th.Init = p.regs
	th.Instr = append([]ir.Instr{{Op: ir.Jump, Target: p.at, Pos: m.unit.src.main.at, Text: "main"}}, p.code...)
	for i := range th.Instr {
		switch in := &th.Instr[i]; in.Op {
		case ir.Branch, ir.Jump, ir.Fork:
			in.Target++
			if in.Op == ir.Branch {
				in.Join++
			}
		}
	}
	return &th
}

// asThread makes main a thread from m.from on.
func (m *mainRun) asThread() {
	old := m.resumed(m.from)
	l := m.unit.lowerer("main", len(m.threads))
	l.code.th = &ir.Thread{Name: "main", Regs: slices.Clone(old.Regs), Init: slices.Clone(old.Init)}
	made := l.code.temp()
	place := make([]int, len(old.Instr)+1)
	var moved []int
	for i := range old.Instr {
		in := &old.Instr[i]
		place[i] = len(l.code.th.Instr)
		l.code.at, l.code.text = in.Pos, in.Text
		switch {
		case marked(in, nextMark):
			l.code.emit(ir.Instr{Op: ir.Assign, Dst: in.Dst, Val: loaded(made, longT).e})
		case marked(in, createMark):
			l.code.emit(ir.Instr{Op: ir.Assign, Dst: in.Dst, Val: loaded(made, longT).e})
			l.mem.announce(expression(ir.Add, known(m.start).e, loaded(made, longT).e))
			l.code.emit(ir.Instr{Op: ir.Assign, Dst: made, Val: expression(ir.Add, loaded(made, longT).e, known(1).e)})
		case marked(in, joinMark):
			l.mem.awaitAt(expression(ir.Add, known(m.ended).e, in.Val))
		case marked(in, endMark):
			if m.mainJoined {
				l.mem.announce(known(m.ended + mainNumber).e)
			}
		default:
			moved = append(moved, len(l.code.th.Instr))
			l.code.th.Instr = append(l.code.th.Instr, *in)
		}
	}
	place[len(old.Instr)] = len(l.code.th.Instr)
	for _, i := range moved {
		retarget(&l.code.th.Instr[i], place)
	}
	l.joins()
	l.coverRegs = m.l.coverRegs
	l.addThread()
}
