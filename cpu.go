package crosscall

import (
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"crosscall/internal/atomics"
	"crosscall/internal/callqueue"
	"crosscall/internal/cpurelax"
	"crosscall/internal/doorbell"
	"crosscall/internal/topology"
)

// CPU is the argument of a function that runs on a CPU: the CPU's identity, and
// the means to call others. It is valid in that function and on its goroutine
// only. It must not be kept or passed to another goroutine.
type CPU struct {
	// Fields that callers and targets read. They are not written once the CPU
	// runs, because both sides of every call read bell.
	calls
	id    int
	node  int
	pinTo int
	in    *callqueue.Inbox[*CPU]
	bell  *doorbell.Bell
	guest *doorbell.Bell // of the external caller that has the mailbox
	ready chan error
	_     [64]byte

	// Fields that only the executor uses.
	haltpoll
	stopwatch
	reacts    bool // there are watches or timers
	reactor   reactor
	called    atomics.Counter // calls by mailbox
	thens     thens
	behind    background
	asks      uint32    // by NeedPreempt
	askedAt   time.Time // the clock, as NeedPreempt has last read it
	share     allBut
	stopping  bool      // runs Stop's function: all other CPUs are held
	woke      bool      // it has woken goroutines since it rested: they need its P
	yielded   time.Time // when it last yielded its P
	idlePolls uint64    // calls of Poll by the idle function
	idling    bool      // runs the idle function, not a request
	controls  bool      // has the System's control lock
	_         [64]byte

	ctl   atomic.Uint32 // grows when idle, leave or quit change
	idle  atomic.Pointer[idler]
	leave atomic.Pointer[callqueue.CSD] // completed when nothing is left to run
	quit  atomic.Bool

	colocated      atomic.Bool   // a caller waits on this CPU: do not spin
	colocatedWaits atomic.Uint32 // waits of callers on this CPU

	label  label
	tid    atomic.Int64
	pinned atomic.Bool
	moved  atomic.Pointer[AffinityChange] // to be reported by the monitor
	rung   atomic.Uint64
	panics atomic.Uint64
	stalls atomic.Uint64

	tally tally
}

type idler struct {
	fn    func(*CPU) bool
	again bool
	run   func(*CPU)
}

func newIdler(fn func(*CPU) bool) *idler {
	if fn == nil {
		return nil
	}
	i := &idler{fn: fn}
	i.run = i.once
	return i
}

func (i *idler) once(c *CPU) { i.again = i.fn(c) }

func newCPU(s *System, cpu, nth int) *CPU {
	c := &CPU{
		id:    cpu,
		pinTo: cpu,
		node:  s.topo.Node(cpu),
		bell:  doorbell.New(),
		guest: doorbell.New(),
		ready: make(chan error, 1),
		label: newLabel(s.number, cpu),
	}
	if s.opts.Virtual {
		usable := slices.Collect(s.topo.Usable.All())
		c.pinTo = usable[nth%len(usable)]
		c.node = s.topo.Node(c.pinTo)
	}
	return c
}

// ID is the number of this CPU.
func (c *CPU) ID() int { return c.id }

// Node is the NUMA node of this CPU.
func (c *CPU) Node() int { return c.node }

// System is the System that this CPU belongs to.
func (c *CPU) System() *System { return c.sys }

// Online reports whether this CPU takes calls. False: it goes offline as soon as
// it has run what it has accepted.
func (c *CPU) Online() bool { return c.sys.queue.Online(c.id) }

// Poll serves the calls and posts that wait for this CPU and returns the number
// of functions run. A function that computes for long calls it so that others
// need not wait. Posts are run in batches, so one that has just arrived may be
// left for one of the next two dozen Polls. In the function of a Stop it does
// nothing.
func (c *CPU) Poll() int {
	if c.stopping {
		return 0
	}
	if !c.idling || c.in.Nested() {
		return c.in.Poll()
	}
	outer, _ := c.in.BeginQuiet()
	defer c.in.EndQuiet(outer)
	n := c.in.Poll()
	if c.reacts {
		n += c.turnFromIdle(n)
	}
	c.yieldFromIdle()
	if c.behind.waits() && (c.behind.due(c) || n == 0 && !c.in.Pending()) {
		c.mark = time.Now() // the idle function's time does not count for the next function
		c.runBackground()
		n++
	}
	return n
}

// HoldingNothing runs f and declares that the calling function holds nothing
// that a Fence protects until f returns. A Fence may pass while f waits, and f
// may call Fence itself, if the same is declared for the functions in whose
// waits the calling one was served. f may call other CPUs and wait for them.
func (c *CPU) HoldingNothing(f func()) {
	outer, _ := c.in.BeginQuiet()
	defer c.in.EndQuiet(outer)
	f()
}

// ring wakes the CPU for a request.
func (c *CPU) ring() {
	if c.bell.Ring() {
		c.rung.Add(1)
	}
}

// kick makes the executor read its control fields.
func (c *CPU) kick() {
	c.ctl.Add(1)
	c.bell.Ring()
}

