package explore

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/rel"
	"crosscall/memmodel/internal/thread"
)

// grower explores a program whose threads cannot be unfolded beforehand, for
// they follow pointers and go round in loops. The threads run as far as they
// can; where each needs the value of a read, one such read is decided:
//
//   - it reads from one of the writes that are there, in turn; or
//   - it is postponed: it reads from none of these, but from one to come. See
//     postpone for when that is worth trying.
//
// That divides the executions into disjoint parts, as everywhere here. Where there
// is one write to read from and no other can come, there is nothing to decide (see
// follow). The partial execution is told to the model after each decision, and dropped
// with all that could come of it if a check is violated: what threads add at their
// ends takes no violation away. When all threads have ended, search decides what is
// left: the reads that nobody needed, and co.
//
// A thread that waits for another (package thread says what waiting is) is
// not sent into another round: it postpones, and only when nothing else can
// happen any more is it settled that it waits forever, for which the writes it
// has seen must be the last of their cells.
type grower struct {
	*search
	// growing is one of machines, which are for executions that are not complete, and
	// for those that are as long as grows is set; else these take one of whole.
	growing         *rel.Machine
	machines, whole machines
	grows           bool
	telling         []told
	memo            map[ref]int64 // by read
	nesting         int           // reads that are being computed
	ends            []int         // what order has to tell after each decision ends there
	runners         []*thread.Runner
	branches        []*thread.Runner               // in use
	unused          []*thread.Runner               // were
	value           []func(read int) (int64, bool) // by thread
	rf              [][]ref                        // by thread and event: what it reads from
	decided         []decision
	later           []postponed
	frames          []frame
	dead            bool    // the way just tried ended at an assumption
	passed          bool    // it was allowed
	asked           bool    // somebody wants to know whether it was
	firm            int     // decisions that are no consequences of others
	depth           int     // decisions in force
	foreign         [][]int // by thread: cells that others may read
	doomed          []bool  // by thread: it is to wait forever
	settling        bool    // the decision just tried is to make a thread wait forever
	waited          bool    // the decision just tried makes a thread wait
	away            bool    // it is not on what that thread sees in its round of waiting
}

// ref names an event by its thread and its place there; an initial write, by
// its cell.
type ref struct{ thread, event int }

var (
	undecided = ref{thread: -2}
	inCircle  = ref{thread: -3} // its source is being looked for
)

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
	// away: the read may be another than those that its thread waits at, so that it
	// does not matter whether it reads the last write:
	//
	//	r1 = xchg(x, 0); do { if (!READ_ONCE(*y)) r1 = READ_ONCE(*z); } while (r1 == 0);
	away bool
	// tries: its thread tries, and read is where the one way has it. Once a way is
	// taken, what is there is another event perhaps.
	tries bool
}

func (s *search) grow() {
	defer func(own *rel.Machine) { s.machine, s.order.tentative = own, nil }(s.machine)
	g := newGrower(s)
	for t, f := range g.flows {
		g.runners = append(g.runners, thread.NewRunner(f, t, g.bound))
	}
	g.advance()
	for _, o := range append(g.spare, g) {
		o.end()
	}
}

// newGrower returns a grower without threads.
func newGrower(s *search) *grower {
	s.st.reset(s.prog)
	s.st.rel.Finals = s.cfg.Finals
	s.x.s = s
	s.shared = false
	s.paths = resize(s.paths, len(s.flows))
	g := &grower{search: s, rf: make([][]ref, len(s.flows)), doomed: make([]bool, len(s.flows)), grows: true, memo: map[ref]int64{}}
	growth := growthOf(s.prog)
	g.whole.fresh = func() *rel.Machine { return s.valued(s.kit.machine(s.cfg)) }
	g.machines.fresh = g.whole.fresh
	if !s.cfg.IgnoreChecks {
		g.machines.fresh = func() *rel.Machine { return s.valued(rel.NewGrowing(s.kit.Compiled, s.coherent, growth)) }
	}
	for t := range s.flows {
		g.value = append(g.value, func(e int) (int64, bool) { return g.read(ref{t, e}) })
	}
	g.findForeign()
	s.order.tentative = g.tentative
	return g
}

// end is called when g is not needed any more.
func (g *grower) end() {
	for _, l := range append(g.machines.list, g.whole.list...) {
		if err := l.Err(); err != nil {
			g.fail(err)
		}
	}
}

// source is what r reads from, if that is decided.
func (g *grower) source(r ref) ref {
	if r.event >= len(g.rf[r.thread]) {
		return undecided
	}
	return g.rf[r.thread][r.event]
}

// read is the value of a read, if it is known. Where values are computed from values
// that are, as in x = x + x again and again, it remembers what it has computed.
func (g *grower) read(r ref) (v int64, ok bool) {
	w := g.source(r)
	if w == undecided || w == inCircle {
		return 0, false
	}
	if v, ok = g.memo[r]; ok {
		return v, true
	}
	// A value that is computed from itself is not known.
	g.rf[r.thread][r.event] = undecided
	g.nesting++
	v, ok = g.written(w)
	g.nesting--
	g.rf[r.thread][r.event] = w
	switch {
	case g.nesting == 0:
		clear(g.memo) // what is decided may change from now on
	case ok && g.nesting >= memoNesting:
		g.memo[r] = v
	}
	return v, ok
}

