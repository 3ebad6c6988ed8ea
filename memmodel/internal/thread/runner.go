package thread

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// A Runner is a thread that runs as far as the values are known that decide
// where it goes: it stops where a branch or an address depends on a read whose
// value is open. Unfold goes all ways at once; this goes one way, and may thus
// follow pointers and go round in loops.
type Runner struct {
	state
	flow   *Flow
	bound  int
	place  int32 // of the instruction that it is at, or was at before
	value  func(read int) (int64, bool)
	status Status
	need   int
	err    error
	ways   [2]*Runner
	atLock bool // it is behind an access to a lock, and needs to know what that found
	lockAt int  // the last LockRead, as an instruction
	atGap  bool // it is at a gap, and needs to know whether the round that ends there is of waiting

	private      []privateCell // by Flow.private
	shared       bool          // others have private too: it must not be changed
	loops        []roundCount
	rounds       []round // that are going on, the outermost first
	gaps         []round // that began behind where a lock was given back, by place
	allocs       []int   // instructions of Allocs gone by
	born         []allocation
	given        int   // how many events there were when it last may have written an address of its own memory
	openBranches []int // branches gone by that depended on a read
	idle         bool  // an Idle came by since the round began
	idles        int   // Idles gone by
	failsInRound bool  // see FailsInRound
	lapsed       int   // how many events there were at the last Lapse
	guessedAt    int   // how many there were when it last went on without a value, or 0
	usefulRound  bool  // it is to go on with the demand that this round is of use
	behind       behind
	kept         keptRound
	dropped      droppedRound
}

// Status says why a Runner stopped.
type Status uint8

const (
	Running Status = iota
	// NeedsValue: it needs the value of the read Need.
	NeedsValue
	// NeedsChoice: it goes on one way or the other, as Take decides.
	NeedsChoice
	// NeedsRMW: it goes on one way or the other, as the value of one read decides.
	// Ways are both, each in need of that read.
	NeedsRMW
	// Ended: it is at its end, or an assertion has failed.
	Ended
	// Waits: it is in a loop that nothing ends, unless one of the reads in
	// Path.Wait can have another value.
	Waits
	// Faulted: Path.Fault says what it did.
	Faulted
	// CutOff: it was not followed any further, as Path.Cut says.
	CutOff
	// Dead: this way is none: an assumption does not hold.
	Dead
	// Broken: Err says which promise the program does not keep.
	Broken
)

// privateCell is what a private cell holds.
type privateCell struct {
	value Sym
	ctrl  Set
}

// roundCount counts the jumps back by one instruction.
type roundCount struct {
	at, jumps int
	// openBranches, demands and chances are how many there were at the last jump.
	openBranches, demands, chances int
	open                           bool
}

// A round is one way round a loop, with what was when it began.
type round struct {
	head    int
	events  int
	asserts int
	allocs  int
	regs    []Sym
	private []privateCell
	ctrl    []Set   // by register
	scopes  []scope // in force
	behind  behind
}

// roomFor is how many more events a Runner has room for before what it has is copied.
const roomFor = 64

// grow makes room for more events. Copies that are made one after the other share
// it; without room, each would have to copy what there is.
func (p *Path) grow(events int) {
	p.Events = slices.Grow(p.Events, events)
	p.Write = slices.Grow(p.Write, events)
	p.Syms = slices.Grow(p.Syms, 4*events)
}

// NewRunner returns thread t at its start. Loops that hang on open values go
// round bound times at most.
func NewRunner(f *Flow, t, bound int) *Runner {
	r := &Runner{flow: f, state: begin(f.prog, t), bound: bound, kept: keptRound{from: noRound}, dropped: droppedRound{from: noRound}}
	r.path.grow(roomFor)
	r.private = make([]privateCell, f.privates)
	for c, i := range f.private {
		if i >= 0 {
			r.private[i].value = r.constant(f.prog.Cells[c].Init)
		}
	}
	return r
}

// Clone returns a copy that goes on by itself, beside r and other copies.
func (r *Runner) Clone() *Runner {
	c := r.Branch(nil)
	c.path.clip()
	c.allocs, c.born, c.openBranches = slices.Clip(c.allocs), slices.Clip(c.born), slices.Clip(c.openBranches)
	return c
}

