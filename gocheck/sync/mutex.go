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

// Unlock releases m.
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

// Lock blocks new readers, waits until no reader or writer holds m, and takes
// it.
func (m *RWMutex) Lock() {
	if x := sched.Active(); x != nil {
		x.LockRW(&m.h, "RWMutex")
		return
	}
	m.m.Lock()
}

// TryLock takes m if no reader or writer holds it.
func (m *RWMutex) TryLock() bool {
	if x := sched.Active(); x != nil {
		return x.TryLockRW(&m.h, "RWMutex")
	}
	return m.m.TryLock()
}

// Unlock releases m.
func (m *RWMutex) Unlock() {
	if x := sched.Active(); x != nil {
		x.Unlock(&m.h, "RWMutex")
		return
	}
	m.m.Unlock()
}

// RLock waits until no writer holds m or waits for it, and takes m for reading.
func (m *RWMutex) RLock() {
	if x := sched.Active(); x != nil {
		x.RLock(&m.h, "RWMutex")
		return
	}
	m.m.RLock()
}

// TryRLock takes m for reading if no writer holds it or waits for it.
func (m *RWMutex) TryRLock() bool {
	if x := sched.Active(); x != nil {
		return x.TryRLock(&m.h, "RWMutex")
	}
	return m.m.TryRLock()
}

// RUnlock releases m after reading.
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
