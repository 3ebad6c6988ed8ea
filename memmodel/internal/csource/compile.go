package csource

import (
	"slices"

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
	space   *space

	statics  map[*variable]int64
	taken    []*function // those whose addresses are taken
	run      *mainRun    // nil if there is no main
	deferred []*deferred
	// resultCells is the address of the hidden cells for the results of threads; 0
	// if nothing reads them.
	resultCells int64
	nondets     bool // there are nondeterministic integers
	printed     bool // see printedFlag
	choices     *choices
	covers      []ir.Cover
}

// funcBase is the address of the first function, far from all memory.
const funcBase = int64(1) << 39

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
		src: s, macros: m, replace: replace, choices: &choices{chosen: chosen},
		prog:    &ir.Program{Name: s.file, Waits: true, Sections: m.Sections()},
		statics: make(map[*variable]int64), covers: slices.Clone(s.covers),
	}
	c.space = newSpace(s, c.prog)
	c.space.resized = c.uses(resizeMark)
	for i := range c.covers {
		c.covers[i].Final = ir.NoReg
	}
	c.prog.Marked.Read, c.prog.Marked.Write = m.Tags("READ_ONCE"), m.Tags("WRITE_ONCE")
	for _, f := range s.all {
		if f.taken {
			c.taken = append(c.taken, f)
		}
	}
	c.staticData()
	if s.main != nil {
		runMain(c)
	} else {
		c.harness()
	}
	c.space.setClasses()
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
	if c.space.mixed {
		t.Flags = append(t.Flags, mixedFlag)
	}
	return t, c.choices.asked
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
		l.setFinal(l.code.th)
	}
}

// runInit runs init by itself, before everything else. Memory as it is
// afterwards is the initial state of the threads.
func (c *compiler) runInit(f *function) {
	l := c.lowerer("init", 0)
	l.alone = true
	l.whole(f, nil)
	in := interp.New(c.prog, l.code.th, c.space.initialValues())
	if _, err := in.Run(nil); err != nil {
		c.failed(err)
	}
	l.coveredBefore(in)
	c.setInitialState(pointOf(in), f.at)
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
			c.statics[v] = ir.AddrOf(c.space.object(v.name, v.t))
		}
	}
	c.percpuData()
	for _, v := range c.src.statics {
		switch {
		case v.percpu > 0:
			for cpu := range c.space.copies {
				c.initial(v.inits, c.statics[v]+cpu*c.space.percpu)
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
		l.code.at = in.x.at
		if in.t.kind == recordType {
			fail(in.x.at, "a static variable needs an initializer in braces")
		}
		x := l.rvalue(in.x)
		if !x.isConst() || len(l.code.th.Instr) > 0 {
			fail(in.x.at, "the initial value of a static variable has to be constant")
		}
		cell := &c.prog.Cells[addr-ir.AddrBase+in.off]
		before := cell.Init
		if cell.Init = c.space.held(x, in.t).e.K; in.bits != nil {
			cell.Init = in.bits.in(known(before), x).e.K
		}
		c.checkFree(cell, in.x.at)
	}
}

func (c *compiler) funcAddr(f *function) int64 {
	return funcBase + 16*int64(slices.Index(c.taken, f))
}

// functionAt is the function that an address is known to be that of; nil if none.
func (c *compiler) functionAt(addr value) *function {
	if !addr.isConst() || addr.e.K < funcBase || addr.e.K%16 != 0 {
		return nil
	}
	if k := (addr.e.K - funcBase) / 16; k < int64(len(c.taken)) {
		return c.taken[k]
	}
	return nil
}
