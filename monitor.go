package crosscall

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// Stall reports a call that has taken longer than Options.StallAfter, as the
// kernel's csd lock debugging does.
type Stall struct {
	CPU     int           // the CPU that has not answered
	Caller  int           // the CPU that waits; -1: a goroutine, or no caller
	Waited  time.Duration // so far
	Func    string        // the function that the caller waits for; empty: no caller waits
	Running string        // the function that CPU runs; empty: none of its callers', or Stack is nil

	// Stack of CPU's executor: functions and places, the innermost first, without
	// arguments. Nil: it was not found. An executor is known by a profiler label
	// (runtime/pprof), and the functions of two CPUs or more have replaced it.
	Stack []byte

	Depth int // requests that wait for CPU
}

func (s Stall) String() string {
	who := fmt.Sprintf("CPU %d waits", s.Caller)
	switch {
	case s.Func == "":
		who = "posts wait"
	case s.Caller < 0:
		who = "a goroutine waits"
	}
	running, stack := s.Running, string(s.Stack)
	switch {
	case s.Stack == nil:
		running, stack = "an unknown function", "its stack was not found: functions have replaced the profiler labels of executors\n"
	case running == "":
		running = "no function"
	}
	return fmt.Sprintf("crosscall: stall: %s for CPU %d for %v (%s); it runs %s, with %d more to run\n%s",
		who, s.CPU, s.Waited.Round(time.Millisecond), s.Func, running, s.Depth, stack)
}

// monitor checks a System about once a second: for calls that take too long, and
// for the affinity of the executors' threads.
type monitor struct {
	sys  *System
	quit chan struct{}
	done chan struct{}

	mu    sync.Mutex
	waits map[*longWait]struct{}
}

// longWait is a call whose caller has given up spinning.
type longWait struct {
	m      *monitor
	caller int
	target *CPU // nil: many
	fn     func(*CPU)
	watch
}

// watch is a wait that should not last.
type watch struct {
	since time.Time
	next  time.Duration // when to report it again
}

// due reports whether to report now, and doubles the time to the next report.
func (w *watch) due(now time.Time) bool {
	if now.Sub(w.since) < w.next {
		return false
	}
	w.next = 2 * now.Sub(w.since)
	return true
}

const monitorPeriod = time.Second

func (m *monitor) start(s *System) {
	m.sys = s
	m.quit, m.done = make(chan struct{}), make(chan struct{})
	m.waits = make(map[*longWait]struct{})
	go m.run()
}

func (m *monitor) stop() {
	if m.sys == nil {
		return // Open has failed
	}
	close(m.quit)
	<-m.done
}

func (m *monitor) run() {
	defer close(m.done)
	after := m.sys.opts.StallAfter
	period := monitorPeriod
	if after > 0 {
		period = min(period, max(after/4, time.Millisecond))
	}
	posts := make([]postWatch, len(m.sys.cpus))
	tick := time.NewTicker(period)
	defer tick.Stop()
	for {
		select {
		case <-m.quit:
			return
		case now := <-tick.C:
			m.sys.spinner.update()
			m.sys.keeper.update()
			m.affinity()
			if after > 0 {
				m.report(now, append(m.stalledWaits(now), m.stalledPosts(now, posts)...))
			}
		}
	}
}

// waiting notes a wait that begins to sleep.
func (m *monitor) waiting(caller int, target *CPU, fn func(*CPU)) *longWait {
	w := longWaits.Get().(*longWait)
	*w = longWait{m: m, caller: caller, target: target, fn: fn, watch: watch{since: time.Now()}}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.sys != nil {
		w.next = m.sys.opts.StallAfter
		m.waits[w] = struct{}{}
	}
	return w
}

var longWaits = sync.Pool{New: func() any { return new(longWait) }}

// done removes the wait. A report of it that is under way has a copy.
func (w *longWait) done() {
	w.m.mu.Lock()
	delete(w.m.waits, w)
	w.m.mu.Unlock()
	longWaits.Put(w)
}

func (m *monitor) stalledWaits(now time.Time) (due []longWait) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for w := range m.waits {
		if w.due(now) {
			due = append(due, *w)
		}
	}
	return due
}

// report reports all stalls that are due, with one dump of the stacks.
func (m *monitor) report(now time.Time, due []longWait) {
	if len(due) == 0 {
		return
	}
	stacks := m.sys.executorStacks()
	for _, w := range due {
		m.reportWait(w, now, stacks)
	}
}

// reportWait reports a wait for one CPU, or for those of many that run something.
func (m *monitor) reportWait(w longWait, now time.Time, stacks map[string][]byte) {
	stall := Stall{Caller: w.caller, Waited: now.Sub(w.since), Func: funcName(w.fn)}
	if w.target != nil {
		m.emit(w.target, stall, stacks)
		return
	}
	for _, c := range m.sys.cpus {
		if c == nil || c.id == w.caller {
			continue
		}
		stack := stacks[c.label.value]
		if runningIn(stack) != "" || stack == nil && c.in.Depth() > 0 {
			m.emit(c, stall, stacks)
		}
	}
}

func (m *monitor) emit(c *CPU, s Stall, stacks map[string][]byte) {
	c.stalls.Add(1)
	s.CPU, s.Depth = c.id, c.in.Depth()
	s.Stack = slices.Clone(stacks[c.label.value])
	s.Running = runningIn(s.Stack)
	m.sys.opts.OnStall(s)
}

// postWatch watches the posts to one CPU, for which no caller waits.
type postWatch struct {
	taken uint64
	watch
}

func (m *monitor) stalledPosts(now time.Time, posts []postWatch) (due []longWait) {
	for i, c := range m.sys.cpus {
		if c == nil {
			continue
		}
		p := &posts[i]
		waiting, taken := c.in.Posts()
		if waiting == 0 || taken != p.taken || p.since.IsZero() {
			*p = postWatch{taken, watch{now, m.sys.opts.StallAfter}}
			continue
		}
		if p.due(now) {
			due = append(due, longWait{caller: -1, target: c, watch: p.watch})
		}
	}
	return due
}