// main is the executor.
func (c *CPU) main() {
	lockThread() // never unlocked: the thread ends with the goroutine
	executors.Set(c)
	c.label.set()
	c.start()
	c.mark = time.Now()
	defer c.gone()
	for {
		// ctl is read before quit and idle, which it announces: a kick between
		// the read of these and the sleep must end the sleep.
		ctl := c.ctl.Load()
		if c.quit.Load() {
			return
		}
		if c.reacts && c.reactor.due(c.mark) {
			c.turn()
		}
		if c.behind.waits() && c.behind.due(c) {
			c.runBackground()
		}
		if n := c.in.Poll(); n > 0 {
			c.ran(n)
			continue
		}
		if c.behind.waits() && !c.in.Pending() {
			c.runBackground()
			continue
		}
		if i := c.idle.Load(); i != nil && c.Online() && c.runIdle(i) {
			c.yield(c.mark)
			continue
		}
		c.rest(ctl)
	}
}

// gone ends the executor, or starts it anew if a function has ended its
// goroutine by runtime.Goexit: the CPU must go on.
func (c *CPU) gone() {
	c.keepThread()
	runtime.LockOSThread() // otherwise a pinned thread would remain
	executors.Clear()      // before the goroutine ends: a later one may get its identity
	if c.quit.Load() {
		c.closeReactor()
		c.sys.exits.Done()
		return
	}
	c.in.Reset()
	c.src.Leave()
	c.idling, c.stopping = false, false
	go c.main()
}

// runIdle runs the idle function once; false: the CPU may sleep.
func (c *CPU) runIdle(i *idler) bool {
	i.again = false
	c.idling = true
	err := c.in.Guard(i.run)
	c.idling = false
	c.mark = time.Now() // its time does not count for the next function
	if p, ok := err.(*PanicError); ok {
		c.idle.CompareAndSwap(i, nil)
		c.sys.opts.OnPanic(p)
	}
	return i.again
}

// rest waits for something to do, or for a change of ctl. It spins for as long
// as has recently paid off, and then sleeps.
func (c *CPU) rest(ctl uint32) {
	c.hook()
	if c.reacts && c.reactor.busy() && c.leave.Load() == nil {
		return
	}
	if c.woke {
		c.woke = false
		c.colocated.Store(false)
	} else if c.colocated.Load() {
		if c.alternateWithCaller() {
			return
		}
	} else if c.leave.Load() == nil && c.spin(ctl) { // a CPU going offline does not spin for work
		return
	}
	c.label.set()
	c.keepThread()
	leave := c.leave.Load() // read before the inbox: it is set when no more requests can arrive
	c.arm()
	if c.in.Pending() || c.behind.waits() || c.ctl.Load() != ctl {
		c.bell.Disarm()
		return
	}
	if leave != nil && c.thens.underWay == 0 && c.leave.CompareAndSwap(leave, nil) {
		c.bell.Disarm()
		leave.Put(nil)
		return
	}
	c.slept()
}

// alternateWithCaller rests on a CPU that a caller shares. The caller runs while the
// executor yields; all that the caller has sent when it yields, or when its time
// slice ends, is served together. False: the caller has gone.
func (c *CPU) alternateWithCaller() bool {
	for range turns {
		topology.Yield()
		c.mark = time.Now() // nor does the caller's time count
		if n := c.in.Poll(); n > 0 {
			c.ran(n)
			return true
		}
	}
	c.colocated.Store(false)
	return false
}

const turns = 8

// spin looks for something to run, and stops when ctl changes. False: it was in
// vain.
func (c *CPU) spin(ctl uint32) bool {
	for range c.burst() {
		if n := c.in.Poll(); n > 0 {
			c.ran(n)
			return true
		}
		cpurelax.Relax()
	}
	if !c.spinWindow(ctl) {
		return false
	}
	if n := c.in.Poll(); n > 0 {
		c.ran(n)
	}
	return true
}

// spinWindow is the part of spin that holds a slot of System.spinner. It runs no
// function itself, so that the slot is released before a function runs, which may take
// long.
func (c *CPU) spinWindow(ctl uint32) (found bool) {
	window := c.window()
	if window <= 0 || !c.sys.spinner.enter() {
		return false
	}
	defer c.sys.spinner.leave()
	start := time.Now()
	for now := start; now.Sub(start) < window; now = time.Now() {
		c.mark = now
		if c.reacts && c.reactor.ready(now) {
			return true
		}
		for range 16 {
			if c.in.Ready() {
				return true
			}
			cpurelax.Relax()
		}
		if c.ctl.Load() != ctl || c.behind.waits() {
			return true
		}
	}
	return false
}

func (c *CPU) slept() {
	start := time.Now()
	c.tally.asleep.Store(true)
	c.sleep()
	c.tally.asleep.Swap(false) // a swap: see System.awake
	c.mark = time.Now()
	c.learn(c.mark.Sub(start))
}
