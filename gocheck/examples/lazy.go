package examples

import (
	"crosscall/gocheck"
	"crosscall/gocheck/atomic"
	"crosscall/gocheck/sync"
)

// Config is made at the first use.
type Config struct{ Size gocheck.Var[int] }

func newConfig() *Config {
	c := &Config{}
	c.Size.Set(42)
	return c
}

// A PlainLazy makes a Config at the first Get by a double-checked lock whose
// first check is a plain read: a data race with the write under the lock. A
// goroutine that sees the pointer by that read need not see the object that it
// points to.
type PlainLazy struct {
	mu     sync.Mutex
	config gocheck.Var[*Config]
}

// Get returns the Config.
func (l *PlainLazy) Get() *Config {
	if c := l.config.Get(); c != nil {
		return c
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.config.Get() == nil {
		l.config.Set(newConfig())
	}
	return l.config.Get()
}

// A Lazy has the pointer in an atomic.
type Lazy struct {
	mu     sync.Mutex
	config atomic.Pointer[Config]
}

// Get returns the Config.
func (l *Lazy) Get() *Config {
	if c := l.config.Load(); c != nil {
		return c
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.config.Load() == nil {
		l.config.Store(newConfig())
	}
	return l.config.Load()
}

// A HastyLazy checks only once: two goroutines that both see nil make two
// Configs.
type HastyLazy struct {
	mu     sync.Mutex
	config atomic.Pointer[Config]
}

// Get returns the Config.
func (l *HastyLazy) Get() *Config {
	if c := l.config.Load(); c != nil {
		return c
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.config.Store(newConfig())
	return l.config.Load()
}
