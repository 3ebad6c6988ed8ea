package explore

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/program"
	"crosscall/memmodel/rel"
)

// grower explores a program whose threads cannot be unfolded beforehand, for
// they follow pointers and go round in loops. The threads run as far as they
// can; where each needs the value of a read, one such read is decided:
//
//   - it reads from one of the writes that are there, in turn; or
//   - it is postponed: it reads from none of these, but from one to come. See
//     postpone for when that is worth trying.
//
// That divides the executions into disjoint parts, as everywhere here. The
// partial execution is told to the model after each decision, and dropped with
// all that could come of it if a check is violated: what threads add at their
// ends takes no violation away. When all threads have ended, search decides what is
// left: the reads that nobody needed, and co.
//
// A thread that waits for another (package program says what waiting is) is
// not sent into another round: it postpones, and only when nothing else can
// happen any more is it settled that it waits forever, for which the writes it
// has seen must be the last of their cells.
type grower struct {
	*search
	growing  *rel.Machine // for executions that are not complete
	runners  []*program.Runner
	value    []func(read int) (int64, bool) // by thread
	rf       [][]ref                        // by thread and event: what it reads from
	decided  []decision
	later    []postponed
	frames   []frame
	dead     bool // the way just tried ended at an assumption
	passed   bool // it was consistent
	depth    int
	foreign  [][]int // by thread: cells that others may read
	doomed   []bool  // by thread: it is to wait forever
	settling bool    // nothing else can happen: who waits does so forever
	waited   bool    // the decision just tried makes a thread wait
}

// ref names an event by its thread and its place there; an initial write, by
// its cell.
type ref struct{ thread, event int }

var undecided = ref{thread: -2}

type decision struct {
	write, read ref
	// overtakes: the thread may perform writes without the value of the read, so
	// that what comes after it need not depend on it.
	overtakes bool
}

// postponed says that read reads from no write that was there when the threads
// had performed so many events, unless its thread waits forever, at one of fails.
type postponed struct {
	read   ref
	events []int
	fails  []ref
	// tries: its thread tries, and read is where the one way has it. Once a way is
	// taken, what is there is another event perhaps.
	tries bool
}

// growDepth is how many decisions are taken before a gate.
const growDepth = 5

func (s *search) grow() {
	s.st.reset(s.prog)
	s.st.rel.Finals = s.cfg.Finals
	s.x.s = s
	s.paths = resize(s.paths, len(s.flows))
	g := &grower{search: s, rf: make([][]ref, len(s.flows)), doomed: make([]bool, len(s.flows))}
	g.growing = s.machine
	if !s.cfg.IgnoreChecks {
		g.growing = rel.NewGrowing(s.compiled, s.coherent, tagsOf(s.prog))
		g.growing.Value = s.valueOf
	}
	for t, f := range s.flows {
		g.runners = append(g.runners, program.NewRunner(f, t, s.bound))
		g.value = append(g.value, func(e int) (int64, bool) { return g.read(ref{t, e}) })
	}
	g.findForeign()
	if s.shared {
		s.mine = s.next.Add(1) - 1
	}
	g.advance()
}

// source is what r reads from, if that is decided.
func (g *grower) source(r ref) ref {
	if r.event >= len(g.rf[r.thread]) {
		return undecided
	}
	return g.rf[r.thread][r.event]
}

// read is the value of a read, if it is known.
func (g *grower) read(r ref) (int64, bool) {
	w := g.source(r)
	if w == undecided {
		return 0, false
	}
	if w.thread == graph.InitThread {
		return g.prog.Cells[w.event].Init, true
	}
	p := g.runners[w.thread].Path()
	// A value that is computed from itself is not known.
	g.rf[r.thread][r.event] = undecided
	v, ok := p.Eval(p.Write[w.event], g.value[w.thread])
	g.rf[r.thread][r.event] = w
	return v, ok
}

// advance explores all that can come of what is decided.
func (g *grower) advance() {
	if g.stopped() {
		return
	}
	g.depth++
	runners := g.runners
	g.runners = slices.Clone(runners)
	g.run(runners)
	g.runners = runners
	g.depth--
}

