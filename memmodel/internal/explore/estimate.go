package explore

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/rel"
	"crosscall/memmodel/internal/thread"
)

// An Estimate is of the number of executions that Run would find.
type Estimate struct {
	Executions float64 // the mean of the probes
	Error      float64 // its standard error
	Probes     int
	Reached    int  // probes that came to an execution
	BoundHit   bool // of loops, by some probe: what lies beyond it is not counted
}

// fewReached is how many probes have to reach an execution for an Estimate to be trusted.
const fewReached = 30

// Doubt says why e is not to be trusted, or is empty. An estimate whose probes differ as much as
// their mean has mostly missed the part where most executions are.
func (e Estimate) Doubt() string {
	switch {
	case e.BoundHit:
		return "loops go on beyond the bound"
	case e.Reached < fewReached:
		return "few probes reach an execution"
	case e.Error > e.Executions/4:
		return "the probes differ too much"
	}
	return ""
}

// mostProbes bounds the probes of an Estimate.
const mostProbes = 10000

// FindEstimate estimates how many executions Run finds, by probes for as long as given, or
// up to five times as long if few of them reach an execution.
//
// A probe goes one way where Run goes several, drawn at random, and weighs the executions that
// it comes to by the product of the numbers of ways.
//
// Claim: the mean of the weights is the number of executions (Knuth, "Estimating the efficiency
// of backtrack programs", 1975). Proof: an execution is at one place in the tree of decisions. A
// probe comes there with the probability that is the inverse of its weight. A read is
// postponed here wherever there may be more to read: in vain that adds no execution. Smallest
// tree: one execution to the left and two to the right, behind another decision. The probes
// weigh 2, 4 and 4, with probabilities of 1/2, 1/4 and 1/4.
func FindEstimate(ctx context.Context, p *ir.Program, m *rel.Plan, c Config, long time.Duration) (Estimate, error) {
	k, err := compile(m)
	if err != nil {
		return Estimate{}, err
	}
	bound := c.Bound
	if bound == 0 {
		bound = DefaultBoundOf(p)
	}
	c.Workers = 1
	t := &task{ctx: ctx, prog: p, cfg: c, bound: bound, kit: k}
	s := &sampler{rand: rand.New(rand.NewPCG(1, 2))}
	probe, end, err := newProbe(t, s)
	if err != nil {
		return Estimate{}, err
	}
	sum, squares := 0.0, 0.0
	for start := time.Now(); s.goesOn(time.Since(start), long) && t.err == nil; s.Probes++ {
		s.weight, s.found = 1, 0
		probe()
		sum, squares = sum+s.found, squares+s.found*s.found
		if s.found > 0 {
			s.Reached++
		}
	}
	s.BoundHit = end().BoundHit
	n := float64(s.Probes)
	s.Executions = sum / n
	s.Error = math.Sqrt(max(0, squares/n-s.Executions*s.Executions) / n)
	return s.Estimate, t.err
}

// A sampler draws the way of a probe.
type sampler struct {
	Estimate
	rand   *rand.Rand
	weight float64 // of what is found at this place
	found  float64
}

// goesOn reports whether to make another probe when so much time of what is given has passed.
// Where few have reached an execution it is given five times as much.
func (s *sampler) goesOn(passed, given time.Duration) bool {
	if s.Reached < fewReached {
		given *= 5
	}
	return s.Probes < mostProbes && (s.Probes == 0 || passed < given)
}

// among goes one of n ways, and has what is found there weigh n times as much.
func (s *sampler) among(n int, way func(i int)) {
	if n == 0 {
		return
	}
	weight := s.weight
	s.weight *= float64(n)
	way(s.rand.IntN(n))
	s.weight = weight
}

// drawWith is among with a share of its own for way number odd, where the others have 1.
func (s *sampler) drawWith(n, odd int, share float64, way func(i int)) {
	if odd >= n || share == 1 {
		s.among(n, way)
		return
	}
	weight := s.weight
	sum := float64(n-1) + share
	if x := s.rand.Float64() * sum; x < share {
		s.weight *= sum / share
		way(odd)
	} else {
		s.weight *= sum
		way(min(int(x-share), n-2))
	}
	s.weight = weight
}

// newProbe returns what makes a probe, and what ends them all.
func newProbe(t *task, s *sampler) (probe func(), end func() Stats, err error) {
	if t.prog.Waits || slices.ContainsFunc(t.prog.Threads, goesBack) {
		probe, end = newDynamicProbe(t, s)
		return probe, end, nil
	}
	choice, err := thread.UnfoldAll(t.prog, t.bound, t.ctx.Err)
	if err != nil {
		return nil, nil, err
	}
	x := &static{task: t, space: t.kit.workspace(t), paths: make([]*thread.Path, len(choice))}
	s.useFor(x.space, func() bool { return true })
	return func() { x.sample(s, choice) }, func() Stats { return t.kit.release(x.space) }, nil
}

// useFor has s note what w finds and is wanted.
func (s *sampler) useFor(w *workspace, wanted func() bool) {
	w.complete.Among = s.among
	w.complete.Found = func() {
		if w.complete.Wanted() && wanted() {
			s.found += s.weight
		}
	}
}

// sample draws a path through each thread.
func (x *static) sample(s *sampler, choice [][]*thread.Path) {
	t := slices.Index(x.paths, nil)
	if t < 0 {
		x.begin()
		return
	}
	s.among(len(choice[t]), func(i int) {
		x.paths[t] = choice[t][i]
		x.sample(s, choice)
		x.paths[t] = nil
	})
}

func newDynamicProbe(t *task, s *sampler) (probe func(), end func() Stats) {
	team := newTeam(t)
	team.livelock.Store(true) // none is looked for
	d := newDynamic(team)
	d.sampler, d.partial.keepsRounds = s, false
	s.useFor(d.space, d.partial.sym.isInOrder)
	d.th.start(team.flows, t.bound)
	return func() { d.advance(mode{}) }, d.end
}

// sampleRead goes one of the ways to decide c. A write at which a thread waits is no way.
func (d *dynamic) sampleRead(c choice) {
	r := &readDecision{choice: c, later: d.sched.postponedAt(c)}
	r.last = d.sched.mayBeAwaited(c)
	overtakes := d.partial.overtakes(c.read)
	d.frames.watch(c.read, overtakes, d.sched.mayPayAnyway(c, overtakes))
	defer d.frames.unwatch()
	var ways []ref
	for i, w := range c.writes {
		o := d.try(decision{w, c.read, overtakes}, mode{dry: true})
		r.note(i, o, &d.frames.list[len(d.frames.list)-1])
		if !o.blocks {
			ways = append(ways, w)
		}
	}
	n := len(ways)
	if c.more || len(r.later.fails) > 0 { // the last way is to postpone it
		n++
	}
	share := 1.0
	if len(ways) > 0 && d.st.Coherent && !overtakes && d.th.event(c.read).Kind == graph.Read && !d.th.isAtomic(c.read) {
		share = mostlyInVain
	}
	d.sampler.drawWith(n, len(ways), share, func(i int) {
		if i == len(ways) {
			d.postpone(r.later)
			return
		}
		d.try(decision{ways[i], c.read, overtakes}, mode{})
	})
}

// mostlyInVain is how much less often a read is postponed than it reads from one write, if
// nothing says that others come: mostly that is in vain.
const mostlyInVain = 0.1

// isAtomic reports whether r is of an atomic operation, of which another may take the place.
func (th *threads) isAtomic(r ref) bool {
	return th.isRMW(r) || slices.ContainsFunc(th.runners[r.thread].Path().RMW, func(x graph.Edge) bool { return x.From == r.event })
}
