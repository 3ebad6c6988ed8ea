package csource

import (
	"slices"
	"strconv"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/interp"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/primitive"
)

// A compiler makes a program of a Source.
type compiler struct {
	src     *Source
	macros  *primitive.Macros
	replace map[graph.Pos]string
	prog    *ir.Program

	statics    map[*variable]int64
	taken      []*function // those whose addresses are taken
	signatures map[*function]string
	classes    map[string]int
	aliases    map[string]string // from a key to another that may have the same cells
	punned     map[string]bool
	strings    map[*expr]int64
	run        *mainRun // nil if there is no main
	heap       int      // objects on the heap so far
	copies     int64    // of each per-CPU variable
	percpu     int64    // the distance between two of them
	deferred   []*deferred
	// resultCells is the address of the hidden cells for the results of threads; 0
	// if nothing reads them.
	resultCells int64
	atomic      int64   // the address of the lock of atomic sections; 0 if there are none
	nondets     bool    // there are nondeterministic integers
	printed     bool    // see printedFlag
	mixed       bool    // parts of words are accessed
	chosen      []int64 // the branches that code which runs by itself takes, in the order of the source
	asked       []int64 // the number of branches that each of these is one of
	covers      []ir.Cover
}

// funcBase is the address of the first function, far from all memory.
const funcBase = int64(1) << 39

// gapCells is the number of cells between two variables that cannot be
// accessed. An index that is wrong by up to so much is noticed.
const gapCells = 16

// maxCells bounds the memory of a program.
const maxCells = 1 << 18

// compile is Compile for one sequence of choices in the code that runs by itself. It
// returns, for each choice, how many values there are.
func (s *Source) compile(m *primitive.Macros, replace map[graph.Pos]string, chosen []int64) (t *ir.Test, asked []int64) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case notByItself:
			t, asked = s.compileMain(m, replace, chosen, (*compiler).mainIsThread)
		default:
			panic(r)
		}
	}()
	return s.compileMain(m, replace, chosen, (*compiler).runMain)
}

// compileMain is compile with one of the ways to make the program of a main.
func (s *Source) compileMain(m *primitive.Macros, replace map[graph.Pos]string, chosen []int64, runMain func(*compiler)) (*ir.Test, []int64) {
	c := &compiler{
		src: s, macros: m, replace: replace, chosen: slices.Clone(chosen),
		prog:    &ir.Program{Name: s.file, Waits: true, Sections: m.Sections()},
		statics: make(map[*variable]int64), signatures: make(map[*function]string),
		classes: make(map[string]int), aliases: make(map[string]string), punned: make(map[string]bool),
		strings: make(map[*expr]int64), covers: slices.Clone(s.covers),
	}
	for i := range c.covers {
		c.covers[i].Final = ir.NoReg
	}
	c.prog.Marked.Read, c.prog.Marked.Write = m.Tags("READ_ONCE"), m.Tags("WRITE_ONCE")
	c.members()
	for _, f := range s.all {
		if f.taken {
			c.taken = append(c.taken, f)
			c.signatures[f] = f.sig
		}
	}
	c.staticData()
	if s.main != nil {
		runMain(c)
	} else {
		c.harness()
	}
	c.setClasses()
	c.prog.Unshared, c.prog.Confined = s.main != nil && c.ordersByTags(), true
	t := &ir.Test{
		Name: s.file, Arch: "C", Prog: c.prog, Quant: ir.ForAll, CondText: "forall (true)",
		Cond: &ir.Prop{Op: ir.True}, Safety: true, RaceFree: s.main != nil, Covers: c.covers,
	}
	if c.nondets {
		t.Flags = []string{nondetFlag}
	}
	if c.printed {
		t.Flags = append(t.Flags, printedFlag)
	}
	if c.mixed {
		t.Flags = append(t.Flags, mixedFlag)
	}
	return t, c.asked
}

// harness makes the threads P0, P1 ...
func (c *compiler) harness() {
	if c.src.init != nil {
		c.runInit(c.src.init)
	}
	for i, f := range c.src.threads {
		l := c.lowerer(f.name, i)
		l.whole(f, nil)
		l.addThread()
	}
	c.runDeferred()
	if c.src.final != nil {
		l := c.lowerer("final", 0)
		l.alone = true
		l.whole(c.src.final, nil)
		l.setFinal(l.th)
	}
}

func (c *compiler) lowerer(name string, index int) *lowerer {
	return &lowerer{
		compiler: c, th: &ir.Thread{Name: name}, index: index, task: index,
		threadResult: ir.NoReg, joined: ir.NoReg, names: make(map[string]int), tls: make(map[*variable]int64), loose: make(map[int]bool), end: newLabel(), exit: newLabel(),
		coverRegs: make(map[graph.Pos]ir.Reg),
	}
}

// whole makes the code of a thread whose body is one call of a function.
func (l *lowerer) whole(f *function, args []argument) place {
	defer l.here(f.at)()
	p := l.inline(f, args, &expr{at: f.at})
	if f == l.src.main {
		l.endMain()
	} else {
		l.land(l.end)
	}
	l.finish()
	return p
}

// finish does what needs the whole code of the thread.
func (l *lowerer) finish() {
	l.placeLocals()
	l.checkUnset()
	l.joins()
}

// joins sets how far the control dependencies of branches reach.
func (l *lowerer) joins() {
	if _, _, machine := l.macros.Params(branchEntry); machine {
		neverJoin(l.th)
	} else {
		ir.SetJoins(l.th)
	}
}

