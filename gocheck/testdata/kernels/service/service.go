// Package service may be stopped by anybody, more than once.
package service

import "sync"

type service struct {
	once    sync.Once
	stopped chan bool
}

func newService() *service { return &service{stopped: make(chan bool)} }

// stopBroken closes the channel if nobody has closed it yet.
func (s *service) stopBroken() {
	select {
	case <-s.stopped:
	default:
		close(s.stopped) // BUG panic: two callers both found it open, and both close it
	}
}

// stopFixed closes it once.
func (s *service) stopFixed() {
	s.once.Do(func() { close(s.stopped) })
}