// Detach is Clone for another goroutine, where value gives what reads have returned.
func (r *Runner) Detach(value func(read int) (int64, bool)) *Runner {
	c := r.Clone()
	c.path.grow(roomFor / 8)
	c.value = value
	if c.status == NeedsRMW {
		for i, way := range c.ways {
			c.ways[i] = way.Detach(value)
		}
	}
	return c
}

// Branch is Clone for a caller that uses one copy after the other: it ends the use of those
// that were made of r before. The copy takes the place of old, a copy of any Runner
// that is not used any more, unless that is nil.
func (r *Runner) Branch(old *Runner) *Runner {
	c := old
	if c == nil {
		c = &Runner{state: state{path: &Path{}}}
	}
	own := *c
	*c = *r
	c.state = own.state
	r.state.branch(&c.state)
	c.shared = true
	c.loops = append(own.loops[:0], r.loops...)
	c.rounds = append(own.rounds[:0], r.rounds...) // what a round holds is not changed
	c.behind.way = append(own.behind.way[:0], r.behind.way...)
	return c
}

// Status says why r stopped, Need which read it waits for.
func (r *Runner) Status() Status { return r.status }

// Need is the read, an index into the path's events, whose value r needs.
func (r *Runner) Need() int { return r.need }

// Err is the error with the status Broken.
func (r *Runner) Err() error { return r.err }

// Thread is the index of the thread.
func (r *Runner) Thread() int { return r.index }

// Path is the way so far.
func (r *Runner) Path() *Path { return r.path }

// MayWrite reports whether r can still write cell.
func (r *Runner) MayWrite(cell int) bool {
	return r.pc < len(r.flow.writes) && r.flow.writes[r.pc][cell>>6]>>(cell&63)&1 != 0
}

// Run goes on, with what reads have returned.
func (r *Runner) Run(value func(read int) (int64, bool)) {
	r.value = value
	r.status, r.atLock, r.atGap = Running, false, false
	r.path.Regs = r.regs // the same slice throughout
	for r.status == Running {
		if !r.divided() {
			return
		}
		if r.pc == len(r.th.Instr) {
			r.status = Ended
			return
		}
		r.place = r.flow.arrive(r.place, r.pc)
		r.scopes = slices.DeleteFunc(r.scopes, func(sc scope) bool { return sc.join == r.pc })
		r.enter()
		if r.enterGap(); r.status != Running {
			return
		}
		r.step(&r.th.Instr[r.pc])
	}
}

// divided demands that no divisor is zero. It returns false if one is.
func (r *Runner) divided() bool {
	for _, d := range r.divisors {
		if v, ok := r.path.Eval(d, r.value); !ok {
			r.path.Must = append(r.path.Must, d)
		} else if v == 0 {
			r.status = Dead
			return false
		}
		r.goesBy(d, true)
	}
	r.divisors = r.divisors[:0]
	return true
}

// known evaluates x; failing that it stops for a read that x depends on.
func (r *Runner) known(x Sym) (int64, bool) {
	if t := &r.path.Syms[x]; t.Op == ir.Const {
		return t.K, true
	}
	v, ok := r.path.Eval(x, r.value)
	if ok {
		return v, true
	}
	open := -1
	r.path.Syms[x].Reads.Each(func(e int) {
		if _, ok := r.value(e); !ok && open < 0 {
			open = e
		}
	})
	if open < 0 { // a division by zero
		r.status = Dead
		return 0, false
	}
	r.stopFor(open)
	return 0, false
}

func (r *Runner) stopFor(read int) { r.status, r.need = NeedsValue, read }

