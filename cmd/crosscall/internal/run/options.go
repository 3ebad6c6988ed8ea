package run

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"crosscall/memmodel/native"
)

// Options are how a test is run. The names are litmus7's.
type Options struct {
	Size     int           // instances in a slice
	Runs     int           // slices; 0: until Time is over
	Time     time.Duration // ends the run; 0: Runs do
	Stride   int           // from an instance to the next that is gone through
	Affinity Affinity
	Indirect bool // instances have tables of addresses of variables, which are shuffled
	Preload  bool
	Barrier  native.Barrier
	Delay    int64         // TimeBase: ticks from the agreement to the start; 0: some 600 ns
	Jitter   int           // TimeBase: threads start up to 2^Jitter-1 ticks later, at random; below 0: some 12 ns
	Gap      time.Duration // between two looks at the clock: the thread was descheduled
	Seed     uint64
}

// Default are the options that show the most on most machines.
var Default = Options{
	Size: 400, Runs: 2500, Stride: 1, Affinity: Affinity{Kind: Incremental}, Preload: true,
	Barrier: native.TimeBase, Jitter: -1, Gap: 100 * time.Microsecond, Seed: 1,
}

// Validate says what is wrong with options.
func (o *Options) Validate() error {
	switch {
	case o.Size < 1 || o.Size > maxSize:
		return fmt.Errorf("size %d: must be from 1 to %d", o.Size, maxSize)
	case o.Runs < 0 || o.Time < 0:
		return errors.New("the number of runs and the time must not be negative")
	case o.Runs == 0 && o.Time == 0:
		return errors.New("runs and time are both 0: one of them must end the test")
	case o.Stride < 1:
		return fmt.Errorf("stride %d: must be 1 at least", o.Stride)
	case o.Gap < time.Microsecond || o.Gap > time.Minute:
		return fmt.Errorf("gap %v: must be from 1µs to 1m", o.Gap)
	case o.Delay < 0 || o.Delay > 1<<30:
		return fmt.Errorf("delay %d: must be from 0 to %d ticks", o.Delay, 1<<30)
	case o.Jitter > native.MaxBits:
		return fmt.Errorf("jitter %d: must be at most %d bits", o.Jitter, native.MaxBits)
	}
	switch o.Barrier {
	case native.TimeBase, native.User, native.UserFence, native.NoBarrier:
		return nil
	}
	return fmt.Errorf("barrier %q: must be timebase, user, userfence or none", o.Barrier)
}

const maxSize = 1 << 20

// Affinity says which thread runs on which CPU.
type Affinity struct {
	Kind  AffinityKind
	Given []int // CPUs, in the order of the threads
}

// AffinityKind tells ways of placing threads apart.
type AffinityKind uint8

const (
	Incremental AffinityKind = iota // thread by thread, CPU by CPU
	Random                          // another order in every slice
	Given
)

// ParseAffinity reads "incr", "random" or a list of CPUs such as "3,1".
func ParseAffinity(s string) (Affinity, error) {
	switch s {
	case "incr":
		return Affinity{Kind: Incremental}, nil
	case "random":
		return Affinity{Kind: Random}, nil
	}
	a := Affinity{Kind: Given}
	for word := range strings.SplitSeq(s, ",") {
		cpu, err := strconv.Atoi(word)
		if err != nil || cpu < 0 {
			return a, fmt.Errorf("affinity %q: must be incr, random or a list of CPUs such as 1,0", s)
		}
		a.Given = append(a.Given, cpu)
	}
	return a, nil
}

// place is the CPU of each thread.
func (a Affinity) place(threads int, cpus []int, rng *rand.Rand) ([]int, error) {
	if threads > len(cpus) {
		return nil, &TooFewCPUs{threads, len(cpus)}
	}
	list := make([]int, threads)
	order := make([]int, len(cpus))
	for i := range order {
		order[i] = i
	}
	if a.Kind == Random {
		order = rng.Perm(len(cpus))
	}
	for i := range list {
		list[i] = cpus[order[i]]
	}
	if a.Kind != Given {
		return list, nil
	}
	return list, a.given(list, cpus)
}

func (a Affinity) given(list, cpus []int) error {
	used := map[int]bool{}
	for i := range list {
		if i >= len(a.Given) {
			return fmt.Errorf("affinity: CPUs are given for %d threads, and the test has %d", len(a.Given), len(list))
		}
		list[i] = a.Given[i]
		if used[list[i]] {
			return fmt.Errorf("affinity: CPU %d is given twice; each thread needs its own", list[i])
		}
		if !slices.Contains(cpus, list[i]) {
			return fmt.Errorf("affinity: this process may not use CPU %d; it may use %v", list[i], cpus)
		}
		used[list[i]] = true
	}
	return nil
}