// run lets the threads run on that can.
func (g *grower) run(before []*program.Runner) {
	g.waited, g.dead = false, false
	for t, r := range before {
		if !g.ready(t, r) {
			continue
		}
		next := r.Clone()
		next.Run(g.value[t])
		g.reserve(t, next)
		g.runners[t] = next
		switch next.Status() {
		case program.Dead:
			g.dead = true
			return
		case program.Broken:
			g.fail(next.Err())
			return
		case program.Waits:
			g.waited = true
		}
	}
	if g.waited && !g.settling || !g.waited && g.settling {
		return
	}
	if g.depth == growDepth && !g.pass() {
		return
	}
	g.fork(before)
}

// reserve makes room for what the reads of a thread read from.
func (g *grower) reserve(t int, r *program.Runner) {
	n := len(r.Path().Events)
	if r.Status() == program.Tries {
		for _, way := range r.Ways() {
			n = max(n, len(way.Path().Events))
		}
	}
	for len(g.rf[t]) < n {
		g.rf[t] = append(g.rf[t], undecided)
	}
}

// ready reports whether thread t can go on.
func (g *grower) ready(t int, r *program.Runner) bool {
	switch r.Status() {
	case program.Running:
		return true
	case program.Needs:
		_, known := g.value[t](r.Need())
		return known
	}
	return false
}

// fork sends threads both ways, one after the other, where they can go either.
func (g *grower) fork(before []*program.Runner) {
	for t, r := range g.runners {
		if r.Status() != program.Forks {
			continue
		}
		for _, jump := range [2]bool{false, true} {
			way := r.Clone()
			way.Take(jump)
			g.runners[t] = way
			g.advance()
			g.died(g.dead)
		}
		g.runners[t] = r
		g.waited = false
		return
	}
	g.decide(before)
}

// decide takes the next decision. The threads have come here from where they were
// before.
func (g *grower) decide(before []*program.Runner) {
	consistent := g.consistent(g.growing, true)
	g.clash()
	if !consistent {
		return
	}
	g.passed = true
	if slices.ContainsFunc(g.runners, func(r *program.Runner) bool { return r.Status() == program.CutOff }) {
		g.stats.BoundHit = true
		g.died(true)
		return
	}
	g.notice(before)
	c, ok := g.choose()
	switch {
	case ok:
		g.tryAll(c)
	case g.inVain():
	case g.waiting() >= 0:
		g.stuck()
	case g.depth >= growDepth || g.pass():
		g.leaf()
	}
}

// pass is through for decisions of this kind.
func (g *grower) pass() bool {
	if !g.shared {
		return true
	}
	at := g.gate
	g.gate++
	if at != g.mine {
		return false
	}
	g.mine = g.next.Add(1) - 1
	return true
}

// waiting is a thread that needs a read, or -1.
func (g *grower) waiting() int {
	return slices.IndexFunc(g.runners, needs)
}

func needs(r *program.Runner) bool { return r.Status() == program.Needs || r.Status() == program.Tries }

// A choice is a read to be decided, with the writes that it may read from.
type choice struct {
	read   ref
	writes []ref
	more   bool // there may be others to come
}

// choose picks the next read to decide: of those that have a write to read
// from, one for which no others can come, if there is one. That spares the
// branch in which it waits for them in vain.
func (g *grower) choose() (best choice, found bool) {
	for t, r := range g.runners {
		if !needs(r) || g.doomed[t] {
			continue
		}
		root, ok := g.root(ref{t, r.Need()})
		if !ok {
			continue
		}
		c := choice{read: root, writes: g.allowed(root, g.sources(root, g.last(root).events))}
		if len(c.writes) == 0 {
			continue
		}
		if c.more = g.mayCome(root); !c.more {
			return c, true
		}
		if !found {
			best, found = c, true
		}
	}
	return best, found
}

// allowed drops the writes that r cannot read from as things are. To find out here
// spares starting anew for each.
func (g *grower) allowed(r ref, writes []ref) []ref {
	if len(writes) < 2 {
		return writes
	}
	if g.tries(r) {
		return slices.DeleteFunc(writes, func(w ref) bool { return g.stale(w, r) })
	}
	return slices.DeleteFunc(writes, func(w ref) bool { return !g.allows(g.index(w), g.index(r)) })
}