func (r *Runner) step(in *ir.Instr) {
	switch in.Op {
	case ir.Do:
		if !r.mayHang(in) {
			r.do(in)
		}
	case ir.Assign:
		r.regs[in.Dst], r.ctrl[in.Dst] = r.expr(in.Val), r.inForce().union(r.ctrlOf(in.Val))
		r.pc++
	case ir.Branch:
		r.branch(in)
	case ir.Jump:
		r.jump(in.Target)
	case ir.Fork:
		r.fork()
	case ir.Assume:
		if v, deps, ok := r.look(in.Val); ok && v == 0 {
			r.status = Dead
		} else if ok {
			r.goesByValue(in.Val, deps, true)
			r.pc++
		}
	case ir.Assert:
		r.path.Asserts = append(r.path.Asserts, Assertion{r.expr(in.Val), in})
		r.pc++
	case ir.Alloc:
		r.alloc(in)
	case ir.Free:
		r.free(in)
	case ir.Idle:
		r.idle = true
		r.idles++
		r.pc++
	case ir.Exit:
		r.path.Exits = true
		r.pc++
	case ir.Lapse:
		r.lapsed = len(r.path.Events)
		r.pc++
	}
}

// fork looks where both ways lead. A compare-and-swap that succeeds and one that
// fails begin with the same read, and the value of that read leaves one of the two.
// To decide on the way first would try 2^n ways through n such operations in vain.
func (r *Runner) fork() {
	r.status = NeedsChoice
	ways := [2]*Runner{r.Branch(nil), r.Clone()} // one of them may have the room behind r
	for i := range ways {
		ways[i].Take(i == 1)
		ways[i].Run(r.value)
		if ways[i].assumes(len(r.path.Events)) && ways[i].need < len(r.path.Events) {
			r.stopFor(ways[i].need) // the value that the read is compared with
			return
		}
		if !ways[i].beginsWith(len(r.path.Events)) {
			return
		}
	}
	a, b := &ways[0].path.Events[ways[0].need], &ways[1].path.Events[ways[1].need]
	if a.Kind != graph.Read || b.Kind != graph.Read || a.Loc != b.Loc {
		return
	}
	r.status, r.need, r.ways = NeedsRMW, ways[0].need, ways
}

// beginsWith reports whether r, which had performed so many events, has come to an
// assumption on its read since, and performed nothing else but fences. Other threads
// would have to see any other event, such as a write.
func (r *Runner) beginsWith(events int) bool {
	return r.assumes(events) && r.need == len(r.path.Events)-1
}

// assumes is beginsWith for an assumption on any read.
func (r *Runner) assumes(events int) bool {
	last := len(r.path.Events) - 1
	if r.status != NeedsValue || last < events || r.pc == len(r.th.Instr) || r.th.Instr[r.pc].Op != ir.Assume {
		return false
	}
	return !slices.ContainsFunc(r.path.Events[events:last], func(e graph.Event) bool { return e.Kind != graph.Fence })
}

// Ways are both ways of a Runner that NeedsRMW.
func (r *Runner) Ways() [2]*Runner { return r.ways }

// Admits reports whether a way of a Runner that NeedsRMW goes on if the read that it
// needs returns v.
func (r *Runner) Admits(v int64) bool {
	got, ok := r.calculate(r.th.Instr[r.pc].Val, func(e int) (int64, bool) {
		if e == r.need {
			return v, true
		}
		return r.value(e)
	})
	return !ok || got != 0
}

// NextWrite is the value that a way of a Runner that NeedsRMW writes to cell. ok is false
// if that is not known, or if there may be other writes.
func (r *Runner) NextWrite(cell int) (v int64, ok bool) {
	at := r.pc + 1
	if at >= len(r.th.Instr) {
		return 0, false
	}
	in := &r.th.Instr[at]
	if in.Op != ir.Do || in.Kind != graph.Write || in.Addr == nil || in.Val == nil {
		return 0, false
	}
	if addr, known := r.calculate(in.Addr, r.value); !known || addr != ir.AddrOf(cell) || r.prog.Resigned(in, cell) {
		return 0, false
	}
	if next := at + 1; next < len(r.flow.writes) && r.flow.writes[next][cell>>6]>>(cell&63)&1 != 0 {
		return 0, false
	}
	return r.calculate(in.Val, r.value)
}

// Take sends a Runner that NeedsChoice one of its two ways.
func (r *Runner) Take(jump bool) {
	r.status = Running
	switch in := &r.th.Instr[r.pc]; {
	case in.Op == ir.Do && jump:
		r.hang(in)
	case in.Op == ir.Do:
		r.do(in)
	case jump:
		r.chance(in)
		r.jump(in.Target)
	default:
		r.chance(in)
		r.pc++
	}
}

