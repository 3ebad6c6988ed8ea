package callqueue

import (
	"sync"
	"testing"
)

// One CPU takes one step of TestConcurrent, and the other one serves: small enough for gotest to run
// it in every interleaving. Each step has a test of its own, because subtests that follow one another
// have the product of their executions.
func oneStep(t *testing.T, single bool, step func(*peer)) {
	all := newParties(t, Config{CPUs: upTo(2), Ring: 16, SingleQueue: single})
	from := all[0]
	from.left.Add(1)
	var wg sync.WaitGroup
	wg.Go(func() {
		step(from)
		from.left.Add(-1)
		from.serveAll()
	})
	wg.Go(all[1].serveAll)
	wg.Wait()
	for _, p := range all {
		p.check()
	}
}

func postTo(dst int) func(*peer) {
	return func(p *peer) { p.post(dst, p.message(dst, false), nil) }
}

func awaitOne(p *peer) { p.wait(func(csd *CSD) { p.post(1, p.message(1, false), csd) }) }
func callOne(p *peer)  { p.call(1, false) }
func shareOne(p *peer) { p.wait(p.share) }

func TestOnePostLanes(t *testing.T)        { oneStep(t, false, postTo(1)) }
func TestOnePostSingleQueue(t *testing.T)  { oneStep(t, true, postTo(1)) }
func TestOneWaitLanes(t *testing.T)        { oneStep(t, false, awaitOne) }
func TestOneWaitSingleQueue(t *testing.T)  { oneStep(t, true, awaitOne) }
func TestOneCallLanes(t *testing.T)        { oneStep(t, false, callOne) }
func TestOneCallSingleQueue(t *testing.T)  { oneStep(t, true, callOne) }
func TestOneShareLanes(t *testing.T)       { oneStep(t, false, shareOne) }
func TestOneShareSingleQueue(t *testing.T) { oneStep(t, true, shareOne) }

// Two CPUs post to each other. With lanes this has tens of thousands of executions.
func TestTwoPostsSingleQueue(t *testing.T) {
	all := newParties(t, Config{CPUs: upTo(2), Ring: 16, SingleQueue: true})
	all[0].left.Add(2)
	var wg sync.WaitGroup
	for _, p := range all {
		wg.Go(func() {
			postTo(1 - p.id)(p)
			p.left.Add(-1)
			p.serveAll()
		})
	}
	wg.Wait()
	for _, p := range all {
		p.check()
	}
}