// written is the value that w writes, if it is known.
func (g *grower) written(w ref) (int64, bool) {
	if w.thread == graph.InitThread {
		return g.prog.Cells[w.event].Init, true
	}
	p := g.runners[w.thread].Path()
	if p.Write[w.event] == thread.NoSym {
		return 0, false // it is no write any more, which consistent finds out
	}
	return p.Eval(p.Write[w.event], g.value[w.thread])
}

// memoNesting is from which depth on values are remembered while one is computed.
const memoNesting = 3

// advance explores all that can come of what is decided.
func (g *grower) advance() {
	if g.ctx.Err() != nil { // looked at each time: a step can take long
		g.fail(g.ctx.Err())
	}
	if g.over.Load() {
		return
	}
	g.depth++
	runners, branches := g.runners, len(g.branches)
	g.runners = slices.Clone(runners)
	g.run(runners)
	g.runners = runners
	g.unused = append(g.unused, g.branches[branches:]...)
	g.branches = g.branches[:branches]
	g.depth--
}

// run lets the threads run on that can.
func (g *grower) run(before []*thread.Runner) {
	g.waited, g.dead, g.firm = false, false, len(g.decided)
	for t, r := range before {
		if !g.ready(t, r) {
			continue
		}
		next := g.ahead(t, r)
		g.runners[t] = next
		switch next.Status() {
		case thread.Dead:
			g.dead = true
			return
		case thread.Broken:
			g.fail(next.Err())
			return
		case thread.Waits:
			g.waited = true
			g.away = g.away || !g.justDecided(t, next.Path().Wait)
		}
	}
	if g.waited && !g.settling {
		g.notice(before)
		return
	}
	if g.settling && !g.waited && !slices.ContainsFunc(g.runners, forks) {
		return
	}
	if g.settling && g.waited { // if not, one that forks is to wait
		g.settling = false
		defer func() { g.settling = true }()
	}
	if !g.settling {
		defer g.undecide(g.firm)
		g.follow()
	}
	if t := slices.IndexFunc(g.runners, forks); t >= 0 {
		g.fork(t, before)
	} else {
		g.decide(before)
	}
}

func forks(r *thread.Runner) bool { return r.Status() == thread.Forks }

// justDecided reports whether the last decision is on one of these reads.
func (g *grower) justDecided(t int, reads []int) bool {
	if len(g.decided) == 0 {
		return false
	}
	r := g.decided[len(g.decided)-1].read
	return r.thread == t && slices.Contains(reads, r.event)
}

// reserve makes room for what the reads of a thread read from.
func (g *grower) reserve(t int, r *thread.Runner) {
	n := len(r.Path().Events)
	if r.Status() == thread.Tries {
		for _, way := range r.Ways() {
			n = max(n, len(way.Path().Events))
		}
	}
	for len(g.rf[t]) < n {
		g.rf[t] = append(g.rf[t], undecided)
	}
}

// ready reports whether thread t can go on.
func (g *grower) ready(t int, r *thread.Runner) bool {
	switch r.Status() {
	case thread.Running:
		return true
	case thread.Needs:
		_, known := g.value[t](r.Need())
		return known
	}
	return false
}

// fork sends thread t both ways, one after the other.
func (g *grower) fork(t int, before []*thread.Runner) {
	g.notice(before) // what a way starts from is behind this
	r, waited := g.runners[t], false
	for _, jump := range [2]bool{false, true} {
		way := g.branch(r)
		way.Take(jump)
		g.runners[t] = way
		g.advance()
		g.died(g.dead)
		waited = waited || g.waited
	}
	g.runners[t] = r
	g.waited = waited
}

// decide takes the next decision. The threads have come here from where they were
// before.
func (g *grower) decide(before []*thread.Runner) {
	ends := !slices.ContainsFunc(g.runners, func(r *thread.Runner) bool { return needs(r) || r.Status() == thread.CutOff })
	c, ok := g.judged(ends)
	g.clash()
	if ok || (g.asked || g.tells(before)) && g.wasAllowed(before) {
		g.notice(before)
		g.passed = true
	}
	if !ok {
		return
	}
	switch {
	case g.hangsInVain():
		g.died(true)
	case slices.ContainsFunc(g.runners, func(r *thread.Runner) bool { return r.Status() == thread.CutOff }):
		g.stats.add(Stats{BoundHit: true, Cut: g.cut()})
		g.died(true)
	case c.writes != nil:
		g.tryAll(c)
	case ends:
		g.leaf()
	case g.inVain():
	default:
		g.stuck()
	}
}

// judged finds out whether things are allowed as they are, and picks the next read to
// decide, if there is one.
func (g *grower) judged(ends bool) (c choice, ok bool) {
	switch {
	case !g.together():
		return choice{}, false
	case ends:
		return choice{}, g.judgeEnd()
	case !g.judge():
		return choice{}, false
	}
	return g.choose(), true
}
