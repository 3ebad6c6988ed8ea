package sched

import "math/bits"

// A set of threads. Most programs have few, and all of theirs are in one word.
// A set must not be assigned to another, for they would share the rest.
type set struct {
	low  uint64
	high []uint64 // threads from 64 on
}

func (s *set) has(t int32) bool {
	if t < 64 {
		return s.low>>t&1 != 0
	}
	w := int(t/64) - 1
	return w < len(s.high) && s.high[w]>>(t%64)&1 != 0
}

func (s *set) add(t int32) {
	if t < 64 {
		s.low |= 1 << t
		return
	}
	w := int(t/64) - 1
	for w >= len(s.high) {
		s.high = append(s.high, 0)
	}
	s.high[w] |= 1 << (t % 64)
}

func (s *set) remove(t int32) {
	switch w := int(t/64) - 1; {
	case t < 64:
		s.low &^= 1 << t
	case w < len(s.high):
		s.high[w] &^= 1 << (t % 64)
	}
}

func (s *set) clear() { s.low, s.high = 0, s.high[:0] }

// next is the first thread of the set from t on, or nothing.
func (s *set) next(t int32) int32 {
	if t < 64 {
		if w := s.low >> t; w != 0 {
			return t + int32(bits.TrailingZeros64(w))
		}
		t = 64
	}
	for w := int(t/64) - 1; w < len(s.high); w++ {
		if v := s.high[w] >> (t % 64); v != 0 {
			return t + int32(bits.TrailingZeros64(v))
		}
		t = int32(w+2) * 64
	}
	return nothing
}

func (s *set) equal(o *set) bool {
	if s.low != o.low {
		return false
	}
	for w := range max(len(s.high), len(o.high)) {
		if s.word(w) != o.word(w) {
			return false
		}
	}
	return true
}

func (s *set) word(w int) uint64 {
	if w < len(s.high) {
		return s.high[w]
	}
	return 0
}
