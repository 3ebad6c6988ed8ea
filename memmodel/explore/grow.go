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
//   - it is postponed: it reads from none of these, but from one to come.
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
	depth    int
	doomed   []bool // by thread: it is to wait forever
	settling bool   // nothing else can happen: who waits does so forever
	waited   bool   // the decision just tried makes a thread wait
}

// ref names an event by its thread and its place there; an initial write, by
// its cell.
type ref struct{ thread, event int }

var undecided = ref{thread: -2}

type decision struct{ write, read ref }

// postponed says that read reads from no write that was there when the threads
// had performed so many events, unless it waits: at one of those its thread may
// wait forever.
type postponed struct {
	read   ref
	events []int
	waits  bool
}

// growDepth is how many decisions are taken before a gate.
const growDepth = 7

func (s *search) grow() {
	s.st.reset(s.prog)
	s.st.rel.Finals = s.cfg.Finals
	s.x.s = s
	s.paths = resize(s.paths, len(s.flows))
	g := &grower{search: s, rf: make([][]ref, len(s.flows)), doomed: make([]bool, len(s.flows))}
	g.growing = s.machine
	if !s.cfg.IgnoreChecks {
		if m, exact := rel.NewGrowing(s.compiled, s.coherent); !exact {
			g.growing = m
		}
	}
	for t, f := range s.flows {
		g.runners = append(g.runners, program.NewRunner(f, t, s.bound))
		g.value = append(g.value, func(e int) (int64, bool) { return g.read(ref{t, e}) })
	}
	if s.shared {
		s.mine = s.next.Add(1) - 1
	}
	g.advance()
}

// read is the value of a read, if it is known.
func (g *grower) read(r ref) (int64, bool) {
	if r.event >= len(g.rf[r.thread]) || g.rf[r.thread][r.event] == undecided {
		return 0, false
	}
	w := g.rf[r.thread][r.event]
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
	g.waited = false
	for t, r := range before {
		if !g.ready(t, r) {
			continue
		}
		next := r.Clone()
		next.Run(g.value[t])
		for len(g.rf[t]) < len(next.Path().Events) {
			g.rf[t] = append(g.rf[t], undecided)
		}
		g.runners[t] = next
		switch next.Status() {
		case program.Dead:
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
	g.fork()
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
func (g *grower) fork() {
	for t, r := range g.runners {
		if r.Status() != program.Forks {
			continue
		}
		for _, jump := range [2]bool{false, true} {
			way := r.Clone()
			way.Take(jump)
			g.runners[t] = way
			g.advance()
		}
		g.runners[t] = r
		g.waited = false
		return
	}
	g.decide()
}

// decide takes the next decision.
func (g *grower) decide() {
	if !g.consistent(g.growing, true) {
		return
	}
	if slices.ContainsFunc(g.runners, func(r *program.Runner) bool { return r.Status() == program.CutOff }) {
		g.stats.BoundHit = true
		return
	}
	c, ok := g.choose()
	switch {
	case ok:
		g.tryAll(c)
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
	return slices.IndexFunc(g.runners, func(r *program.Runner) bool { return r.Status() == program.Needs })
}

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
		if r.Status() != program.Needs || g.doomed[t] {
			continue
		}
		root, ok := g.root(ref{t, r.Need()})
		if !ok {
			continue
		}
		c := choice{read: root, writes: g.sources(root, g.last(root).events)}
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

// root is the read to be decided for read r to have a value: r itself, or one
// that a value is computed from which r sees. There is none where values go
// round in a circle.
func (g *grower) root(r ref) (ref, bool) {
	for range 1000 {
		w := g.rf[r.thread][r.event]
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
func (g *grower) event(r ref) *graph.Event { return &g.runners[r.thread].Path().Events[r.event] }

// last is how r was postponed last; without events, if it was not.
func (g *grower) last(r ref) postponed {
	for i := len(g.later) - 1; i >= 0; i-- {
		if g.later[i].read == r {
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
		case program.Needs, program.Forks:
			if (t != r.thread || !g.coherent) && !g.doomed[t] && runner.MayWrite(cell) {
				return true
			}
		}
	}
	return false
}

// tryAll explores what each way to decide c leaves.
func (g *grower) tryAll(c choice) {
	p := postponed{read: c.read, waits: g.last(c.read).waits || g.event(c.read).Kind == graph.LockRead}
	for _, w := range c.writes {
		g.try(w, c.read)
		p.waits = p.waits || g.waited
		if g.over.Load() {
			return
		}
	}
	g.waited = false
	if !c.more && !p.waits {
		return
	}
	for _, r := range g.runners {
		p.events = append(p.events, len(r.Path().Events))
	}
	g.later = append(g.later, p)
	g.advance()
	g.later = g.later[:len(g.later)-1]
	g.waited = false
}

func (g *grower) try(w, r ref) {
	g.stats.Tried++
	g.rf[r.thread][r.event] = w
	g.decided = append(g.decided, decision{w, r})
	reader := g.runners[r.thread]
	if m := g.misuse(w, r); m != nil {
		g.runners[r.thread] = reader.Clone()
		g.runners[r.thread].Stop(m)
	}
	g.advance()
	g.runners[r.thread] = reader
	g.decided = g.decided[:len(g.decided)-1]
	g.rf[r.thread][r.event] = undecided
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
	if lock := r.Clone(); lock.WaitForLock() {
		g.settleLock(t, lock)
		return
	}
	root, ok := g.root(ref{t, r.Need()})
	if !ok {
		return
	}
	for _, w := range g.sources(root, nil) {
		g.try(w, root)
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
		g.decided = append(g.decided, decision{w, read})
		g.depth++
		if g.depth != growDepth || g.pass() {
			g.decide()
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
	if g.growing != g.machine && !g.consistent(g.machine, false) {
		return
	}
	s := g.search
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
}

func countFunc(list []int, is func(int) bool) (n int) {
	for _, x := range list {
		if is(x) {
			n++
		}
	}
	return n
}