// stale reports whether the thread of r has seen something newer than w.
func (g *grower) stale(w, r ref) bool {
	if !g.coherent {
		return false
	}
	cell := g.event(r).Loc
	for e, ev := range g.runners[r.thread].Path().Events {
		if ev.Loc != cell {
			continue
		}
		x := g.st.base[r.thread] + e
		if !ev.Kind.Writes() {
			x = g.order.rf[x]
		}
		if x >= 0 && g.order.has(g.index(w), x) {
			return true
		}
	}
	return false
}

// allows reports whether the model lets r read from w, in what it has been told
// by consistent.
func (g *grower) allows(w, r int) bool {
	known, ordered := len(g.values.trail), len(g.order.undone)
	clashes := len(g.order.clashes)
	ok := g.values.readFrom(w, r) && g.order.readFrom(w, r)
	if ok {
		g.growing.Push()
		g.growing.ReadFrom(w, r)
		g.tellTo(g.growing)
		ok = g.growing.Settle()
		g.growing.Pop()
	}
	if len(g.order.clashes) > clashes {
		g.clash()
	}
	g.order.fresh = g.order.fresh[:0]
	g.order.undo(ordered)
	g.order.rf[r] = -1
	g.values.undo(w, known)
	return ok
}

// tries reports whether r is what a thread tries that goes one way or the other.
func (g *grower) tries(r ref) bool {
	runner := g.runners[r.thread]
	return runner.Status() == program.Tries && r.event == runner.Need()
}

// root is the read to be decided for read r to have a value: r itself, or one
// that a value is computed from which r sees. There is none where values go
// round in a circle.
func (g *grower) root(r ref) (ref, bool) {
	for range 1000 {
		w := g.source(r)
		if w == undecided {
			return r, true
		}
		p := g.runners[w.thread].Path()
		open := -1
		p.Syms[p.Write[w.event]].Reads.Each(func(e int) {
			if _, ok := g.value[w.thread](e); !ok && open < 0 {
				open = e
			}
		})
		if open < 0 {
			return r, false
		}
		r = ref{w.thread, open}
	}
	return r, false
}

// event is the event that r names.
func (g *grower) event(r ref) *graph.Event {
	runner := g.runners[r.thread]
	if g.tries(r) {
		runner = runner.Ways()[0]
	}
	return &runner.Path().Events[r.event]
}

// last is how r was postponed last; without events, if it was not.
func (g *grower) last(r ref) postponed {
	tries := g.tries(r)
	for i := len(g.later) - 1; i >= 0; i-- {
		if g.later[i].read == r && g.later[i].tries == tries {
			return g.later[i]
		}
	}
	return postponed{}
}

// sources lists the writes that r may read from, without those that were there
// at a time.
func (g *grower) sources(r ref, since []int) (list []ref) {
	read := g.event(r)
	if since == nil && lockSource(graph.Write, true, read.Kind) {
		list = append(list, ref{graph.InitThread, read.Loc})
	}
	for t, runner := range g.runners {
		from := 0
		if since != nil {
			from = since[t]
		}
		events := runner.Path().Events
		for e := from; e < len(events); e++ {
			// What sees its own thread's future violates coherence.
			if events[e].Loc == read.Loc && events[e].Kind.Writes() && !(g.coherent && t == r.thread && e > r.event) &&
				lockSource(events[e].Kind, false, read.Kind) {
				list = append(list, ref{t, e})
			}
		}
	}
	return list
}

// mayCome reports whether there may be more writes that r can read from.
func (g *grower) mayCome(r ref) bool {
	cell := g.event(r).Loc
	for t, runner := range g.runners {
		switch runner.Status() {
		case program.Needs, program.Forks, program.Tries:
			if (t != r.thread || !g.coherent) && !g.doomed[t] && runner.MayWrite(cell) {
				return true
			}
		}
	}
	return false
}

