package sched

import "testing"

// With NoLeaks, goroutines may wait forever. In each of these programs one goroutine can go
// on only if it comes first, and it comes to its operation late.
func TestWaitForever(t *testing.T) {
	for _, p := range []struct {
		name string
		body func(*lab, func())
	}{
		{"a receive from a buffer", func(l *lab, first func()) {
			a, b := l.make(1), l.make(1)
			l.Go(func() { l.recv(a) })
			l.Go(func() { l.recv(b); l.recv(a); first() })
			l.Go(func() { l.send(a); l.send(b) })
		}},
		{"a select", func(l *lab, first func()) {
			a, b, never := l.make(1), l.make(1), l.make(0)
			l.Go(func() { l.recv(a) })
			l.Go(func() { l.recv(b); l.either(a, never); first() })
			l.Go(func() { l.send(a); l.send(b) })
		}},
		{"a receive without a buffer", func(l *lab, first func()) {
			a, b := l.make(0), l.make(1)
			l.Go(func() { l.recv(a) })
			l.Go(func() { l.recv(b); l.recv(a); first() })
			l.Go(func() { l.send(a) })
			l.Go(func() { l.send(b) })
		}},
		{"a send to a buffer", func(l *lab, first func()) {
			a, b := l.make(1), l.make(1)
			l.Go(func() { l.send(a) })
			l.Go(func() { l.recv(b); l.send(a); first() })
			l.Go(func() { l.send(b) })
		}},
		{"a lock", func(l *lab, first func()) {
			var mu, other Header
			l.Lock(&other, "Mutex")
			l.Go(func() { l.Lock(&mu, "Mutex") })
			l.Go(func() { l.Lock(&other, "Mutex"); l.Lock(&mu, "Mutex"); first() })
			l.Unlock(&other, "Mutex")
		}},
		{"a lock for reading", func(l *lab, first func()) {
			var mu, other Header
			l.Lock(&other, "Mutex")
			l.Go(func() { l.LockRW(&mu, "RWMutex") })
			l.Go(func() { l.Lock(&other, "Mutex"); l.RLock(&mu, "RWMutex"); first() })
			l.Unlock(&other, "Mutex")
		}},
		{"a goroutine that goes on in time", func(l *lab, first func()) {
			a, b := l.make(1), l.make(1)
			l.Go(func() { l.recv(a) })
			l.Go(func() {
				l.recv(b)
				if l.either(a, l.after(10)) == 0 {
					first()
				}
				for {
					l.Sleep(10)
				}
			})
			l.Go(func() { l.send(a); l.send(b) })
		}},
	} {
		_, found, reason := inLab(Config{NoLeaks: true}, func(l *lab) { p.body(l, func() { l.Error("first") }) })
		if found == nil || found.Kind != Assertion {
			t.Errorf("%s: not the first in any execution: %+v, %q", p.name, found, reason)
		}
		_, found, reason = inLab(Config{NoLeaks: true}, func(l *lab) { p.body(l, func() {}) })
		if found != nil || reason != "" {
			t.Errorf("%s: %+v, %q", p.name, found, reason)
		}
	}
}
