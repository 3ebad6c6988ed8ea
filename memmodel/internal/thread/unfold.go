package thread

import (
	"fmt"
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// A Path is one way through a thread: the events that it performs, with the values
// still open, and conditions on these values under which the thread goes that way.
type Path struct {
	Events []graph.Event
	Write  []Sym // by event: the value that it writes; NoSym if it writes none
	Syms   []Term
	// Must holds values that have to be other than zero.
	Must []Sym
	// Asserts holds the assertions on the way; they fail where Val is zero.
	Asserts []Assertion
	// FailureDue: Must has it that one of them fails.
	FailureDue bool
	Regs       []Sym // the registers at the end
	Addr       []graph.Edge
	Data       []graph.Edge
	Ctrl       []graph.Edge
	RMW        []graph.Edge
	LockRM     []graph.Edge
	// Fault is set where the path ends because an access is to no variable.
	Fault *ir.BadAddress
	// Misuse is set where it ends because it uses memory that it may not.
	Misuse *ir.Misuse
	// Frees holds the writes by which objects are freed, Allocs the objects that are
	// allocated.
	Frees, Allocs []int
	Arrivals      []Arrival
	// Retries are rounds of loops that may be in vain.
	Retries []Retry
	// Wait holds the reads of the thread's last round of a loop, if it waits
	// there forever: nothing comes after the writes they read from. Idle says
	// that it may.
	Wait []int
	Idle bool
	// Exits is set if the thread ends the process.
	Exits bool
	// Stuck is where the thread goes round forever without a read, if it does:
	// no thread can end that.
	Stuck *ir.Instr
	// Hang is where the thread waits forever for sections that never end, if it does.
	Hang *ir.SectionEvent
	// Open are the sections that the thread never ends, since it is cut short there,
	// the last first. Ends is how many events behind it end them and others all the same.
	Open []ir.SectionEvent
	Ends int
	// Cut is set where a loop wanted to go on beyond the bound: the path is not
	// one that the thread can take to its end, but it says that there are more.
	Cut *Cut
}

// An Arrival is the write by which the thread arrives at a barrier for Size threads. With
// TellsLast it uses whether it is the last of its round.
type Arrival struct {
	Event     int
	Size      Sym
	TellsLast bool
}

// An Assertion is an Assert instruction on a path.
type Assertion struct {
	Val   Sym
	Instr *ir.Instr
}

// Unfold returns every path of thread t, with at most bound jumps backwards by
// one instruction. dom bounds what reads can return; ways that no such value
// leads to are left out.
//
// It returns an error if there are more than maxPaths of them, or stop says so.
func Unfold(p *ir.Program, t int, bound int, dom *Domain, stop func() error) ([]*Path, error) {
	u := &unfolder{bound: bound, dom: dom, stop: stop}
	s := &walker{unfolder: u, state: begin(p, t)}
	s.run()
	if u.err != nil {
		return nil, u.err
	}
	return u.paths, nil
}

// maxPaths bounds the ways through a thread, so that a thread of forty branches
// ends in an error and not in all of the machine's memory.
const maxPaths = 1 << 13

// A TooManyPaths is the error for a thread with more ways through it than can
// be kept.
type TooManyPaths struct{ Thread string }

func (e *TooManyPaths) Error() string {
	return fmt.Sprintf("%s branches too often: there are more than %d ways through it", e.Thread, maxPaths)
}

type unfolder struct {
	bound int
	dom   *Domain
	paths []*Path
	stop  func() error
	err   error
}

// A walker is a thread on its way, in all the ways that values allow.
type walker struct {
	*unfolder
	state
	jumps []loop // by instruction, for jumps backwards; nil if none yet
}

// A loop counts the jumps backwards by one instruction.
type loop struct {
	jumps int
	open  bool // an open value has decided on going on
	must  int  // how much the path demanded at the last
	// chances is how many of them there were at the last.
	chances int
}

func (s *walker) clone() *walker {
	return &walker{unfolder: s.unfolder, state: s.state.clone(), jumps: slices.Clone(s.jumps)}
}

// run goes on to the end of the thread, and sends clones down the other ways.
func (s *walker) run() {
	for s.pc < len(s.th.Instr) {
		if s.err != nil || !s.divided() {
			return
		}
		s.scopes = slices.DeleteFunc(s.scopes, func(sc scope) bool { return sc.join == s.pc })
		in := &s.th.Instr[s.pc]
		if !s.step(in) {
			return
		}
	}
	if s.divided() {
		s.finish()
	}
}

// divided demands that no divisor is zero. It returns false if one must be.
func (s *walker) divided() bool {
	for _, d := range s.divisors {
		if !s.must(d) {
			return false
		}
	}
	s.divisors = s.divisors[:0]
	return true
}

// step performs one instruction. It returns false if the path ends here.
func (s *walker) step(in *ir.Instr) bool {
	switch in.Op {
	case ir.Do:
		return s.do(in)
	case ir.Assign:
		s.regs[in.Dst], s.ctrl[in.Dst] = s.expr(in.Val), s.inForce().union(s.ctrlOf(in.Val))
	case ir.Branch:
		return s.branch(in)
	case ir.Jump:
		return s.jump(in.Target)
	case ir.Fork:
		s.chance(in)
		other := s.clone()
		if other.jump(in.Target) {
			other.run()
		}
	case ir.Assume:
		if !s.must(s.expr(in.Val)) {
			return false
		}
	case ir.Assert:
		s.path.Asserts = append(s.path.Asserts, Assertion{s.expr(in.Val), in})
	}
	s.pc++
	return true
}

// jump goes to target. A path that has jumped back too often is kept, cut off,
// so that what was found is not taken for all there is. The bound is for loops
// that hang on open values: one from 0 to 10 is just a long way of writing ten
// statements.
func (s *walker) jump(target int) bool {
	if target <= s.pc {
		if s.jumps == nil {
			s.jumps = make([]loop, len(s.th.Instr))
		}
		l := &s.jumps[s.pc]
		must := len(s.path.Must)
		l.open = l.open || l.jumps > 0 && (must > l.must || s.chances > l.chances)
		l.jumps++
		l.must, l.chances = must, s.chances
		if tooFar(l.open, l.jumps, s.bound, len(s.path.Events)) {
			s.cutLoop(l.jumps, s.bound)
			s.finish()
			return false
		}
	}
	if target < s.pc {
		clear(s.jumps[target:s.pc]) // loops within this one begin anew
	}
	s.pc = target
	return true
}

func (s *walker) branch(in *ir.Instr) bool {
	cond := s.expr(in.Val)
	if deps := s.path.Syms[cond].Deps.union(s.ctrlOf(in.Val)); len(deps) > 0 {
		s.scopes = append(s.scopes, scope{deps, in.Join})
	}
	if t := s.path.Syms[cond]; t.Op == ir.Const {
		if t.K != 0 {
			return s.jump(in.Target)
		}
		s.pc++
		return true
	}
	taken := s.clone()
	if taken.must(cond) && taken.jump(in.Target) {
		taken.run()
	}
	if !s.must(s.op(ir.Not, cond, NoSym, NoSym)) {
		return false
	}
	s.pc++
	return true
}

// must adds the demand that x is not zero. It returns false if x cannot be.
func (s *walker) must(x Sym) bool {
	if t := &s.path.Syms[x]; t.Op == ir.Const {
		return t.K != 0
	}
	possible := s.dom.learning
	if all := s.dom.values(s.path, x, func(v int64) { possible = possible || v != 0 }); all && !possible {
		return false
	}
	s.path.Must = append(s.path.Must, x)
	return true
}

// do performs an event, for each of the cells that its address may be.
func (s *walker) do(in *ir.Instr) bool {
	if in.Addr == nil {
		s.event(in, graph.NoLoc, nil)
		s.pc++
		return true
	}
	addr := s.expr(in.Addr)
	t := s.path.Syms[addr]
	if t.Op == ir.Const {
		cell, ok := s.prog.CellAt(t.K)
		if !ok {
			return s.fault(in, t.K)
		}
		s.event(in, cell, t.Deps)
		s.pc++
		return true
	}
	cells := s.cells(in, addr)
	for _, cell := range cells {
		way := s.clone()
		if way.must(way.op(ir.Eq, addr, way.constant(ir.AddrOf(cell)), NoSym)) {
			way.event(in, cell, t.Deps)
			way.pc++
			way.run()
		}
	}
	return false
}

// cells returns the cells that an address can be of. A clone goes the way of
// each other value to its fault.
func (s *walker) cells(in *ir.Instr, addr Sym) []int {
	var cells []int
	all := s.dom.values(s.path, addr, func(v int64) {
		cell, ok := s.prog.CellAt(v)
		switch {
		case !ok:
			way := s.clone()
			if way.must(way.op(ir.Eq, addr, way.constant(v), NoSym)) {
				way.fault(in, v)
			}
		case !slices.Contains(cells, cell):
			cells = append(cells, cell)
		}
	})
	if all {
		return cells
	}
	// More values than can be listed: where they are no variable's, nothing is
	// known of what follows.
	way := s.clone()
	way.cut("this may access too many addresses to follow them all")
	way.finish()
	cells = cells[:0]
	for c := range s.prog.Cells {
		if s.prog.Cells[c].Name != "" {
			cells = append(cells, c)
		}
	}
	return cells
}

// fault ends the path.
func (s *walker) fault(in *ir.Instr, addr int64) bool {
	if s.prog.Within(addr) {
		s.path.Misuse = &ir.Misuse{Pos: in.Pos, Text: in.Text, What: ir.Mistyped}
	} else {
		s.path.Fault = &ir.BadAddress{Pos: in.Pos, Text: in.Text, Addr: addr}
	}
	s.finish()
	return false
}

// finish enters the path among those found.
func (s *walker) finish() {
	s.path.Regs = s.regs
	s.paths = append(s.paths, s.path)
	if s.err = s.stop(); s.err == nil && len(s.paths) > maxPaths {
		s.err = &TooManyPaths{s.th.Name}
	}
}
