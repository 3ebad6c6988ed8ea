package examples

import (
	"crosscall/gocheck"
	"crosscall/gocheck/atomic"
)

// A SeqLock has a pair that is read without any write: a reader reads again if
// the number is odd, or has changed meanwhile.
type SeqLock struct {
	seq  atomic.Uint32
	a, b atomic.Int32
}

// Write sets the pair. One goroutine may write.
func (l *SeqLock) Write(a, b int32) {
	l.seq.Add(1)
	l.a.Store(a)
	l.b.Store(b)
	l.seq.Add(1)
}

// Read returns the pair.
func (l *SeqLock) Read() (a, b int32) {
	for {
		seq := l.seq.Load()
		if seq%2 == 0 {
			a, b = l.a.Load(), l.b.Load()
			if l.seq.Load() == seq {
				return a, b
			}
		}
		gocheck.Spin()
	}
}

// ReadOnce is a Read that does not check the number again: it can return half
// of one pair and half of the next.
func (l *SeqLock) ReadOnce() (a, b int32) {
	for l.seq.Load()%2 != 0 {
		gocheck.Spin()
	}
	return l.a.Load(), l.b.Load()
}

// A PlainSeqLock has the pair in plain variables, as in C. In Go that is a data
// race, whatever the number says afterwards: the reads happen while the writes
// do.
type PlainSeqLock struct {
	seq  atomic.Uint32
	a, b int32
}

// Write sets the pair.
func (l *PlainSeqLock) Write(a, b int32) {
	l.seq.Add(1)
	gocheck.Write(&l.a)
	gocheck.Write(&l.b)
	l.a, l.b = a, b
	l.seq.Add(1)
}

// Read returns the pair.
func (l *PlainSeqLock) Read() (a, b int32) {
	for {
		seq := l.seq.Load()
		if seq%2 == 0 {
			gocheck.Read(&l.a)
			gocheck.Read(&l.b)
			a, b = l.a, l.b
			if l.seq.Load() == seq {
				return a, b
			}
		}
		gocheck.Spin()
	}
}
