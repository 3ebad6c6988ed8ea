package explore

import (
	"context"
	"errors"
	"sync"

	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/rel"
	"crosscall/memmodel/internal/thread"
)

// ErrStop, returned by the function given to Run, ends the exploration. Run
// then returns it.
var ErrStop = errors.New("stopped by the caller")

// Config says what to explore. The zero value explores everything.
type Config struct {
	// Bound is how often a thread may jump backwards to the same instruction;
	// 0 is DefaultBound. Executions that go on beyond are not explored; where
	// values allow that there are such, Stats.BoundHit is set.
	Bound int
	// Filter drops the complete executions in which it is false; nil keeps all.
	Filter *ir.Prop
	// Goal restricts the exploration to executions in which it is true. It is
	// used to cut branches early. nil is no restriction.
	Goal *ir.Prop
	// Finals holds the cells whose last values matter to the caller. A model can
	// speak of the writes that make them (FW), and no result depends on it else.
	Finals []int
	// Workers is how many goroutines share the work; 0 is one. The function
	// given to Run is called by one at a time, in no particular order.
	Workers int
	// IgnoreChecks explores what the program could do if the model forbade
	// nothing, for showing what it forbids.
	IgnoreChecks bool
	// Coherent, with IgnoreChecks, leaves out what violates SC per location.
	Coherent bool
}

// DefaultBound is the bound on loops of litmus tests where a Config gives none:
// herd's.
const DefaultBound = 2

// DefaultBoundOf is the bound on loops of p where a Config gives none. In a
// program whose waiting is not repeated, loops that do go round walk lists and
// the like: they have to be let.
func DefaultBoundOf(p *ir.Program) int {
	if p.Waits {
		return 10
	}
	return DefaultBound
}

// Stats says how an exploration went.
type Stats struct {
	Executions int64 // complete, consistent, and let through by Filter
	Tried      int64 // decisions taken, to see how well branches are cut
	// BoundHit: a loop can want to go on beyond the bound, or an address can have
	// too many values to follow; what was found may not be all. Cut is the first
	// such place.
	BoundHit bool
	Cut      *thread.Cut
}

// Run explores p under m and calls each for every execution, until ctx is done
// or each returns an error, which Run returns.
//
// An execution that accesses something that is no variable ends the exploration
// with an error of type *ir.BadAddress. A thread that branches too often to
// be unfolded is one of type *thread.TooManyPaths.
//
// If it, or each, panics, in whichever goroutine, Run panics with a *Panic once all
// its goroutines have ended.
func Run(ctx context.Context, p *ir.Program, m *rel.Plan, c Config, each func(*Execution) error) (Stats, error) {
	return run(ctx, p, m, c, p.Waits, each)
}

// run is Run; grows says which of the two explorers to use.
func run(ctx context.Context, p *ir.Program, m *rel.Plan, c Config, grows bool, each func(*Execution) error) (Stats, error) {
	k, err := compile(m)
	if err != nil {
		return Stats{}, err
	}
	bound := c.Bound
	if bound == 0 {
		bound = DefaultBoundOf(p)
	}
	t := &task{ctx: ctx, prog: p, cfg: c, each: each, bound: bound, kit: k}
	if grows {
		t.weak = findWeakness(k.Compiled, p, c.IgnoreChecks)
		for i := range p.Threads {
			t.flows = append(t.flows, thread.NewFlow(p, i, true))
		}
		thread.LetHang(t.flows)
	} else if t.choice, err = thread.UnfoldAll(p, bound, ctx.Err); err != nil {
		return Stats{}, err
	}
	workers := max(1, c.Workers)
	if grows {
		t.idle = make(chan struct{}, workers)
		for range workers - 1 {
			t.idle <- struct{}{}
		}
		workers = 1 // others join where there is something to do
	}
	stats := make([]Stats, workers)
	for i := range workers - 1 {
		t.workers.Go(func() { t.guarded(func() { stats[i] = k.work(t, workers) }) })
	}
	t.guarded(func() { stats[workers-1] = k.work(t, workers) })
	t.workers.Wait()
	if t.panicked != nil {
		panic(t.panicked)
	}
	var total Stats
	for _, s := range stats {
		total.add(s)
	}
	return total, t.err
}

func (s *Stats) add(x Stats) {
	s.BoundHit, s.Cut = s.BoundHit || x.BoundHit, s.Cut.First(x.Cut)
	s.Executions += x.Executions
	s.Tried += x.Tried
}

func (k *kit) work(t *task, workers int) Stats {
	s := k.search(t)
	s.shared = workers > 1
	s.run()
	stats := s.stats
	k.put(s)
	return stats
}

// search returns a search for t, which put takes back.
func (k *kit) search(t *task) *search {
	s := k.get(t.cfg)
	s.task = t
	s.machine.Value = s.valueOf
	return s
}

// kit is a model ready for use, with searches that have been used: most
// programs are small, and making the space for one takes longer than exploring
// it.
type kit struct {
	*rel.Compiled
	pool sync.Pool
}

// kits has the kit of each plan that was ever run. They are never dropped: a
// process has as many as it has models.
var kits sync.Map // of *rel.Plan to *kit

func compile(m *rel.Plan) (*kit, error) {
	if k, ok := kits.Load(m); ok {
		return k.(*kit), nil
	}
	c, err := rel.Compile(m)
	if err != nil {
		return nil, err
	}
	k, _ := kits.LoadOrStore(m, &kit{Compiled: c})
	return k.(*kit), nil
}

func (k *kit) get(c Config) *search {
	if c.IgnoreChecks {
		return &search{machine: k.machine(c), coherent: c.Coherent}
	}
	if s, ok := k.pool.Get().(*search); ok {
		return s
	}
	return &search{machine: k.machine(c), coherent: k.Native(), atomic: k.Native()}
}

func (k *kit) machine(c Config) *rel.Machine {
	if c.IgnoreChecks {
		return rel.NewLoose(k.Compiled)
	}
	return rel.NewMachine(k.Compiled, k.Native())
}

func (k *kit) put(s *search) {
	if err := s.machine.Err(); err != nil {
		s.fail(err)
		return
	}
	if s.cfg.IgnoreChecks {
		return
	}
	s.task, s.paths = nil, nil
	s.stats, s.ordered, s.gate, s.bars = Stats{}, false, 0, nil
	k.pool.Put(s)
}
