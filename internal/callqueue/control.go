package callqueue

import "crosscall/internal/atomics"

// controls is the list of a CPU's control requests, which take CPUs offline, hold them
// still or pass a fence. They are few and short. They run before all other requests and
// at any nesting depth, because functions may be waiting for the sender of a control
// request. So they are in no stream: in a ring, the posts before them would have to run
// first, at any depth.
type controls[C any] struct {
	_    [64]byte
	some atomics.Bool
	_    [64]byte
	mu   atomics.Mutex
	list []slot[C]

	taken []slot[C] // only the CPU uses it: the rest to run if a function ends its goroutine
}

// Control sends fn to this CPU, online or not. It is not ordered with other
// requests of the sender. Any goroutine may call it, and must ring the doorbell
// after it.
func (in *Inbox[C]) Control(fn func(C), csd *CSD) {
	q := &in.controls
	q.mu.Lock()
	defer q.mu.Unlock()
	atomics.Write(&q.list)
	q.list = append(q.list, slot[C]{fn, csd})
	q.some.Store(true)
}

func (q *controls[C]) pending() bool { return len(q.taken) > 0 || q.some.Load() }

// serveControls runs the control requests sent so far. They are not counted as
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
