// Package store has one part of the keys and their values, and the operation of
// each command on one key. It has no locks: a shard is used by one CPU, or under
// a mutex.
package store

import (
	"math"
	"strconv"

	"crosscall/examples/kvserver/internal/resp"
)

// Verb is an operation on one key, or on a whole shard.
type Verb uint8

// The verbs. Those up to Incr answer with a reply; the others with a number,
// which is added over the keys or the shards that a command names.
const (
	Get Verb = iota
	Set
	SetNX // if there is none
	SetXX // if there is one
	Incr  // adds arg to the number in the value
	Put   // Set, as part of MSET; 0
	Del   // 1 if it was there
	Exists
	Len   // keys of the shard
	Flush // 0
)

// Replies says whether the verb answers with a reply.
func (v Verb) Replies() bool { return v <= Incr }

// Shard is some of the keys. The zero value is empty.
type Shard struct {
	values map[string]*value
	bytes  int // of keys and values
}

// value is the value of a key. Its buffer is reused, so that a new value of the
// same size needs no allocation.
type value struct{ b []byte }

// Len is the number of keys.
func (s *Shard) Len() int { return len(s.values) }

// Bytes is the total length of all keys and values.
func (s *Shard) Bytes() int { return s.bytes }

// Each calls f with every key and value.
func (s *Shard) Each(f func(key string, value []byte)) {
	for k, v := range s.values {
		f(k, v.b)
	}
}

// Reply applies a verb that answers with a reply, and appends that to out. Both
// key and arg are copied where they are kept.
func (s *Shard) Reply(v Verb, key, arg, out []byte) []byte {
	switch v {
	case Get:
		if e := s.values[string(key)]; e != nil {
			return resp.AppendBulk(out, e.b)
		}
		return append(out, resp.Nil...)
	case SetNX, SetXX:
		if (s.values[string(key)] != nil) != (v == SetXX) {
			return append(out, resp.Nil...)
		}
		fallthrough
	case Set:
		s.set(key, arg)
		return append(out, resp.OK...)
	case Incr:
		return s.incr(key, arg, out)
	}
	panic("store: this verb has no reply")
}

// Count applies a verb that answers with a number.
func (s *Shard) Count(v Verb, key, arg []byte) int {
	switch v {
	case Put:
		s.set(key, arg)
	case Del:
		if e := s.values[string(key)]; e != nil {
			delete(s.values, string(key))
			s.bytes -= len(key) + len(e.b)
			return 1
		}
	case Exists:
		if s.values[string(key)] != nil {
			return 1
		}
	case Len:
		return len(s.values)
	case Flush:
		*s = Shard{}
	default:
		panic("store: this verb has no number")
	}
	return 0
}

func (s *Shard) set(key, arg []byte) {
	e := s.values[string(key)]
	if e == nil {
		e = s.add(key)
	}
	s.bytes += len(arg) - len(e.b)
	if cap(e.b) > 4*len(arg)+64 { // do not keep the buffer of a large old value
		e.b = nil
	}
	e.b = append(e.b[:0], arg...)
}

func (s *Shard) add(key []byte) *value {
	if s.values == nil {
		s.values = make(map[string]*value)
	}
	e := new(value)
	s.values[string(key)] = e
	s.bytes += len(key)
	return e
}

// Errors of Incr.
const (
	NotInteger = "ERR value is not an integer or out of range"
	Overflow   = "ERR increment or decrement would overflow"
)

func (s *Shard) incr(key, arg, out []byte) []byte {
	by, ok := resp.ParseInt(arg)
	if !ok {
		return resp.AppendError(out, NotInteger)
	}
	old := int64(0)
	e := s.values[string(key)]
	if e != nil {
		if old, ok = resp.ParseInt(e.b); !ok {
			return resp.AppendError(out, NotInteger)
		}
	}
	if by > 0 && old > math.MaxInt64-by || by < 0 && old < math.MinInt64-by {
		return resp.AppendError(out, Overflow)
	}
	if e == nil {
		e = s.add(key)
	}
	s.bytes -= len(e.b)
	e.b = strconv.AppendInt(e.b[:0], old+by, 10)
	s.bytes += len(e.b)
	return resp.AppendInt(out, old+by)
}