// tryAll explores what each way to decide c leaves.
func (g *grower) tryAll(c choice) {
	p := postponed{read: c.read, fails: g.lasting(c), tries: g.tries(c.read)}
	overtakes := g.overtakes(c.read)
	g.frames = append(g.frames, frame{read: c.read, cell: g.event(c.read).Loc, overtakes: overtakes})
	top := len(g.frames) - 1
	// Before the gate all workers must go the same way, whatever each has seen.
	g.frames[top].worth = !g.coherent || !g.atEnd(c.read) || g.shared && g.depth <= growDepth
	last := make([]bool, len(c.writes))
	for i, w := range c.writes {
		last[i] = g.lasts(w, c.read)
	}
	shown := false
	for i, w := range c.writes {
		g.passed = false
		g.try(decision{w, c.read, overtakes})
		shown = shown || g.passed && last[i]
		if g.waited && last[i] {
			p.fails = append(p.fails, w)
		}
		if g.over.Load() {
			break
		}
	}
	f := g.frames[top]
	g.frames = g.frames[:top]
	g.waited, g.passed = false, true
	if c.more && (f.worth || !shown) || len(p.fails) > 0 {
		g.postpone(p)
	}
}

func (g *grower) postpone(p postponed) {
	for _, r := range g.runners {
		p.events = append(p.events, len(r.Path().Events))
	}
	g.later = append(g.later, p)
	g.advance()
	g.later = g.later[:len(g.later)-1]
	g.waited = false
}

// lasting lists the writes that c.read has passed over at which its thread would
// wait, and that may still turn out to be the last of their cell.
func (g *grower) lasting(c choice) (list []ref) {
	read := g.event(c.read)
	passed := g.last(c.read).fails
	if read.Kind == graph.LockRead {
		passed = g.taken(read.Loc, c.read)
	}
	for _, w := range passed {
		if g.lasts(w, c.read) {
			list = append(list, w)
		}
	}
	return list
}

// lasts reports whether nothing is known to come after w, but for what read's own
// thread will not write if it waits.
func (g *grower) lasts(w, read ref) bool {
	if w.thread == graph.InitThread && g.index(w) < 0 {
		return true // no thread has come near the cell
	}
	for _, x := range g.st.writes[g.st.events[g.index(w)].Loc] {
		if g.order.has(g.index(w), x) && !(read.thread == g.st.events[x].Thread && x > g.st.base[read.thread]+read.event) {
			return false
		}
	}
	return true
}

// taken lists the writes by which a lock is taken, but for the attempt that read
// is of.
func (g *grower) taken(cell int, read ref) (list []ref) {
	for t, r := range g.runners {
		for e := range r.Path().Events {
			if ev := &r.Path().Events[e]; (t != read.thread || e < read.event) && ev.Kind == graph.LockWrite && ev.Loc == cell {
				list = append(list, ref{t, e})
			}
		}
	}
	return list
}

func (g *grower) try(d decision) {
	w, r := d.write, d.read
	g.stats.Tried++
	reader := g.runners[r.thread]
	ways := []*program.Runner{reader}
	if g.tries(r) {
		both := reader.Ways()
		ways = both[:]
	}
	waited, dead := false, true
	for _, way := range ways {
		if way != reader {
			r.event = way.Need()
		}
		g.runners[r.thread] = way
		if m := g.misuse(w, r); m != nil {
			g.runners[r.thread] = way.Clone()
			g.runners[r.thread].Stop(m)
		}
		g.rf[r.thread][r.event] = w
		g.decided = append(g.decided, decision{w, r, d.overtakes})
		g.advance()
		g.decided = g.decided[:len(g.decided)-1]
		g.rf[r.thread][r.event] = undecided
		waited, dead = waited || g.waited, dead && g.dead
	}
	g.died(dead)
	g.waited = waited
	g.runners[r.thread] = reader
}

// misuse says what is wrong with reading from w, if anything is.
func (g *grower) misuse(w, r ref) *program.Misuse {
	read := g.event(r)
	switch {
	case w.thread == graph.InitThread:
		if !g.prog.Cells[w.event].Uninit {
			return nil
		}
		return &program.Misuse{Pos: read.Pos, Text: read.Text, What: program.Unset}
	case slices.Contains(g.runners[w.thread].Path().Frees, w.event):
		return &program.Misuse{Pos: read.Pos, Text: read.Text, What: program.Freed, By: g.event(w).Pos}
	}
	return nil
}

