package crosscall

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"crosscall/internal/topology"
)

// Stall reports a call that has taken longer than Options.StallAfter, as the
// kernel's csd lock debugging does.
type Stall struct {
	CPU     int           // that has not answered
	Caller  int           // the CPU that waits; -1: a goroutine, or nobody
	Waited  time.Duration // so far
	Func    string        // what the caller waits for; empty: nobody waits
	Running string        // what CPU runs; empty: nothing of its callers
	Stack   []byte        // of CPU's executor
	Depth   int           // requests that wait for CPU
}

func (s Stall) String() string {
	who := fmt.Sprintf("CPU %d waits", s.Caller)
	switch {
	case s.Func == "":
		who = "posts wait"
	case s.Caller < 0:
		who = "a goroutine waits"
	}
	running := s.Running
	if running == "" {
		running = "no function"
	}
	return fmt.Sprintf("crosscall: stall: %s for CPU %d for %v (%s); it runs %s, with %d more to run\n%s",
		who, s.CPU, s.Waited.Round(time.Millisecond), s.Func, running, s.Depth, s.Stack)
}

// monitor looks after a System once a second or so: at calls that take too long,
// and at the affinity of the executors' threads.
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

// watch is something that should not last.
type watch struct {
	since time.Time
	next  time.Duration // when to report it again
}

// due says whether to report now, and puts off the next report to twice as long.
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
				m.stalledWaits(now)
				m.stalledPosts(now, posts)
			}
		}
	}
}

// waiting notes a wait that has come to sleep.
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

// done forgets the wait. A report of it that is under way holds a copy.
func (w *longWait) done() {
	w.m.mu.Lock()
	delete(w.m.waits, w)
	w.m.mu.Unlock()
	longWaits.Put(w)
}

func (m *monitor) stalledWaits(now time.Time) {
	m.mu.Lock()
	var due []longWait
	for w := range m.waits {
		if w.due(now) {
			due = append(due, *w)
		}
	}
	m.mu.Unlock()
	if len(due) == 0 {
		return
	}
	stacks := allStacks()
	for _, w := range due {
		m.report(w, now, stacks)
	}
}

// report reports a wait for one CPU, or for those of many that run something.
func (m *monitor) report(w longWait, now time.Time, stacks []byte) {
	stall := Stall{Caller: w.caller, Waited: now.Sub(w.since), Func: funcName(w.fn)}
	if w.target != nil {
		m.emit(w.target, stall, stacks)
		return
	}
	for _, c := range m.sys.cpus {
		if c != nil && c.id != w.caller && runningIn(stackOf(stacks, c.goid.Load())) != "" {
			m.emit(c, stall, stacks)
		}
	}
}

func (m *monitor) emit(c *CPU, s Stall, stacks []byte) {
	c.stalls.Add(1)
	s.CPU, s.Depth = c.id, c.in.Depth()
	s.Stack = stackOf(stacks, c.goid.Load())
	s.Running = runningIn(s.Stack)
	m.sys.opts.OnStall(s)
}

// postWatch watches the posts to one CPU, which nobody waits for.
type postWatch struct {
	taken uint64
	watch
}

func (m *monitor) stalledPosts(now time.Time, posts []postWatch) {
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
			m.emit(c, Stall{Caller: -1, Waited: now.Sub(p.since)}, allStacks())
		}
	}
}

// affinity compares what the threads may run on with what they were pinned to.
func (m *monitor) affinity() {
	for _, c := range m.sys.cpus {
		if c == nil {
			continue
		}
		allowed, err := topology.PinnedTo(int(c.tid.Load()))
		if err != nil {
			continue // not Linux, or the thread is being replaced
		}
		pinned := allowed.Weight() == 1 && allowed.Test(c.pinTo)
		if was := c.pinned.Swap(pinned); was && !pinned {
			m.sys.opts.OnAffinity(AffinityChange{CPU: c.id, Allowed: allowed})
		}
	}
}

// allStacks is the stack of every goroutine.
func allStacks() []byte {
	for size := 1 << 16; ; size *= 2 {
		buf := make([]byte, size)
		if n := runtime.Stack(buf, true); n < size {
			return buf[:n]
		}
	}
}

// stackOf is the part of a dump that is one goroutine's.
func stackOf(stacks []byte, goid int64) []byte {
	head := []byte("goroutine " + strconv.FormatInt(goid, 10) + " ")
	for g := range bytes.SplitSeq(stacks, []byte("\n\n")) {
		if bytes.HasPrefix(g, head) {
			return g
		}
	}
	return nil
}

// runners are what calls the functions that were asked for.
var runners = [][]byte{
	[]byte("callqueue.(*Inbox[...]).invoke("),
	[]byte("callqueue.(*Lane[...]).runRing("),
	[]byte("crosscall.timed("),
	[]byte("crosscall.traceRegion.func1("),
	[]byte("crosscall.(*idler).once("),
	[]byte("crosscall.(*Watch).call("),
}

func isRunner(line []byte) bool {
	return slices.ContainsFunc(runners, func(r []byte) bool { return bytes.Contains(line, r) })
}

// runningIn finds, in an executor's stack, the function that its caller asked
// for: the innermost frame that one of runners has called.
func runningIn(stack []byte) string {
	var callee string
	for line := range bytes.SplitSeq(stack, []byte("\n")) {
		if len(line) == 0 || line[0] == '\t' || bytes.HasPrefix(line, []byte("goroutine ")) {
			continue
		}
		if isRunner(line) {
			return callee
		}
		callee = string(line)
		if i := bytes.LastIndexByte(line, '('); i > 0 {
			callee = callee[:i]
		}
	}
	return ""
}
