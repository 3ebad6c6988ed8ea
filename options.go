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
	// Lanes gives each pair of CPUs a cache line for the call that is waited for
	// and a ring for those that are not. The fastest, and the default.
	Lanes OneTransport = iota
	// SingleQueue gives each CPU one list of records behind a lock, the kernel's
	// call_single_queue.
	SingleQueue
)

// ManyTransport is a way to carry calls to many CPUs.
type ManyTransport int

const (
	// PerTarget sends each target a request of its own, as Linux does since 2013.
	// The fastest, and the default.
	PerTarget ManyTransport = iota
	// Shared puts one record on one list that all targets walk, as Linux did
	// before; the system that the mail of February 2011 is about.
	Shared
)

// Options of a System. The zero value is right for most.
type Options struct {
	// CPUs that get an executor. Empty: all that this process may use by its
	// affinity mask, but no more than its cgroup's CPU quota pays for.
	CPUs cpumask.Mask

	// Virtual lets CPUs hold numbers that this process has no CPU for. The
	// executors then share the CPUs there are, and never spin.
	Virtual bool

	One  OneTransport  // of calls to one CPU
	Many ManyTransport // of calls to many

	// Spin is the longest that an executor with nothing to do spins before it
	// sleeps. 0: 50 µs; negative: it sleeps at once. It learns from the recent gaps
	// how much of it is worth while.
	Spin time.Duration

	// KeepSlot is how long a CPU that sleeps for its watches keeps its GOMAXPROCS
	// slot, at most 10 ms. 0: not at all; the scheduler takes it away at each sleep,
	// which costs more than the sleep where sleeps are short. Use it for a server that
	// does its work on the executors, with some milliseconds, and GOMAXPROCS above
	// the number of CPUs: one slot is always left to other goroutines, and those that
	// compute may find no second one while executors sleep.
	//
	// The garbage collector, and whatever else stops the world, ends such a sleep by
	// a signal, which it repeats every 100 µs. With GODEBUG=asyncpreemptoff=1 it
	// sends none: then each stop may take as long as KeepSlot. So may, in any case,
	// the scan of the executor's stack, which stops no other goroutine.
	KeepSlot time.Duration

	// StallAfter is how long a call may take before it is reported; reports of
	// the same call follow at twice the interval each. 0: 5 s, as the kernel's csd
	// lock timeout; negative: never.
	StallAfter time.Duration

	// OnStall gets the reports; nil: they go to the log. It must not wait for the
	// System.
	OnStall func(Stall)

	// OnPanic gets the panics of functions that nobody waits for; nil: they go to
	// the log. It is called on the CPU, by the executor.
	OnPanic func(*PanicError)

	// OnAffinity is told when a thread's affinity was changed from outside, so
	// that a CPU's executor may run elsewhere, and when a function has unlocked an
	// executor from its thread; nil: that goes to the log. The package does not
	// fight whoever changed an affinity. It locks and pins an executor again.
	OnAffinity func(AffinityChange)
}

// AffinityChange says that the thread of CPU may now run on Allowed.
type AffinityChange struct {
	CPU     int
	Allowed cpumask.Mask

	// Unlocked: functions called runtime.UnlockOSThread so often that the executor
	// left its thread, and ran for a time on one that may use Allowed. It is locked
	// and pinned again.
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
