package callqueue

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// quietHost is a Host of CPUs that never sleep.
type quietHost struct{ t *testing.T }

func (quietHost) Ring(int)        {}
func (quietHost) Answer(int, int) {}
func (quietHost) Failed(_ int, reason any, _ bool) error {
	return fmt.Errorf("%v", reason)
}
func (h quietHost) Warn(cpu int, what string) { h.t.Errorf("CPU %d: %s", cpu, what) }

// limit ends the process with all stacks if the test hangs.
func limit(t *testing.T) {
	timer := time.AfterFunc(5*time.Minute, func() {
		debug.SetTraceback("all")
		panic(t.Name() + " hangs")
	})
	t.Cleanup(func() { timer.Stop() })
}

// peer is a CPU of the concurrent test: a goroutine that sends and serves. Its
// functions use seen without a lock, and the race detector checks that the queue
// orders them.
type peer struct {
	q    *Queue[*peer]
	id   int
	in   *Inbox[*peer]
	src  *Source[*peer]
	all  []*peer
	sent []int // by target
	seen []int // by source
	rand *rand.Rand
	ran  int
	left *atomic.Int64 // steps and functions of all parties that have not ended
	t    *testing.T
}

func (p *peer) poll() {
	if p.in.Poll() == 0 {
		runtime.Gosched()
	}
}

// message makes a function that knows its number among those of its sender to its
// target.
func (p *peer) message(dst int, nested bool) func(*peer) {
	p.sent[dst]++
	p.left.Add(1)
	n, from := p.sent[dst], p.id
	return func(at *peer) {
		defer at.left.Add(-1)
		if at.id != dst || at.seen[from]+1 != n {
			at.t.Errorf("CPU %d ran message %d of %d to %d, after %d", at.id, n, from, dst, at.seen[from])
		}
		at.seen[from] = n
		at.ran++
		if nested {
			at.step(false)
		}
	}
}

// step sends something, and waits for it or not.
func (p *peer) step(nested bool) {
	dst := (p.id + 1 + p.rand.IntN(len(p.all)-1)) % len(p.all)
	switch p.rand.IntN(4) {
	case 0:
		p.call(dst, nested)
	case 1:
		p.post(dst, p.message(dst, nested), nil)
	case 2:
		p.wait(func(csd *CSD) { p.post(dst, p.message(dst, nested), csd) })
	case 3:
		p.wait(p.share)
	}
}

func (p *peer) post(dst int, fn func(*peer), csd *CSD) {
	if p.src.TryPost(dst, fn, csd, false) != Posted {
		// A wait for room may serve, and a served function may post: its post
		// would go before this one, which has its number already. So this is no
		// such wait: the ring is large enough.
		p.t.Error("no room")
	}
}

func (p *peer) wait(send func(*CSD)) {
	csd := new(CSD)
	csd.Arm(1, nil)
	send(csd)
	for !csd.Done() {
		p.poll()
	}
}

func (p *peer) call(dst int, nested bool) {
	l := p.src.Lane(dst)
	if l == nil || !l.Done() || !l.Returned() {
		p.wait(func(csd *CSD) { p.post(dst, p.message(dst, nested), csd) })
		return
	}
	l.TryCall(p.message(dst, nested))
	for !l.Done() {
		p.poll()
	}
	_ = l.Finish()
}

// share sends to all others by the source's record, unless it is in flight for
// a function further down on this stack.
func (p *peer) share(csd *CSD) {
	var mask uint64
	number := make([]int, len(p.all))
	for i := range p.all {
		if i != p.id {
			mask |= 1 << i
			number[i] = p.sent[i] + 1
		}
	}
	from := p.id
	p.left.Add(int64(len(p.all) - 1))
	_, ok := p.src.TryShare(words{mask}, func(at *peer) {
		if at.seen[from]+1 != number[at.id] {
			at.t.Errorf("CPU %d ran shared message %d of %d, after %d", at.id, number[at.id], from, at.seen[from])
		}
		at.seen[from]++
		at.ran++
		at.left.Add(-1)
	}, csd)
	if !ok {
		p.left.Add(int64(1 - len(p.all)))
		csd.Unlock()
		return
	}
	for i := range p.all {
		if i != p.id {
			p.sent[i]++
		}
	}
}

