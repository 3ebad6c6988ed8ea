package bench

import (
	"errors"
	"runtime"

	"crosscall/cpumask"
)

// A site is the machine and the CPUs of a run.
type site struct {
	cpus           cpumask.Mask
	caller, target int // the first two of cpus; the same if there is one
}

func newSite(cpus cpumask.Mask) *site {
	caller := cpus.First()
	target := cpus.Next(caller)
	if target < 0 {
		target = caller
	}
	return &site{cpus, caller, target}
}

// A need is a requirement of a contest.
type need int

const (
	anyMachine need = iota
	pinning         // threads that can be pinned
	twoCPUs         // pinning, and two CPUs that run Go code at once
)

func (s *site) lacks(n need) error {
	switch {
	case n >= pinning && !canPin:
		return errors.New("threads can be pinned to CPUs on Linux only")
	case n >= twoCPUs && s.caller == s.target:
		return errors.New("needs two CPUs")
	case n >= twoCPUs && runtime.GOMAXPROCS(0) < 2:
		return errors.New("needs GOMAXPROCS of at least 2: both sides must run at once")
	}
	return nil
}
