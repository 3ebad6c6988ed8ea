//go:build gocheck

package main

import (
	"fmt"

	"crosscall/gocheck"
	"crosscall/gocheck/atomic"
	"crosscall/internal/callqueue"
)

// A world is a queue, its messages, and the CPUs at its ends. Each execution
// makes a new one.
type world struct {
	*gocheck.T
	q        *callqueue.Queue[*cpu]
	external *callqueue.Source[*cpu]
	cpus     []*cpu
	senders  []*sender
	nesting  int  // the limit; 0: none
	single   bool // one stream for all sources of a CPU
}

// A cpu is a CPU, and the argument of functions that run on it.
type cpu struct {
	id     int
	w      *world
	in     *callqueue.Inbox[*cpu]
	src    *callqueue.Source[*cpu]
	sender *sender                       // its sender, if functions send
	bell   atomic.Bool                   // armed: the CPU sleeps or is about to
	out    bool                          // it has been taken offline
	depth  int                           // functions that have begun and not ended
	log    []*message                    // in the order in which they began here
	rung   int                           // how many times the queue has rung it
	leave  atomic.Pointer[callqueue.CSD] // completed when nothing is left to run

	underWay int // calls of its functions whose answer is a completion
}

// newWorld makes n CPUs. None of them runs yet, and their lanes are made when they
// are first used.
func newWorld(t *gocheck.T, n int, cfg callqueue.Config) *world {
	w := &world{T: t, cpus: make([]*cpu, n), nesting: cfg.Nesting, single: cfg.SingleQueue}
	for i := range n {
		cfg.CPUs = append(cfg.CPUs, i)
		w.cpus[i] = &cpu{id: i, w: w}
	}
	if cfg.Ring == 0 {
		cfg.Ring = 4
	}
	w.q = callqueue.New(cfg, callqueue.Host(w), func(i int) *cpu { return w.cpus[i] })
	w.external = w.q.External()
	for _, c := range w.cpus {
		c.in, c.src = w.q.Inbox(c.id), w.q.Source(c.id)
		t.Name(&c.bell, fmt.Sprint("bell of CPU ", c.id))
	}
	t.Final(w.check)
	return w
}

// Ring implements callqueue.Host by the contract of internal/doorbell.
func (w *world) Ring(i int) {
	w.cpus[i].rung++
	w.ring(i)
}

func (w *world) ring(i int) {
	if bell := &w.cpus[i].bell; bell.Load() {
		bell.Store(false)
	}
}

// Answer implements callqueue.Host.
func (w *world) Answer(src, cpu int) {
	if src != callqueue.External {
		w.ring(src)
	}
}

// Failed implements callqueue.Host.
func (w *world) Failed(cpu int, reason any, _ bool) error {
	if err, ok := reason.(failure); ok {
		return err
	}
	if !gocheck.Unwinding() {
		w.Errorf("CPU %d: a function has failed: %v", cpu, reason)
	}
	return failure("")
}

// failure is the panic value of a function that has to panic.
type failure string

func (f failure) Error() string { return string(f) }

// Warn implements callqueue.Host.
func (w *world) Warn(cpu int, what string) { w.Errorf("CPU %d: %s", cpu, what) }

// poll is a CPU that never sleeps.
func (c *cpu) poll() {
	for {
		if c.in.Poll() == 0 {
			gocheck.Idle()
		}
	}
}

// sleep is a CPU that checks for requests only when its bell has been rung, and
// once more before it sleeps.
func (c *cpu) sleep() {
	for {
		for c.bell.Load() {
			gocheck.Idle()
		}
		for c.in.Poll() > 0 {
		}
		c.bell.Store(true)
		if c.in.Pending() {
			c.bell.Store(false)
		}
	}
}

// asleep starts CPUs that sleep.
func (w *world) asleep(cpus ...int) {
	for _, i := range cpus {
		w.cpus[i].bell.Store(true)
		w.Go(w.cpus[i].sleep)
	}
}

// awake starts CPUs that poll.
func (w *world) awake(cpus ...int) {
	for _, i := range cpus {
		w.Go(w.cpus[i].poll)
	}
}

// check is called at the end: no request is left, and none is missing.
func (w *world) check() {
	for _, c := range w.cpus {
		if c.in.Pending() || c.in.Depth() != 0 {
			w.Errorf("CPU %d is left with something to run", c.id)
		}
		for _, s := range w.senders {
			for _, m := range s.sent {
				m.ranOnce(c)
			}
		}
	}
}
