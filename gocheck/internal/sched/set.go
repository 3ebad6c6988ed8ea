package sched

import "math/bits"

// A set of threads. Most programs have few, which are all in one word. A set
// must not be assigned to another, because the two would share the further
// words.
type set struct {
	low  uint64
	high *[]uint64 // threads from 64 on
}

func (s *set) has(t int32) bool {
	if t < 64 {
		return s.low>>(uint32(t)%64)&1 != 0
	}
	return s.word(t)>>(uint32(t)%64)&1 != 0
}

func (s *set) add(t int32) {
	if t < 64 {
		s.low |= 1 << (uint32(t) % 64)
		return
	}
	s.addHigh(t)
}

func (s *set) addHigh(t int32) {
	if s.high == nil {
		s.high = new([]uint64)
	}
	w := int(t/64) - 1
	for w >= len(*s.high) {
		*s.high = append(*s.high, 0)
	}
	(*s.high)[w] |= 1 << (t % 64)
}

func (s *set) remove(t int32) {
	switch {
	case t < 64:
		s.low &^= 1 << t
	case s.has(t):
		(*s.high)[t/64-1] &^= 1 << (t % 64)
	}
}

func (s *set) clear() {
	s.low = 0
	if s.high != nil {
		*s.high = (*s.high)[:0]
	}
}

// next is the first thread of the set from t on, or nothing.
func (s *set) next(t int32) int32 {
	if t < 64 {
		if w := s.low >> (uint32(t) % 64); w != 0 {
			return t + int32(bits.TrailingZeros64(w))
		}
	}
	if s.high == nil {
		return nothing
	}
	return s.nextHigh(max(t, 64))
}

func (s *set) nextHigh(t int32) int32 {
	for end := int32(len(*s.high)+1) * 64; t < end; t = (t/64 + 1) * 64 {
		if w := s.word(t) >> (t % 64); w != 0 {
			return t + int32(bits.TrailingZeros64(w))
		}
	}
	return nothing
}

func (s *set) equal(o *set) bool {
	return s.low == o.low && (s.high == nil && o.high == nil || s.equalHigh(o))
}

func (s *set) equalHigh(o *set) bool {
	for t := int32(64); t < maxThreads; t += 64 {
		if s.word(t) != o.word(t) {
			return false
		}
	}
	return true
}

// word is the word of t, a thread beyond the first word.
func (s *set) word(t int32) uint64 {
	if w := int(t/64) - 1; s.high != nil && w < len(*s.high) {
		return (*s.high)[w]
	}
	return 0
}
