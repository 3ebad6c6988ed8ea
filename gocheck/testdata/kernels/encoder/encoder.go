// Package encoder writes numbers into buffers that come from a pool.
package encoder

import "sync"

type buffer struct {
	digits []byte
}

type encoder struct {
	pool sync.Pool
}

func newEncoder() *encoder {
	return &encoder{pool: sync.Pool{New: func() any { return &buffer{make([]byte, 1)} }}}
}

// encodeBroken returns memory that it has put back.
func (e *encoder) encodeBroken(digit byte) []byte {
	b := e.pool.Get().(*buffer)
	defer e.pool.Put(b)
	b.digits[0] = '0' + digit // BUG race: the buffer is written while its last user reads what was returned
	return b.digits
}

// encodeFixed returns a copy.
func (e *encoder) encodeFixed(digit byte) []byte {
	b := e.pool.Get().(*buffer)
	defer e.pool.Put(b)
	b.digits[0] = '0' + digit
	return []byte{b.digits[0]}
}
