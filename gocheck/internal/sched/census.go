package sched

// The census counts goroutines, for programs that read their number. Starts and
// ends of goroutines are then steps (see Go): they commute with one another, but
// not with a read of the number.

// needsCensus is the reason with which an exploration ends that must be made again with a
// census.
const needsCensus = "census"

// Census reports whether starts and ends of goroutines are steps.
func (x *Explorer) Census() bool { return x.cfg.Census }

// Count is how many goroutines have been started and have not ended, without threads
// of timers.
func (x *Explorer) Count() int {
	if x.killing {
		x.leave()
	}
	if !x.cfg.Census {
		x.why = needsCensus
		x.end(cutShort)
	}
	x.enterCensus(census)
	n := 0
	for _, t := range x.threads {
		if t.live && t.timer == nil {
			n++
		}
	}
	x.Leave(Read, false)
	x.limits.did(much) // stacks take long
	x.result("%d", n)
	return n
}

func (x *Explorer) enterCensus(c Code) {
	const name = "goroutines"
	x.NameObject(&x.census, name, name)
	x.enter(&x.census, name, c, 0)
}

// Starts is called before Go.
func (x *Explorer) Starts() { x.counted(censusStart) }

// Ends is the last operation of a goroutine.
func (x *Explorer) Ends() {
	if !x.killing && x.ending == running {
		x.counted(censusEnd)
	}
}

func (x *Explorer) counted(c Code) {
	if x.cfg.Census && !x.solo {
		x.enterCensus(c)
		x.Leave(Accum, true)
	}
}

// A Standing is a goroutine that is alive, and what it waits for, in the runtime's terms.
type Standing struct {
	Thread int32
	State  string
}

// Standings are those of the goroutines that Count counts.
func (x *Explorer) Standings() (list []Standing) {
	for _, t := range x.threads {
		if t.live && t.timer == nil {
			list = append(list, Standing{t.id, x.state(t)})
		}
	}
	return list
}

func (x *Explorer) state(t *thread) string {
	switch {
	case t == x.cur:
		return "running"
	case t.waiting || x.memory.isFutile(t) || x.enabled(t):
		return "runnable"
	case t.op.code.multi() && len(t.sel.cases) == 1 && t.sel.cases[0].Send:
		return "chan send"
	case t.op.code.multi() && len(t.sel.cases) == 1:
		return "chan receive"
	}
	return map[Code]string{chanSelect: "select", lock: "sync.Mutex.Lock", rLock: "sync.RWMutex.RLock", announce: "sync.RWMutex.Lock",
		drain: "sync.RWMutex.Lock", wgWait: "sync.WaitGroup.Wait", onceEnter: "sync.Mutex.Lock", condWake: "sync.Cond.Wait",
		sleep: "sleep"}[t.op.code]
}