// look evaluates e to a value that decides where the thread goes. Of what it took
// to do so nothing is kept.
func (r *Runner) look(e *ir.Expr) (v int64, deps Set, ok bool) {
	if v, ok = r.calculate(e, r.value); ok {
		return v, r.depsOf(e), true
	}
	terms := len(r.path.Syms)
	x := r.expr(e)
	if v, ok = r.known(x); !ok {
		return 0, nil, false
	}
	deps = r.path.Syms[x].Deps
	if len(r.divisors) == 0 {
		r.path.Syms = r.path.Syms[:terms]
	}
	return v, deps, true
}

func (r *Runner) branch(in *ir.Instr) {
	jumps, deps, ok := r.decides(in)
	if !ok {
		return
	}
	r.goesByValue(in.Val, deps, jumps)
	if deps = deps.union(r.ctrlOf(in.Val)); len(deps) > 0 {
		r.scopes = append(r.scopes, scope{deps, in.Join})
		r.openBranches = append(r.openBranches, r.pc)
	}
	if jumps {
		r.jump(in.Target)
		return
	}
	r.pc++
}

// decides is the way that a Branch goes, and the reads on which that depends. The way may be
// known without their values.
func (r *Runner) decides(in *ir.Instr) (jumps bool, deps Set, ok bool) {
	if jumps, ok = r.flow.outcome(r.place); ok {
		return jumps, r.depsOf(in.Val), true
	}
	v, deps, ok := r.look(in.Val)
	return v != 0, deps, ok
}

func (r *Runner) do(in *ir.Instr) {
	if in.Addr == nil {
		r.event(in, graph.NoLoc, nil)
		r.noteGiven()
		r.pc++
		return
	}
	v, deps, ok := r.look(in.Addr)
	if !ok {
		return
	}
	cell, ok := r.prog.CellAt(v)
	switch {
	case !ok && r.prog.Within(v):
		r.Stop(&ir.Misuse{Pos: in.Pos, Text: in.Text, What: ir.Mistyped})
		return
	case !ok:
		r.fault(in, v)
		return
	case r.wasFreed(cell):
		r.Stop(r.prog.Misused(cell, in.Pos, in.Text, r.prog.Freed[cell]))
		return
	case r.prog.Mistypes(in, cell):
		r.Stop(&ir.Misuse{Pos: in.Pos, Text: in.Text, What: ir.Mistyped})
		return
	case in.Class != 0 && r.prog.Cells[cell].Class != in.Class, r.strays(in, cell):
		r.status, r.err = Broken, &ir.BrokenPromise{Pos: in.Pos, Text: in.Text}
		return
	}
	if r.prog.Resigned(in, cell) {
		r.access(resigned(in, r.prog.Cells[cell].Type), cell, deps)
		if in.Kind.Reads() && in.Dst != ir.NoReg {
			r.regs[in.Dst] = r.expr(ir.Extend(&ir.Expr{Op: ir.Load, R: in.Dst}, in.Type))
		}
		return
	}
	r.access(in, cell, deps)
}

// resigned is in with what it writes as a value of the type of the cell.
func resigned(in *ir.Instr, t uint8) *ir.Instr {
	if in.Val == nil || !in.Kind.Writes() {
		return in
	}
	c := *in
	c.Val = ir.Extend(in.Val, t)
	return &c
}

// access performs in on a cell.
func (r *Runner) access(in *ir.Instr, cell int, deps Set) {
	if at := r.flow.private[cell]; at >= 0 {
		if r.breaks(in, cell) {
			r.status, r.err = Broken, &ir.BrokenPromise{Pos: in.Pos, Text: in.Text}
			return
		}
		if r.notesRetries() && deps.has(r.lastRead) {
			r.goesBy(r.op(ir.Eq, r.expr(in.Addr), r.constant(ir.AddrOf(cell)), NoSym), true)
		}
		r.local(in, at, deps)
		r.pc++
		return
	}
	r.event(in, cell, deps)
	r.noteGiven()
	switch {
	case in.Kind == graph.Read && r.notesRetries():
		r.beginBehind()
	case in.Kind == graph.LockRead:
		r.lockAt = r.pc
	case in.Arrives != nil:
		r.path.Arrivals = append(r.path.Arrivals, Arrival{len(r.path.Events) - 1, r.expr(in.Arrives), r.flow.tellsLast(r.pc)})
	}
	r.pc++
	if read := r.lastRead; in.Kind == graph.LockWrite || in.Kind.Reads() && in.Kind != graph.Read && in.Kind != graph.LockRead {
		// Whether a lock is free decides whether the thread goes on.
		if _, ok := r.value(read); !ok {
			r.stopFor(read)
			r.atLock = true
		}
	}
}

