package torture

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"sync/atomic"
	"time"

	"crosscall"
	"crosscall/cpumask"
)

// reactor is a CPU's timers and its pipe. Plain fields are for functions on
// that CPU.
type reactor struct {
	timers  []*timer // those that still have to run
	running atomic.Int64

	reader, writer *os.File
	watch          *crosscall.Watch
	written, read  atomic.Int64
}

// timer is a timer, with the earliest and the latest time at which it may be due.
type timer struct {
	*task
	from, to time.Time
	timer    *crosscall.Timer
}

func (t *timer) set(d time.Duration, start func()) {
	d = max(d, 0)
	t.from = time.Now().Add(d)
	start()
	t.to = time.Now().Add(d)
}

const maxTimers = 64 // of a CPU at a time

// timer sets, resets or stops a timer.
func (r *run) timer(who caller, rng *rand.Rand) {
	if who.cpu == nil || r.draining.Load() {
		return
	}
	re := &who.cpuState.reactor
	d := time.Duration(rng.IntN(2000)-200) * time.Microsecond
	if n := len(re.timers); n > 0 && (n == maxTimers || rng.IntN(3) == 0) {
		t := re.timers[rng.IntN(n)]
		if rng.IntN(2) == 0 {
			t.set(d, func() { r.wasSet(t, t.timer.Reset(d)) })
		} else {
			r.wasSet(t, t.timer.Stop())
			t.refuse()
			re.drop(t)
		}
		return
	}
	t := &timer{task: r.newTask(opTimer, who.beside(), rng)}
	t.may, t.budget = cpumask.Of(who.self()), 1
	re.timers = append(re.timers, t)
	re.running.Add(1)
	t.set(d, func() { t.timer = who.cpu.AfterFunc(d, func(c *crosscall.CPU) { t.expired(c) }) })
}

func (r *run) wasSet(t *timer, was bool) {
	if !was {
		r.fail("%v was not set, and has not run", t)
	}
}

func (re *reactor) drop(t *timer) {
	re.timers = slices.DeleteFunc(re.timers, func(o *timer) bool { return o == t })
	re.running.Add(-1)
}

func (t *timer) expired(c *crosscall.CPU) {
	t.body(c, func(s *cpuState) {
		s.outermost(t.r, c, t)
		if early := time.Until(t.from); early > 0 {
			t.r.fail("CPU %d: %v runs %v before its time", c.ID(), t, early)
		}
		s.reactor.drop(t)
		for _, o := range s.reactor.timers {
			if o.to.Before(t.from) {
				t.r.fail("CPU %d: %v runs before one that was due %v earlier", c.ID(), t, t.from.Sub(o.to))
			}
		}
		t.r.work(t.task, s, c)
	})
}

// openPipes gives each CPU a pipe to watch, if that is supported.
func (r *run) openPipes() {
	for _, cpu := range r.cpus {
		re := &r.cpuStates[cpu].reactor
		var err error
		if re.reader, re.writer, err = os.Pipe(); err != nil {
			return // not every platform has pipes
		}
		call := r.sys.Call(context.Background(), cpu, func(c *crosscall.CPU) { err = r.watchPipe(c) })
		if call != nil || err != nil && !errors.Is(err, errors.ErrUnsupported) {
			r.fail("Watch on CPU %d: %v, %v", cpu, call, err)
		}
		if err != nil {
			r.closePipe(re)
		}
	}
}

func (r *run) closePipe(re *reactor) {
	if re.reader != nil {
		_ = re.reader.Close()
		_ = re.writer.Close()
	}
	re.reader, re.writer = nil, nil
}

func (r *run) closePipes() {
	for _, cpu := range r.cpus {
		r.closePipe(&r.cpuStates[cpu].reactor)
	}
}

// watchPipe watches the pipe of c. The pipe stays non-blocking.
func (r *run) watchPipe(c *crosscall.CPU) error {
	re := &r.cpuStates[c.ID()].reactor
	conn, err := re.reader.SyscallConn()
	if err != nil {
		return err
	}
	control := conn.Control(func(fd uintptr) {
		re.watch, err = c.Watch(int(fd), crosscall.Readable, r.readPipe)
	})
	return errors.Join(control, err)
}

// maxWritten is how many bytes may be in a pipe, so that no write blocks.
const maxWritten = 4096

// writePipe writes to the pipe of some CPU.
func (r *run) writePipe(rng *rand.Rand) {
	re := &r.cpuStates[r.cpus[rng.IntN(len(r.cpus))]].reactor
	if re.writer == nil || r.draining.Load() {
		return
	}
	if re.written.Add(1)-re.read.Load() > maxWritten {
		re.written.Add(-1)
		return
	}
	r.count(opWatch)
	if _, err := re.writer.Write([]byte{1}); err != nil {
		r.fail("write to a pipe: %v", err)
	}
}

// readPipe is the function of a Watch. It reads a part, as the Watch is
// level-triggered, and ends the Watch or suspends it now and then.
func (r *run) readPipe(c *crosscall.CPU, ready crosscall.Events) {
	s := r.enter(c, opWatch)
	defer r.leave(s, opWatch)
	s.outermost(r, c, opWatch)
	r.ran(opWatch)
	if ready != crosscall.Readable {
		r.fail("CPU %d: its pipe is ready for %b", c.ID(), ready)
	}
	re := &s.reactor
	var buf [8]byte
	n, err := re.reader.Read(buf[:])
	if err != nil || n == 0 {
		r.fail("CPU %d: read from its pipe: %d bytes, %v", c.ID(), n, err)
	}
	total := re.read.Add(int64(n))
	rng := rand.New(rand.NewPCG(r.opts.Seed, uint64(total)))
	switch rng.IntN(32) {
	case 0:
		if err := errors.Join(re.watch.Close(), r.watchPipe(c)); err != nil {
			r.fail("CPU %d: watch its pipe anew: %v", c.ID(), err)
		}
	case 1:
		r.suspend(c, re.watch)
	case 2, 3, 4:
		r.act(s, c, rng, 2)
	case 5:
		r.panicsPosted.Add(1)
		panic(opWatch)
	case 6:
		goexit()
	}
}

// suspend ends the watch of the pipe for a while.
func (r *run) suspend(c *crosscall.CPU, w *crosscall.Watch) {
	if err := w.Change(0); err != nil {
		r.fail("CPU %d: suspend a Watch: %v", c.ID(), err)
	}
	c.AfterFunc(100*time.Microsecond, func(c *crosscall.CPU) {
		s := r.enter(c, opWatch)
		defer r.leave(s, opWatch)
		if err := w.Change(crosscall.Readable); err != nil {
			r.fail("CPU %d: resume a Watch: %v", c.ID(), err)
		}
	})
}

// drain stops the timers and pipes while all other operations go on, and checks that
// each timer has run and each byte was seen.
func (r *run) drain() {
	r.draining.Store(true)
	for _, cpu := range r.cpus {
		re := &r.cpuStates[cpu].reactor
		for start := time.Now(); re.running.Load() != 0 || re.written.Load() != re.read.Load(); time.Sleep(time.Millisecond) {
			if time.Since(start) > r.opts.Patience {
				r.fail("CPU %d has %d timers that have not run, and has seen %d of %d bytes",
					cpu, re.running.Load(), re.read.Load(), re.written.Load())
				break
			}
		}
	}
}
