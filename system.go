package crosscall

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"crosscall/cpumask"
	"crosscall/internal/cacheline"
	"crosscall/internal/callqueue"
	"crosscall/internal/topology"
)

// System is a set of CPUs that can be called. Any goroutine may use its methods.
// A function that runs on a CPU may use them too, but its [CPU] is faster.
type System struct {
	calls

	number   uint64 // unique in the process
	opts     Options
	topo     *topology.Topology
	possible cpumask.Mask
	cpus     []*CPU // by CPU number; nil where there is none
	queue    *callqueue.Queue[*CPU]

	control chan struct{} // held by Stop, Offline, Online and Close
	fences  sync.RWMutex  // held by Fence; by Close when no more may begin
	closed  atomic.Bool
	leaving atomic.Pointer[leaving]
	grace   grace
	spinner spinner
	guests  atomic.Int32 // goroutines that wait for a CPU
	keeper  spinner      // of slots in short sleeps, see Options.KeepSlot
	monitor monitor
	exits   sync.WaitGroup
}

// Open starts an executor on each CPU of o.CPUs, pinned where the platform can.
// It fails if a CPU is not usable by this process.
func Open(o Options) (*System, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	topo, err := readTopology()
	if err != nil {
		return nil, fmt.Errorf("crosscall: %w", err)
	}
	o.setDefaults()
	if o.CPUs.Empty() {
		o.CPUs = topo.Usable
	}
	if missing := o.CPUs.AndNot(&topo.Affinity); !o.Virtual && !missing.Empty() {
		return nil, fmt.Errorf("crosscall: this process may not run on CPUs %v; it may on %v: choose among those, or set Options.Virtual", missing, topo.Affinity)
	}
	s := &System{number: systems.Add(1), opts: o, topo: topo, possible: o.CPUs, control: make(chan struct{}, 1)}
	s.start()
	if err := s.pinned(); err != nil {
		_ = s.Close()
		return nil, err
	}
	s.monitor.start(s)
	return s, nil
}

func (s *System) start() {
	cfg := callqueue.Config{
		SingleQueue: s.opts.One == SingleQueue,
		Ring:        ringSize(s.possible.Weight()),
		Nesting:     MaxNesting,
		Overtaking:  maxOvertaking,
	}
	for cpu := range s.possible.All() {
		cfg.CPUs = append(cfg.CPUs, cpu)
	}
	s.cpus = cacheline.Slice[*CPU](cfg.CPUs[len(cfg.CPUs)-1] + 1)
	for i, cpu := range cfg.CPUs {
		s.cpus[cpu] = newCPU(s, cpu, i)
	}
	s.queue = callqueue.New(cfg, (*host)(s), func(cpu int) *CPU { return s.cpus[cpu] })
	s.calls = calls{sys: s, src: s.queue.External()}
	s.spinner.init(s)
	s.keeper.never = s.opts.Virtual || s.opts.KeepSlot <= 0
	s.keeper.update()
	for _, cpu := range cfg.CPUs {
		c := s.cpus[cpu]
		c.calls = calls{sys: s, src: s.queue.Source(cpu), cpu: c}
		c.in = s.queue.Inbox(cpu)
		s.exits.Add(1)
		go c.main()
	}
}

// MaxNesting bounds the functions on a CPU's stack. While a function waits, its
// CPU serves others, which may wait in turn. With MaxNesting functions on the
// stack, a CPU serves only calls that some CPU waits for, and earlier requests of
// the same caller.
const MaxNesting = 16

// maxOvertaking is how many functions a CPU runs during one wait of the
// outermost function before it serves as at MaxNesting. So endless posts do not
// keep that function from ending.
const maxOvertaking = 256

// ringSize keeps the rings of all pairs of n CPUs within some tens of MB.
func ringSize(n int) int {
	switch {
	case n <= 32:
		return 256
	case n <= 128:
		return 64
	default:
		return 16
	}
}

// pinned waits until every executor has tried to pin its thread.
func (s *System) pinned() error {
	var first error
	for _, c := range s.cpus {
		if c == nil {
			continue
		}
		if err := <-c.ready; err != nil && first == nil {
			first = fmt.Errorf("crosscall: pin the executor of CPU %d: %w", c.id, err)
		}
	}
	return first
}

// Close takes all CPUs offline and ends the executors. All accepted functions
// have run when it returns. It waits for functions that run; called by such a
// function, it returns ErrDeadlock. Later calls return ErrClosed.
func (s *System) Close() error { return s.CloseContext(context.Background()) }

// CloseContext is Close, but gives up if ctx ends before all accepted functions
// have run. It then returns ctx's error, and the System stays open. Meanwhile
// calls by functions return ErrClosed. Those by other goroutines wait for the
// outcome if ctx can end, and return ErrClosed otherwise.
//
// A goroutine that a function waits for must not use Close: each would wait for
// the other.
func (s *System) CloseContext(ctx context.Context) error {
	k := s.caller()
	if k.cpu != nil {
		return ErrDeadlock
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case s.control <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.control }()
	if s.closed.Load() {
		return nil
	}
	if ctx.Done() == nil { // nothing can cancel it
		s.closed.Store(true)
	}
	online := s.OnlineMask()
	err := k.drain(ctx, &online, true)
	if !s.closed.Load() {
		return err
	}
	s.end()
	return err
}

// end ends the executors, which have no functions left to run.
func (s *System) end() {
	s.fences.Lock()
	defer s.fences.Unlock()
	for _, c := range s.cpus {
		if c != nil {
			c.quit.Store(true)
			c.kick()
		}
	}
	s.exits.Wait()
	s.monitor.stop()
}

// PossibleMask returns the CPUs that have an executor.
func (s *System) PossibleMask() cpumask.Mask { return s.possible }

// OnlineMask returns the CPUs that take calls.
func (s *System) OnlineMask() cpumask.Mask {
	var m cpumask.Mask
	for cpu := range s.possible.All() {
		if s.queue.Online(cpu) {
			m.Set(cpu)
		}
	}
	return m
}

// SetIdle sets the function that the CPUs of mask run when they have no requests,
// so that a thread-per-core program can run its own loop on the executors. After
// fn returns true it is called again as soon as there are no requests. After it
// returns false the CPU may sleep until the next call to it (Post a function to
// wake it). fn may also not return: it must then call [CPU.Poll] often, and
// return when [CPU.Online] is false. For Fence, a Poll in fn is a point where the
// CPU holds nothing. If fn panics, it is removed and the panic goes to OnPanic. A
// nil fn removes the function.
func (s *System) SetIdle(mask *cpumask.Mask, fn func(*CPU) bool) error {
	s.mustOpen()
	mustMask(mask)
	snapshot := mask.Snapshot()
	if !snapshot.Subset(&s.possible) {
		return fmt.Errorf("%w: CPUs %v", ErrOffline, snapshot.AndNot(&s.possible))
	}
	for cpu := range snapshot.All() {
		c := s.cpus[cpu]
		c.idle.Store(newIdler(fn))
		c.kick()
	}
	return nil
}
