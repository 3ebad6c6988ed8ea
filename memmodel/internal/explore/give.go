package explore

import "sync/atomic"

// Workers share the work of a grower by giving parts of it away: one of the ways to
// decide a read, to a goroutine of its own, as long as there are fewer of these than
// there are to be workers. What it has found out is taken back before the grower asks
// whether the read is to be postponed.

// giveDepth is how many decisions are in force where parts are given away. What is
// left behind that is not worth it.
const giveDepth = 24

// A gift is a part of a grower's work that another does.
type gift struct {
	at      int // which choice
	by      *grower
	outcome outcome
	whole   bool // it did not panic
	done    chan struct{}
	met     atomic.Bool // it is done, or the giver waits for it: who is first idles
}

// helper reports whether there may be one more goroutine, and counts it.
func (g *grower) helper() bool {
	select {
	case <-g.idle:
		return true
	default:
		return false
	}
}

// give has another goroutine try d.
func (g *grower) give(at int, d decision) *gift {
	x := &gift{at: at, by: g.other(), done: make(chan struct{})}
	g.workers.Go(func() {
		defer close(x.done)
		defer g.rest(x)
		g.guarded(func() { x.outcome, x.whole = x.by.outcomeOf(d), true })
	})
	return x
}

// rest makes room for another goroutine while one of the two has to wait, or ends.
func (g *grower) rest(x *gift) {
	if x.met.CompareAndSwap(false, true) {
		g.idle <- struct{}{}
	}
}

// take waits for a gift, and adds what it has found out.
func (g *grower) take(x *gift) outcome {
	g.rest(x)
	<-x.done
	for i := range g.frames {
		g.frames[i].worth = g.frames[i].worth || x.by.frames[i].worth
	}
	g.stats.add(x.by.stats)
	x.by.stats = Stats{}
	if x.whole {
		g.mu.Lock()
		g.spare = append(g.spare, x.by)
		g.mu.Unlock()
	}
	return x.outcome
}

// other is a grower that has come as far as g.
func (g *grower) other() *grower {
	o := g.fromSpare()
	o.runners = o.runners[:0]
	for t, r := range g.runners {
		o.runners = append(o.runners, r.Detach(o.value[t]))
		o.rf[t] = append(o.rf[t][:0], g.rf[t]...)
	}
	o.decided = append(o.decided[:0], g.decided...)
	o.later = append(o.later[:0], g.later...)
	o.frames = append(o.frames[:0], g.frames...)
	copy(o.doomed, g.doomed)
	o.depth, o.settling, o.asked = g.depth, g.settling, g.asked
	return o
}

func (g *grower) fromSpare() *grower {
	g.mu.Lock()
	defer g.mu.Unlock()
	if n := len(g.spare); n > 0 {
		o := g.spare[n-1]
		g.spare = g.spare[:n-1]
		return o
	}
	return newGrower(g.kit.search(g.task))
}
