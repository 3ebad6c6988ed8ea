package explore

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"crosscall/memmodel/internal/complete"
	"crosscall/memmodel/internal/execgraph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/rel"
	"crosscall/memmodel/internal/thread"
)

// task is what the workers of one exploration share.
type task struct {
	ctx   context.Context
	prog  *ir.Program
	cfg   Config
	kit   *kit
	bound int
	over  atomic.Bool // whether to give up
	_     [64]byte    // over is read all the time, mu is written by all
	mu    sync.Mutex  // held to call each and to set err and panicked
	each  func(*Execution) error
	err   error
	steps atomic.Int64

	workers  sync.WaitGroup // goroutines beside the caller's
	panicked *Panic         // the first
}

// stop ends the exploration with err, unless it has ended. mu is held.
func (t *task) stop(err error) {
	if t.err == nil {
		t.err = err
	}
	t.over.Store(true)
}

// fail is stop for a caller that does not hold mu.
func (t *task) fail(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stop(err)
}

// ErrSteps is the error of an exploration that takes more than Config.Steps.
var ErrSteps = errors.New("too many steps")

// work counts a step, and ends the exploration if its context has ended or its steps are
// used up.
func (t *task) work() {
	if err := t.ctx.Err(); err != nil {
		t.fail(err)
	}
	if n := t.steps.Add(1); t.cfg.Steps > 0 && n > t.cfg.Steps {
		t.fail(ErrSteps)
	}
}

// A workspace is what it takes to explore: a State with a machine, and a Completer. Most
// programs are small, and making the memory for one takes longer than exploring it. So
// a workspace is used again.
type workspace struct {
	task     *task
	state    *execgraph.State
	machine  *rel.Machine // for complete executions
	complete *complete.Completer
	found    Execution
	stats    Stats
	looks    int // at whether to give up
}

func newWorkspace(m *rel.Machine, coherent, atomic bool) *workspace {
	w := &workspace{machine: m}
	w.state = &execgraph.State{Coherent: coherent, Atomic: atomic}
	w.machine.Value, w.machine.Stopped = w.state.ValueOf, w.stopped
	w.complete = &complete.Completer{State: w.state, Stopped: w.stopped}
	w.found.state = w.state
	return w
}

// begin prepares w for t.
func (w *workspace) begin(t *task) {
	w.task, w.looks = t, 0
	w.state.Reset(t.prog, t.cfg.Finals)
	w.state.Machine = w.machine
	c := w.complete
	c.Filter, c.Goal, c.Unchecked = t.cfg.Filter, t.cfg.Goal, t.cfg.IgnoreChecks
	c.NewMachine = func() *rel.Machine { return t.kit.machine(t.cfg) }
	c.Enter, c.Found, c.Among = nil, w.report, nil
}

// collect takes what w has found out from it.
func (w *workspace) collect() Stats {
	stats := w.stats
	stats.Tried += w.complete.Tried
	w.stats, w.complete.Tried = Stats{}, 0
	return stats
}

// stopped reports whether to give up, and looks at the context now and then.
func (w *workspace) stopped() bool {
	if w.looks++; w.looks&255 == 0 {
		yield()
		w.task.work()
	}
	return w.task.over.Load()
}

// report passes on a complete execution.
func (w *workspace) report() {
	t := w.task
	for _, p := range w.state.Paths {
		if p.Fault != nil && !t.prog.Waits {
			t.fail(p.Fault)
			return
		}
	}
	if !w.complete.Wanted() {
		return
	}
	w.found.flags = w.state.Machine.Flags() // here, where others need not wait for it
	w.deliver(t.each, 1)
}

// reportFlagged passes on a complete execution that counts for its flags alone.
func (w *workspace) reportFlagged() {
	if !w.complete.Wanted() {
		return
	}
	if w.found.flags = w.state.Machine.Flags(); len(w.found.flags) > 0 {
		w.deliver(w.task.cfg.Flagged, 0)
	}
}

// deliver calls to with an execution, which counts as so many.
func (w *workspace) deliver(to func(*Execution) error, count int64) {
	t := w.task
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over.Load() {
		return
	}
	w.stats.Executions += count
	if err := to(&w.found); err != nil {
		t.stop(err)
	}
}

// cut is where a thread was not followed any further, or nil.
func cut(paths []*thread.Path) (first *thread.Cut) {
	for _, p := range paths {
		first = first.First(p.Cut)
	}
	return first
}

// kit is a model ready for use, with workspaces that have been used.
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

// workspace returns one for t, which release takes back.
func (k *kit) workspace(t *task) *workspace {
	w := k.get(t.cfg)
	w.begin(t)
	return w
}

func (k *kit) get(c Config) *workspace {
	if c.IgnoreChecks {
		return newWorkspace(k.machine(c), c.Coherent, false)
	}
	if w, ok := k.pool.Get().(*workspace); ok {
		return w
	}
	return newWorkspace(k.machine(c), k.Native(), k.Native())
}

func (k *kit) machine(c Config) *rel.Machine {
	if c.IgnoreChecks {
		return rel.NewLoose(k.Compiled)
	}
	return rel.NewMachine(k.Compiled, k.Native())
}

// release takes w back, and returns what it has found out.
func (k *kit) release(w *workspace) Stats {
	stats := w.collect()
	t := w.task
	if err := w.machine.Err(); err != nil {
		t.fail(err)
		return stats
	}
	if t.cfg.IgnoreChecks {
		return stats
	}
	w.task, w.complete.NewMachine, w.complete.Enter, w.state.Tentative = nil, nil, nil, nil
	k.pool.Put(w)
	return stats
}
