package callqueue

import "crosscall/internal/atomics"

// controls is the list of a CPU's control requests: what takes CPUs offline, holds
// them still or passes a fence. They are few and short. They go ahead of everything
// and run at any nesting depth, because functions may be waiting for who controls;
// so they have no place in any stream. In a ring they would bring the posts in front of
// them with them, to any depth.
type controls[C any] struct {
	_    [64]byte
	some atomics.Bool
	_    [64]byte
	mu   atomics.Mutex
	list []slot[C]

	taken []slot[C] // the CPU's own: what it goes on with if a function ends its goroutine
}

// Control sends fn to this CPU, online or not. It is not ordered with what else the
// sender has sent. Any goroutine may call it, and must ring the doorbell after it.
func (in *Inbox[C]) Control(fn func(C), csd *CSD) {
	q := &in.controls
	q.mu.Lock()
	defer q.mu.Unlock()
	atomics.Write(&q.list)
	q.list = append(q.list, slot[C]{fn, csd})
	q.some.Store(true)
}

func (q *controls[C]) pending() bool { return len(q.taken) > 0 || q.some.Load() }

// serveControls runs what has been sent so far. They do not count among the
// functions run.
func (in *Inbox[C]) serveControls() {
	q := &in.controls
	if q.some.Load() {
		q.take()
	}
	for len(q.taken) > 0 {
		s := q.taken[0]
		q.taken = q.taken[1:]
		if in.begin(s.csd) {
			in.runControl(s)
		}
	}
}

func (q *controls[C]) take() {
	q.mu.Lock()
	defer q.mu.Unlock()
	atomics.Write(&q.list)
	q.taken = append(q.taken, q.list...)
	q.list = nil
	q.some.Store(false)
}

func (in *Inbox[C]) runControl(s slot[C]) {
	returned := false
	in.depth++
	defer func() {
		in.depth--
		if !returned {
			in.complete(s.csd, in.q.host.Failed(in.cpu, recover(), true))
		}
	}()
	in.invoke(s.fn)
	returned = true
	in.complete(s.csd, nil)
}
