//go:build !linux

package poller

import (
	"errors"
	"time"
)

// Poller is not supported here.
type Poller struct{}

// New fails with ErrUnsupported.
func New() (*Poller, error) { return nil, errors.ErrUnsupported }

func (p *Poller) Add(int, Events, uint32) error       { return errors.ErrUnsupported }
func (p *Poller) Modify(int, Events, uint32) error    { return errors.ErrUnsupported }
func (p *Poller) Remove(int) error                    { return errors.ErrUnsupported }
func (p *Poller) Poll() int                           { return 0 }
func (p *Poller) Wait(time.Duration) int              { return 0 }
func (p *Poller) WaitShort(time.Duration) (int, bool) { return 0, false }
func (p *Poller) Left() int                           { return 0 }
func (p *Poller) Next() (int, uint32, Events)         { return 0, 0, 0 }
func (p *Poller) Wake()                               {}
func (p *Poller) Notify(func()) error                 { return errors.ErrUnsupported }
func (p *Poller) Close(uint64) error                  { return nil }
