package crosscall

import (
	"fmt"
	"math"
	"os"

	"crosscall/internal/poller"
)

// Events are the conditions of a file descriptor that a Watch waits for, or that
// are true.
type Events uint8

const (
	// Readable: a read does not block, or there is a connection to accept. The
	// end of a stream is readable too.
	Readable = Events(poller.Readable)
	// Writable: a write does not block.
	Writable = Events(poller.Writable)
	// HangUp: an error, or both directions are shut. Every Watch waits for it. It
	// is reported together with all events of the Watch, so that a function which
	// handles only Readable notices it by its read.
	HangUp = Events(poller.HangUp)
)

// Watch is a file descriptor that a CPU waits for. Its methods are for functions
// on that CPU only.
type Watch struct {
	c      *CPU
	fd     int
	want   Events
	tag    uint32 // distinguishes the events of this Watch from those of earlier ones of the same fd
	closed bool

	fn    func(*CPU, Events)
	ready Events
	run   func(*CPU)
}

// Watch runs fn on this CPU whenever fd is ready for an event in want, or has
// hung up. It is level-triggered: fn runs again and again as long as fd is ready.
//
// fn runs as a function of this CPU, one at a time, and may call and wait like any
// other. It never runs within another function's wait: a function that waits or
// computes for long holds up the CPU's watches. By the time it runs, another
// function may have read the data or accepted the connection: use non-blocking
// descriptors.
//
// Close the Watch before you close fd. A System's Close drops all watches. A CPU
// that is offline continues to serve its watches, because it refuses only calls.
//
// The errors are those of the platform: EEXIST if this CPU watches fd already,
// EPERM if it is of a kind that is always ready, such as a regular file, EBADF. On
// platforms other than Linux the error is errors.ErrUnsupported.
func (c *CPU) Watch(fd int, want Events, fn func(*CPU, Events)) (*Watch, error) {
	if fn == nil {
		panic("crosscall: nil function")
	}
	if fd < 0 || fd > math.MaxInt32 {
		return nil, fmt.Errorf("crosscall: watch descriptor %d: %w", fd, os.ErrInvalid)
	}
	r := &c.reactor
	if r.closed {
		return nil, ErrClosed
	}
	if err := r.open(); err != nil {
		return nil, fmt.Errorf("crosscall: watch descriptor %d: %w", fd, err)
	}
	r.tag++
	w := &Watch{c: c, fd: fd, want: want, tag: r.tag, fn: fn}
	w.run = w.call
	if err := r.poll.Add(fd, poller.Events(want), w.tag); err != nil {
		return nil, fmt.Errorf("crosscall: watch descriptor %d: %w", fd, err)
	}
	c.addWatch(w)
	return w, nil
}

func (w *Watch) call(c *CPU) { w.fn(c, w.ready) }

// Change changes the events that the Watch waits for. Once Change has returned,
// the function does not run for events that were removed. 0 leaves only HangUp.
func (w *Watch) Change(want Events) error {
	if w.closed {
		return fmt.Errorf("crosscall: watch descriptor %d: %w", w.fd, os.ErrClosed)
	}
	if want == w.want {
		return nil
	}
	if err := w.c.reactor.poll.Modify(w.fd, poller.Events(want), w.tag); err != nil {
		return fmt.Errorf("crosscall: watch descriptor %d: %w", w.fd, err)
	}
	w.want = want
	return nil
}

// Close ends the wait. The function does not run once Close has returned, unless
// it is Close's own caller. It does not close the descriptor. A second Close does
// nothing.
func (w *Watch) Close() error {
	if w.closed {
		return nil
	}
	w.c.dropWatch(w)
	if err := w.c.reactor.poll.Remove(w.fd); err != nil {
		return fmt.Errorf("crosscall: watch descriptor %d: %w", w.fd, err)
	}
	return nil
}

// open makes the poller, at the first Watch.
func (r *reactor) open() (err error) {
	if r.poll == nil {
		r.poll, err = poller.New()
		if err != nil {
			r.poll = nil
		}
	}
	return err
}

// addWatch enters w in the table. A Watch that is there already has lost its
// descriptor: fd was closed, and opened again as another file.
func (c *CPU) addWatch(w *Watch) {
	r := &c.reactor
	for len(r.table) <= w.fd {
		r.table = append(r.table, nil)
	}
	if old := r.table[w.fd]; old != nil {
		old.closed = true
		r.watches--
	}
	r.table[w.fd] = w
	r.watches++
	c.startReacting()
}

func (c *CPU) dropWatch(w *Watch) {
	r := &c.reactor
	w.closed = true
	r.table[w.fd] = nil
	r.watches--
	c.reacts = r.active()
}

// runEvents runs the functions of descriptors that were found ready, up to the
// turn's bound.
func (c *CPU) runEvents(t *turn) {
	for p := c.reactor.poll; p.Left() > 0 && t.more(c); {
		fd, tag, ready := p.Next()
		// A function that ran since the events were fetched may have closed or
		// changed the Watch.
		w := c.reactor.table[fd]
		if w == nil || w.tag != tag {
			continue
		}
		if w.ready = w.wanted(Events(ready)); w.ready != 0 {
			c.react(w.run)
			t.ran++
		}
	}
}

func (w *Watch) wanted(ready Events) Events {
	if ready&HangUp != 0 {
		return w.want | HangUp
	}
	return ready & w.want
}
