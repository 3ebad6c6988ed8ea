package sync

import (
	"sync"

	"crosscall/gocheck/internal/sched"
)

// Locker is sync.Locker.
type Locker = sync.Locker

// Mutex is sync.Mutex.
type Mutex struct {
	h sched.Header
	m sync.Mutex
}

// Lock waits until m is free, and takes it.
func (m *Mutex) Lock() {
	if x := sched.Active(); x != nil {
		x.Lock(&m.h, "Mutex")
		return
	}
	m.m.Lock()
}

// TryLock takes m if it is free.
func (m *Mutex) TryLock() bool {
	if x := sched.Active(); x != nil {
		return x.TryLock(&m.h, "Mutex")
	}
	return m.m.TryLock()
}

// Unlock gives m back.
func (m *Mutex) Unlock() {
	if x := sched.Active(); x != nil {
		x.Unlock(&m.h, "Mutex")
		return
	}
	m.m.Unlock()
}

// RWMutex is sync.RWMutex.
type RWMutex struct {
	h sched.Header
	m sync.RWMutex
}

// Lock keeps new readers out, waits until nobody is in, and takes m.
func (m *RWMutex) Lock() {
	if x := sched.Active(); x != nil {
		x.LockRW(&m.h, "RWMutex")
		return
	}
	m.m.Lock()
}

// TryLock takes m if nobody is in.
func (m *RWMutex) TryLock() bool {
	if x := sched.Active(); x != nil {
		return x.TryLockRW(&m.h, "RWMutex")
	}
	return m.m.TryLock()
}

// Unlock gives m back.
func (m *RWMutex) Unlock() {
	if x := sched.Active(); x != nil {
		x.Unlock(&m.h, "RWMutex")
		return
	}
	m.m.Unlock()
}

// RLock waits until nobody writes or wants to, and goes in to read.
func (m *RWMutex) RLock() {
	if x := sched.Active(); x != nil {
		x.RLock(&m.h, "RWMutex")
		return
	}
	m.m.RLock()
}

// TryRLock goes in to read if nobody writes or wants to.
func (m *RWMutex) TryRLock() bool {
	if x := sched.Active(); x != nil {
		return x.TryRLock(&m.h, "RWMutex")
	}
	return m.m.TryRLock()
}

// RUnlock leaves.
func (m *RWMutex) RUnlock() {
	if x := sched.Active(); x != nil {
		x.RUnlock(&m.h, "RWMutex")
		return
	}
	m.m.RUnlock()
}

// RLocker is m with RLock and RUnlock for Lock and Unlock.
func (m *RWMutex) RLocker() Locker { return (*rlocker)(m) }

type rlocker RWMutex

func (r *rlocker) Lock()   { (*RWMutex)(r).RLock() }
func (r *rlocker) Unlock() { (*RWMutex)(r).RUnlock() }

// GocheckHeader is for gocheck.T.Name.
func (v *Mutex) GocheckHeader() (*sched.Header, string) { return &v.h, "Mutex" }

// GocheckHeader is for gocheck.T.Name.
func (v *RWMutex) GocheckHeader() (*sched.Header, string) { return &v.h, "RWMutex" }