// settle explores the executions in which all threads that have not ended wait
// forever.
func (g *grower) settle() {
	if !g.prog.Waits {
		return
	}
	t := g.waiting()
	r := g.runners[t]
	if r.Guessed() {
		return
	}
	defer func(was bool) { g.settling, g.waited = was, false }(g.settling)
	g.settling = true
	if lock := r.Clone(); r.Status() == program.Needs && lock.WaitForLock() {
		g.settleLock(t, lock)
		return
	}
	root, ok := g.root(ref{t, r.Need()})
	if !ok {
		return
	}
	for _, w := range g.sources(root, nil) {
		g.try(decision{w, root, false})
	}
}

// settleLock has thread t wait for a lock that is never given back.
func (g *grower) settleLock(t int, r *program.Runner) {
	for _, d := range g.decided {
		if d.write.thread == t && d.write.event == len(r.Path().Events)-1 {
			return // another thread has seen it take the lock
		}
	}
	was := g.runners[t]
	g.runners[t] = r
	read := ref{t, r.Need()}
	for _, w := range g.sources(read, nil) {
		g.stats.Tried++
		g.rf[t][read.event] = w
		g.decided = append(g.decided, decision{w, read, false})
		g.depth++
		if g.depth != growDepth || g.pass() {
			g.decide(g.runners)
		}
		g.depth--
		g.decided = g.decided[:len(g.decided)-1]
		g.rf[t][read.event] = undecided
	}
	g.runners[t] = was
}

// consistent tells a machine what is decided. It returns false if that is not
// allowed, whatever follows.
func (g *grower) consistent(m *rel.Machine, growing bool) bool {
	s := g.search
	for t, r := range g.runners {
		s.paths[t] = r.Path()
	}
	s.st.set(s.paths)
	s.faulty = slices.ContainsFunc(s.paths, func(p *program.Path) bool { return p.Fault != nil })
	if !s.values.load(&s.st) || !s.order.load(&s.st, s.coherent, s.atomic, growing) {
		return false
	}
	for _, d := range g.decided {
		w, r := g.index(d.write), g.index(d.read)
		if !s.values.readFrom(w, r) || !s.order.readFrom(w, r) {
			return false
		}
	}
	if !s.waitsForGood() || !m.Load(&s.st.rel) {
		return false
	}
	s.tellTo(m)
	for _, d := range g.decided {
		m.ReadFrom(g.index(d.write), g.index(d.read))
	}
	return m.Settle()
}

// index is where the structure has an event.
func (g *grower) index(r ref) int {
	if r.thread == graph.InitThread {
		return g.st.initOf[r.event]
	}
	return g.st.base[r.thread] + r.event
}

// waitsForGood demands that nothing comes after the writes that threads see
// which wait forever. It returns false if something does.
func (s *search) waitsForGood() bool {
	for t, p := range s.paths {
		for _, e := range p.Wait {
			r := s.st.base[t] + e
			w := s.order.rf[r]
			if w < 0 {
				continue
			}
			for _, x := range s.st.writes[s.st.events[r].Loc] {
				if x != w && !s.order.before(x, w) {
					return false
				}
			}
		}
	}
	return true
}

// leaf explores what is left to decide when all threads have ended. What is
// decided is told already.
func (g *grower) leaf() {
	s := g.search
	whole := s.machine
	defer func() { s.machine = whole }()
	if g.growing.Exact() {
		s.machine = g.growing // it has been told all
	} else if !g.consistent(whole, false) {
		return
	}
	if !s.order.sections(false) {
		return
	}
	g.bar()
	decided := func(r int) bool { return s.order.rf[r] >= 0 }
	s.st.ordering -= countFunc(s.st.reads[:s.st.ordering], decided)
	s.st.reads = slices.DeleteFunc(s.st.reads, decided)
	if s.hopeless() || !s.possible() {
		return
	}
	shared := s.shared
	s.shared = false // this is behind the gate
	s.chooseRF(0)
	s.shared = shared
	g.clash()
}

func countFunc(list []int, is func(int) bool) (n int) {
	for _, x := range list {
		if is(x) {
			n++
		}
	}
	return n
}