// runInit runs init by itself, before everything else. Memory as it is
// afterwards is the initial state of the threads.
func (c *compiler) runInit(f *function) {
	l := c.lowerer("init", 0)
	l.alone = true
	l.whole(f, nil)
	in := interp.New(c.prog, l.th, c.memory())
	if _, err := in.Run(nil); err != nil {
		c.failed(err)
	}
	l.coveredBefore(in)
	c.setInitialState(pointOf(in), f.at)
}

// memory is the initial values of the cells.
func (c *compiler) memory() []int64 {
	mem := make([]int64, len(c.prog.Cells))
	for i := range mem {
		mem[i] = c.prog.Cells[i].Init
	}
	return mem
}

// failed reports an error of code that runs before the threads.
func (c *compiler) failed(err error) {
	at := graph.Pos{File: c.src.file, Line: 1, Col: 1}
	msg := err.Error()
	switch e := err.(type) {
	case *interp.FailedAssertion:
		at = e.Pos
	case *ir.BadAddress:
		at = e.Pos
	case *ir.Misuse:
		at = e.Pos
	case *interp.Endless:
		at = e.Pos
	}
	_, msg = splitPosition(at.File, msg)
	fail(at, "before the threads start:%s", msg)
}

// staticData gives cells and initial values to static variables.
func (c *compiler) staticData() {
	for _, v := range c.src.statics {
		if !v.thread && v.percpu == 0 && v.t.size > 0 {
			c.statics[v] = ir.AddrOf(c.object(v.name, v.t))
		}
	}
	c.percpuData()
	for _, v := range c.src.statics {
		switch {
		case v.percpu > 0:
			for cpu := range c.copies {
				c.initial(v.inits, c.statics[v]+cpu*c.percpu)
			}
		case !v.thread && v.t.size > 0:
			c.initial(v.inits, c.statics[v])
		}
	}
}

// initial sets the initial values of the cells of a static variable.
func (c *compiler) initial(inits []initial, addr int64) {
	l := c.lowerer("static", 0)
	for _, in := range inits {
		l.at = in.x.at
		if in.t.kind == recordType {
			fail(in.x.at, "a static variable needs an initializer in braces")
		}
		x := l.rvalue(in.x)
		if !x.isConst() || len(l.th.Instr) > 0 {
			fail(in.x.at, "the initial value of a static variable has to be constant")
		}
		cell := &c.prog.Cells[addr-ir.AddrBase+in.off]
		before := cell.Init
		if cell.Init = c.held(x, in.t).e.K; in.bits != nil {
			cell.Init = in.bits.in(known(before), x).e.K
		}
		c.checkFree(cell, in.x.at)
	}
}

// str is the address of a string.
func (l *lowerer) str(e *expr) int64 {
	addr, ok := l.strings[e]
	if !ok {
		t := &ctype{kind: arrayType, size: int64(len(e.name)) + 1, name: "char"}
		for i := range t.size {
			t.leaves = append(t.leaves, leaf{off: i, name: "[" + strconv.FormatInt(i, 10) + "]", t: charType})
		}
		cell := l.object(strconv.Quote(e.name), t)
		for i, b := range []byte(e.name) {
			l.prog.Cells[cell+i].Init = int64(int8(b))
		}
		addr = ir.AddrOf(cell)
		l.strings[e] = addr
	}
	return addr
}

func (l *lowerer) static(v *variable) int64 {
	addr, ok := l.statics[v]
	if !ok {
		fail(l.at, "%s has no size here", v.name)
	}
	return addr
}

// threadLocal is the thread's own instance of a thread-local variable.
func (l *lowerer) threadLocal(v *variable) int64 {
	addr, ok := l.tls[v]
	if !ok {
		addr = l.memory(v.name, v.t)
		l.own[len(l.own)-1].always = true
		l.tls[v] = addr
		l.initial(v.inits, addr)
	}
	return addr
}

func (c *compiler) funcAddr(f *function) int64 {
	return funcBase + 16*int64(slices.Index(c.taken, f))
}

// object makes cells for a variable: one at the address of the first byte of
// each scalar in it. Addresses are in bytes, so that sizeof, offsetof and casts
// have C's values. The other bytes are cells that cannot be accessed.
func (c *compiler) object(name string, t *ctype) int {
	c.align(8)
	base := len(c.prog.Cells)
	c.grow(t.size + gapCells)
	c.cells(base, name, t)
	return base
}

// grow adds cells that cannot be accessed.
func (c *compiler) grow(by int64) {
	if len(c.prog.Cells)+int(by) > maxCells {
		fail(graph.Pos{File: c.src.file, Line: 1, Col: 1}, "the program has more than %d bytes of variables", maxCells)
	}
	c.prog.Cells = append(c.prog.Cells, make([]ir.Cell, by)...)
}

func (c *compiler) cells(base int, name string, t *ctype) {
	for _, f := range t.leaves {
		c.prog.Cells[base+int(f.off)] = ir.Cell{Name: name + f.name, Lock: f.lock, Class: c.class(f.key), Type: c.number(f.t), Size: uint8(f.t.size)}
	}
}

// align makes the next address a multiple of n, which is a power of two.
func (c *compiler) align(n int) {
	for len(c.prog.Cells)%n != 0 {
		c.prog.Cells = append(c.prog.Cells, ir.Cell{})
	}
}

func useAt(l *lowerer, name string, args ...*ir.Expr) primitive.Use {
	return primitive.Use{Name: name, Args: args, Pos: l.at, Text: l.text}
}
