package bench

import (
	"context"
	"sync/atomic"
	"time"

	"crosscall"
	"crosscall/internal/cpurelax"
)

// Two CPUs use one hot state, and half of the operations come from each. Either
// the state belongs to one CPU, which performs the operations of both, or both
// lock its mutex. Each operation has an argument and a result. The observation
// is nanoseconds per operation, from the first until all of both CPUs are done.

// batchSize is how many operations are sent to an owner at once.
const batchSize = 32

// A batch is the arguments of up to batchSize operations, and then their results.
type batch struct {
	ops [batchSize]uint64
	n   int
	_   [128]byte
}

// fill makes n arguments, from the first'th draw on.
func (b *batch) fill(draws *[hotDraws]uint16, first, n int) {
	b.n = n
	for i := range b.ops[:n] {
		b.ops[i] = uint64(draws[(first+i)%hotDraws])
	}
}

// sum uses the results. It is 0 for a batch that has not been filled.
func (b *batch) sum() (sum uint64) {
	for _, result := range b.ops[:b.n] {
		sum += result
	}
	return sum
}

// A performer performs batches of operations.
type performer interface {
	// next returns a batch to fill, which has the results of its last use.
	next() *batch
	// perform starts the operations of b, the last batch that next has returned.
	// They are done at the latest when next returns b again.
	perform(b *batch) error
	// batches is the number of batches that next returns in turn.
	batches() int
}

// generate performs n operations of one side and returns the sum of their
// results.
func generate(side, n int, p performer) (sum uint64, err error) {
	draws := &zipfDraws()[side]
	for done := 0; done < n; done += batchSize {
		b := p.next()
		sum += b.sum()
		b.fill(draws, done, min(batchSize, n-done))
		if err := p.perform(b); err != nil {
			return sum, err
		}
	}
	for range p.batches() {
		b := p.next()
		sum += b.sum()
		b.n = 0
	}
	return sum, nil
}

// halves divides n operations between the two sides.
func halves(n int) [2]int { return [2]int{n / 2, n - n/2} }

// oneBatch performs a batch before it returns.
type oneBatch struct {
	batch batch
	do    func(ops []uint64) error
}

func (p *oneBatch) next() *batch           { return &p.batch }
func (p *oneBatch) batches() int           { return 1 }
func (p *oneBatch) perform(b *batch) error { return p.do(b.ops[:b.n]) }

// owned is a state that the target owns. Its executor performs its own operations
// and serves the caller's between two batches of these.
type owned struct {
	onSystem
	state hot
	send  func(*owned, *crosscall.CPU) performer
	sums  [2]uint64 // of the results of the last operations
}

func openOwned(state func() hot, send func(*owned, *crosscall.CPU) performer) func(*site) (probe, error) {
	return func(s *site) (probe, error) {
		sys, err := openSystem(s, crosscall.Options{})
		return &owned{onSystem: sys, state: state(), send: send}, err
	}
}

// postedBatches is the largest number of batches under way: while the owner
// performs one, the caller makes the next ones.
const postedBatches = 16

// postBatches posts each batch to the owner.
type postBatches struct {
	c       *crosscall.CPU
	owner   int
	posted  [postedBatches]postedBatch
	turn    int
	current *postedBatch // returned last by next
}

type postedBatch struct {
	batch
	busy atomic.Bool
	run  func(*crosscall.CPU)
	_    [112]byte
}

func byPosts(p *owned, c *crosscall.CPU) performer {
	s := &postBatches{c: c, owner: p.target}
	for i := range s.posted {
		b := &s.posted[i]
		b.run = func(*crosscall.CPU) {
			p.state.doAll(b.ops[:b.n])
			b.busy.Store(false)
		}
	}
	return s
}

func (s *postBatches) next() *batch {
	s.current = &s.posted[s.turn]
	s.turn = (s.turn + 1) % postedBatches
	for s.current.busy.Load() {
		cpurelax.Relax()
	}
	return &s.current.batch
}

func (s *postBatches) batches() int { return postedBatches }

func (s *postBatches) perform(*batch) error {
	s.current.busy.Store(true)
	return s.c.Post(s.owner, s.current.run)
}

type opOfState struct {
	state hot
	arg   uint64
}

var opFunc = crosscall.NewFunc(func(_ *crosscall.CPU, o opOfState) uint64 { return o.state.do(o.arg) })

// bySingleCalls sends each operation by a waiting call of its own.
func bySingleCalls(p *owned, c *crosscall.CPU) performer {
	return &oneBatch{do: func(ops []uint64) (err error) {
		for i, arg := range ops {
			if ops[i], err = opFunc.Call(background, c, p.target, opOfState{p.state, arg}); err != nil {
				return err
			}
		}
		return nil
	}}
}

func (p *owned) sample(_ context.Context, n int) ([]float64, error) {
	defer p.awaitSleep()
	if _, err := p.operations(warmup(n)); err != nil {
		return nil, err
	}
	took, err := p.operations(n)
	return mean(took.Nanoseconds(), n), err
}

func (p *owned) operations(n int) (time.Duration, error) {
	g := newGang(2)
	var sent atomic.Bool
	share := halves(n)
	work := func(cpu int, f func(*crosscall.CPU) error) {
		err := p.sys.Post(cpu, func(c *crosscall.CPU) { g.join(func() error { return f(c) }) })
		if err != nil { // the other one waits for it
			sent.Store(true)
			go g.join(func() error { return err })
		}
	}
	work(p.target, func(c *crosscall.CPU) error { return p.own(c, share[1], &sent) })
	work(p.caller, func(c *crosscall.CPU) (err error) {
		defer sent.Store(true)
		p.sums[0], err = generate(0, share[0], p.send(p, c))
		return err
	})
	return g.wait()
}

// own is the owner's work: n operations of its own, and all of the caller's.
func (p *owned) own(c *crosscall.CPU, n int, sent *atomic.Bool) (err error) {
	p.sums[1], err = generate(1, n, &oneBatch{do: func(ops []uint64) error {
		p.state.doAll(ops)
		c.Poll()
		return nil
	}})
	for !sent.Load() {
		if c.Poll() == 0 {
			cpurelax.Relax()
		}
	}
	return err
}

// locked is a state that two ordinary pinned threads use under a mutex.
type locked struct {
	pair
	do   func(ops []uint64)
	sums [2]uint64 // of the results of the last operations
}

// openLocked locks the mutex for each operation.
func openLocked(state func() hot) func(*site) (probe, error) {
	return func(s *site) (probe, error) { return newLocked(s, state().lockForEach) }
}

// openLockedBatch locks it once for each batch.
func openLockedBatch(state func() hot) func(*site) (probe, error) {
	return func(s *site) (probe, error) { return newLocked(s, lockForBatch(state())) }
}

func newLocked(s *site, do func(ops []uint64)) (probe, error) {
	p, err := startPair(s.caller, s.target)
	if err != nil {
		return nil, err
	}
	return &locked{pair: p, do: do}, nil
}

func (p *locked) sample(_ context.Context, n int) ([]float64, error) {
	if _, err := p.operations(warmup(n)); err != nil {
		return nil, err
	}
	took, err := p.operations(n)
	return mean(took.Nanoseconds(), n), err
}

func (p *locked) operations(n int) (time.Duration, error) {
	share := halves(n)
	return p.atOnce(func(side int) (err error) {
		p.sums[side], err = generate(side, share[side], &oneBatch{do: func(ops []uint64) error {
			p.do(ops)
			return nil
		}})
		return err
	})
}