func TestConcurrent(t *testing.T) {
	const steps = 2000
	for _, n := range []int{2, 4} {
		bothSingle(t, func(t *testing.T, cfg Config) {
			t.Run(fmt.Sprint(n, " CPUs"), func(t *testing.T) {
				limit(t)
				cfg.CPUs, cfg.Ring = upTo(n), 1<<14
				all := newParties(t, cfg)
				run(all, steps)
				for _, p := range all {
					p.check()
				}
			})
		})
	}
}

// check reports messages that did not arrive.
func (p *peer) check() {
	sent := 0
	for _, from := range p.all {
		sent += from.sent[p.id]
		if from.sent[p.id] != p.seen[from.id] {
			p.t.Errorf("CPU %d saw %d of %d messages of %d", p.id, p.seen[from.id], from.sent[p.id], from.id)
		}
	}
	if p.ran != sent || p.in.Pending() {
		p.t.Errorf("CPU %d ran %d of %d, pending %v", p.id, p.ran, sent, p.in.Pending())
	}
}

func newParties(t *testing.T, cfg Config) []*peer {
	n, left := len(cfg.CPUs), new(atomic.Int64)
	all := make([]*peer, n)
	for i := range all {
		all[i] = &peer{id: i, t: t, left: left, all: all, sent: make([]int, n), seen: make([]int, n), rand: rand.New(rand.NewPCG(1, uint64(i)))}
	}
	q := New(cfg, Host(quietHost{t}), func(cpu int) *peer { return all[cpu] })
	for i, p := range all {
		p.q, p.in, p.src = q, q.Inbox(i), q.Source(i)
	}
	return all
}

// run makes each peer take its steps, and serve until all functions that were
// sent have run.
func run(all []*peer, steps int) {
	var wg sync.WaitGroup
	for _, p := range all {
		p.left.Add(int64(steps))
	}
	for _, p := range all {
		wg.Go(func() {
			for range steps {
				p.step(true)
				p.left.Add(-1)
				p.poll()
			}
			p.serveAll()
		})
	}
	wg.Wait()
}

// serveAll serves until all parties have taken their steps, and all functions have run.
func (p *peer) serveAll() {
	for p.left.Load() > 0 {
		p.poll()
	}
}

// External callers' lane has many senders; each has its own order.
func TestConcurrentExternalLanes(t *testing.T) { testConcurrentExternal(t, Config{}) }
func TestConcurrentExternalSingleQueue(t *testing.T) {
	testConcurrentExternal(t, Config{SingleQueue: true})
}

func testConcurrentExternal(t *testing.T, cfg Config) {
	limit(t)
	senders, posts, cpus := 3, 1000, 2
	if testing.Short() {
		senders, posts, cpus = 2, 1, 1
	}
	cfg.CPUs, cfg.Ring = upTo(cpus), 16
	q := New(cfg, Host(quietHost{t}), func(cpu int) int { return cpu })
	seen := [2][]int{make([]int, senders), make([]int, senders)}
	var left atomic.Int32
	left.Store(int32(cpus * senders * posts))
	var wg sync.WaitGroup
	for s := range senders {
		wg.Go(func() {
			for i := range posts {
				for dst := range cpus {
					for q.External().TryPost(dst, func(cpu int) {
						if seen[cpu][s] != i {
							t.Errorf("CPU %d ran post %d of sender %d after %d", cpu, i, s, seen[cpu][s])
						}
						seen[cpu][s]++
						left.Add(-1)
					}, nil, false) != Posted {
						runtime.Gosched()
					}
				}
			}
		})
	}
	for cpu := range cpus {
		wg.Go(func() {
			for left.Load() > 0 {
				if q.Inbox(cpu).Poll() == 0 {
					runtime.Gosched()
				}
			}
		})
	}
	wg.Wait()
}
