package crosscall

import (
	"fmt"
	"log"
	"time"

	"crosscall/cpumask"
)

// OneTransport is a way to carry calls to one CPU.
type OneTransport int

const (
	// Lanes gives each pair of CPUs a cache line for a waiting call and a ring
	// for posts. It is the fastest, and the default.
	Lanes OneTransport = iota
	// SingleQueue gives each CPU one list of records behind a lock, the kernel's
	// call_single_queue.
	SingleQueue
)

// ManyTransport is a way to carry calls to many CPUs.
type ManyTransport int

const (
	// PerTarget sends each target a request of its own, as Linux has done since
	// 2013. It is the fastest, and the default.
	PerTarget ManyTransport = iota
	// Shared puts one record on one list that all targets walk, as Linux did
	// before 2013. It is the design that the mail of February 2011 is about.
	Shared
)

// Options of a System. The zero value is right for most.
type Options struct {
	// CPUs that get an executor. Empty: all CPUs of this process's affinity
	// mask, but no more than its cgroup's CPU quota allows.
	CPUs cpumask.Mask

	// Virtual lets CPUs have numbers of CPUs that this process does not have.
	// The executors then share the real CPUs, and never spin.
	Virtual bool

	One  OneTransport  // of calls to one CPU
	Many ManyTransport // of calls to many

	// Spin is the longest time that an idle executor spins before it sleeps. 0: 50
	// µs; negative: it sleeps at once. The executor adapts the time, up to Spin, to
	// its recent idle times.
	Spin time.Duration

	// KeepSlot is how long a CPU that sleeps for its watches keeps its GOMAXPROCS
	// slot, at most 10 ms. 0: not at all; the scheduler then takes the slot away at
	// each sleep, which costs more than a short sleep itself. For a server that does
	// its work on the executors, set it to some milliseconds, and GOMAXPROCS above the
	// number of CPUs: one slot is always left to other goroutines, but computing
	// goroutines may get no second one while executors sleep.
	//
	// When the garbage collector or another stop of the world needs the executor,
	// the runtime ends such a sleep by a signal, which it repeats every 100 µs. With
	// GODEBUG=asyncpreemptoff=1 it sends none: then each stop may take as long as
	// KeepSlot. So may, in any case, the scan of the executor's stack, which stops
	// no other goroutine.
	KeepSlot time.Duration

	// StallAfter is how long a call may take before it is reported; reports of
	// the same call follow at twice the interval each. 0: 5 s, as the kernel's csd
	// lock timeout; negative: never.
	StallAfter time.Duration

	// OnStall is called with the reports; nil: they are logged. It must not wait
	// for the System.
	OnStall func(Stall)

	// OnPanic is called with the panics of functions for which no caller waits;
	// nil: they are logged. It is called on the CPU, by the executor.
	OnPanic func(*PanicError)

	// OnAffinity is called when a thread's affinity was changed from outside, so
	// that a CPU's executor may run elsewhere, and when functions have unlocked an
	// executor from its thread; nil: both are logged. The package does not undo a
	// change of affinity from outside. It locks and pins an executor that was
	// unlocked.
	OnAffinity func(AffinityChange)
}

// AffinityChange says that the thread of CPU may now run on Allowed.
type AffinityChange struct {
	CPU     int
	Allowed cpumask.Mask

	// Unlocked: functions called runtime.UnlockOSThread so many times that the
	// executor left its thread, and ran for a time on one that may use Allowed. It
	// is locked and pinned again.
	Unlocked bool
}

const (
	defaultSpin  = 50 * time.Microsecond
	defaultStall = 5 * time.Second
	maxKeepSlot  = 10 * time.Millisecond
)

func (o *Options) validate() error {
	if o.One != Lanes && o.One != SingleQueue {
		return fmt.Errorf("crosscall: Options.One is %d: use Lanes or SingleQueue", o.One)
	}
	if o.Many != PerTarget && o.Many != Shared {
		return fmt.Errorf("crosscall: Options.Many is %d: use PerTarget or Shared", o.Many)
	}
	if o.KeepSlot < 0 || o.KeepSlot > maxKeepSlot {
		return fmt.Errorf("crosscall: Options.KeepSlot is %v: use 0 to %v", o.KeepSlot, maxKeepSlot)
	}
	if o.Virtual && o.CPUs.Empty() {
		return fmt.Errorf("crosscall: Options.Virtual needs Options.CPUs to say how many")
	}
	return nil
}

func (o *Options) setDefaults() {
	if o.Spin == 0 {
		o.Spin = defaultSpin
	}
	if o.StallAfter == 0 {
		o.StallAfter = defaultStall
	}
	if o.OnStall == nil {
		o.OnStall = func(s Stall) { log.Print(s) }
	}
	if o.OnPanic == nil {
		o.OnPanic = func(p *PanicError) { log.Printf("%v\n%s", p, p.Stack) }
	}
	if o.OnAffinity == nil {
		o.OnAffinity = func(a AffinityChange) {
			if a.Unlocked {
				log.Printf("crosscall: the executor of CPU %d left its thread, for one that may run on CPUs %v, because functions called runtime.UnlockOSThread: it is locked and pinned again", a.CPU, a.Allowed)
				return
			}
			log.Printf("crosscall: the thread of CPU %d may now run on CPUs %v: its affinity was changed from outside", a.CPU, a.Allowed)
		}
	}
}
