// Package position publishes a pair of numbers under a sequence number, which is
// odd while the pair is written.
package position

import "sync/atomic"

type position struct {
	seq  atomic.Int32
	x, y atomic.Int32
}

func (p *position) move(n int32) {
	p.seq.Add(1)
	p.x.Store(n)
	p.y.Store(n)
	p.seq.Add(1)
}

// readBroken looks at the sequence number before it reads only.
func (p *position) readBroken() (x, y int32, ok bool) {
	if p.seq.Load()%2 == 1 {
		return 0, 0, false
	}
	return p.x.Load(), p.y.Load(), true
}

// readFixed looks at it again afterwards.
func (p *position) readFixed() (x, y int32, ok bool) {
	seq := p.seq.Load()
	x, y = p.x.Load(), p.y.Load()
	return x, y, seq%2 == 0 && seq == p.seq.Load()
}
