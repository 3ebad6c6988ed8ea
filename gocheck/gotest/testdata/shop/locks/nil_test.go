package locks

import (
	"sync"
	"testing"
)

// Nothing may be done with a nil pointer, not even if the operation has no effect.
func TestRightNilPanics(t *testing.T) {
	for name, use := range map[string]func(){
		"Lock":      func() { (*sync.Mutex)(nil).Lock() },
		"TryLock":   func() { (*sync.Mutex)(nil).TryLock() },
		"RLock":     func() { (*sync.RWMutex)(nil).RLock() },
		"Add":       func() { (*sync.WaitGroup)(nil).Add(1) },
		"Wait":      func() { (*sync.WaitGroup)(nil).Wait() },
		"Do":        func() { (*sync.Once)(nil).Do(func() {}) },
		"Get":       func() { (*sync.Pool)(nil).Get() },
		"Put":       func() { (*sync.Pool)(nil).Put(1) },
		"Signal":    func() { (*sync.Cond)(nil).Signal() },
		"Broadcast": func() { (*sync.Cond)(nil).Broadcast() },
		"Load":      func() { (*sync.Map)(nil).Load(1) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			use()
		}()
	}
}

func TestWrongNil(t *testing.T) {
	var mu *sync.Mutex
	mu.Lock()
}