// wasFreed reports whether cell has been freed before the threads started.
func (r *Runner) wasFreed(cell int) bool {
	_, ok := r.prog.Freed[cell]
	return ok
}

// local is an access to a private cell: no event, but what depends on the cell
// depends on what went into it, and on what decided which cell it is.
func (r *Runner) local(in *ir.Instr, at int32, addr Set) {
	h := &r.private[at]
	if in.Kind.Reads() {
		if in.Dst != ir.NoReg {
			r.regs[in.Dst], r.ctrl[in.Dst] = r.depending(h.value, addr), r.inForce().union(h.ctrl)
		}
		return
	}
	if r.shared {
		r.private, r.shared = slices.Clone(r.private), false
	}
	r.private[at] = privateCell{r.depending(r.expr(in.Val), addr), r.inForce().union(r.ctrlOf(in.Val))}
}

// depending returns x with more dependencies.
func (r *Runner) depending(x Sym, deps Set) Sym {
	if len(deps) == 0 {
		return x
	}
	t := r.path.Syms[x]
	t.Deps = t.Deps.union(deps)
	return r.term(t)
}

// Stop ends the thread where it misuses memory.
func (r *Runner) Stop(m *ir.Misuse) {
	r.path.Misuse = m
	r.endSections(len(r.path.Events))
	r.status = Faulted
}

func (r *Runner) fault(in *ir.Instr, addr int64) {
	r.path.Fault = &ir.BadAddress{Pos: in.Pos, Text: in.Text, Addr: addr}
	r.endSections(len(r.path.Events))
	r.status = Faulted
}

func (r *Runner) alloc(in *ir.Instr) {
	nth := 0
	for _, at := range r.allocs {
		if at == r.pc {
			nth++
		}
	}
	if nth == len(in.Objects) {
		r.cut("%s", in.None())
		r.status = CutOff
		return
	}
	r.allocs = append(r.allocs, r.pc)
	r.born = append(r.born, allocation{in.Objects[nth], len(r.path.Events)})
	r.path.Allocs = append(r.path.Allocs, in.Objects[nth])
	r.regs[in.Dst], r.ctrl[in.Dst] = r.constant(ir.AddrOf(r.prog.Objects[in.Objects[nth]].Cell)), nil
	r.pc++
}

// free writes Poison to every cell of an object.
func (r *Runner) free(in *ir.Instr) {
	v, deps, ok := r.look(in.Addr)
	if !ok {
		return
	}
	if v == 0 {
		r.goesByValue(in.Addr, deps, false)
		r.pc++
		return
	}
	i := slices.IndexFunc(r.prog.Objects, func(o ir.Object) bool { return ir.AddrOf(o.Cell) == v })
	if i < 0 {
		r.fault(in, v)
		return
	}
	if cell := r.prog.Objects[i].Cell; r.wasFreed(cell) {
		r.Stop(&ir.Misuse{Pos: in.Pos, Text: in.Text, What: ir.Twice, By: r.prog.Freed[cell]})
		return
	}
	write := *in
	write.Kind, write.Val = graph.Write, &ir.Expr{Op: ir.Const, K: ir.Poison}
	for c := range r.prog.Objects[i].Size {
		if c > 0 && r.prog.Cells[r.prog.Objects[i].Cell+c].Name == "" {
			continue // a gap, such as between the members of a struct
		}
		r.path.Frees = append(r.path.Frees, len(r.path.Events))
		r.event(&write, r.prog.Objects[i].Cell+c, deps)
	}
	r.pc++
}
