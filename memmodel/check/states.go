package check

import (
	"encoding/binary"
	"hash/maphash"
	"iter"
	"slices"
)

// A value is the observed value of one register or cell. It has no number if
// the program does not determine one.
type value struct {
	n     int64
	known bool
}

// A stateSet holds distinct final states, each a row of values. A row is kept
// as codes of 1, 2 or 4 bytes, depending on the number of different values;
// hardly any test needs a second byte. A million states of 40 registers take
// some 60 MB.
type stateSet struct {
	columns int
	width   int // bytes a code
	count   int
	chunks  [][]byte // rows, rowsPerChunk in each but the last
	slots   []uint32 // open addressing: number of the row, from 1; 0 is free
	values  []value  // by code
	codes   map[value]uint32
	small   [smallValues]uint32 // code+1 of the values from 0: they skip the map
	seed    maphash.Seed
	row     []byte
}

const (
	rowShift     = 12
	rowsPerChunk = 1 << rowShift
	smallValues  = 64
)

func newStateSet(columns int) *stateSet {
	s := &stateSet{codes: map[value]uint32{}, seed: maphash.MakeSeed()}
	s.reset(columns, 1)
	return s
}

func (s *stateSet) reset(columns, width int) {
	s.columns, s.width, s.count = columns, width, 0
	s.chunks = nil
	s.slots = make([]uint32, 16)
	s.row = make([]byte, columns*width)
}

// Len is the number of states.
func (s *stateSet) Len() int { return s.count }

// Add adds a state and reports whether it is new.
func (s *stateSet) Add(state []value) bool {
	for i, v := range state {
		c := s.code(v)
		if c>>(8*s.width) != 0 {
			s.widen()
		}
		putCode(s.row, i, s.width, c)
	}
	return s.addRow()
}

// Has reports whether a state was added. It forgets what the last Add left in s.row.
func (s *stateSet) Has(state []value) bool {
	for i, v := range state {
		c, ok := s.codeOf(v)
		if !ok {
			return false
		}
		putCode(s.row, i, s.width, c)
	}
	return s.slots[s.find(s.row)] != 0
}

// codeOf is the code of a value that some state has.
func (s *stateSet) codeOf(v value) (code uint32, ok bool) {
	if v.known && uint64(v.n) < smallValues {
		c := s.small[v.n]
		return c - 1, c != 0
	}
	code, ok = s.codes[v]
	return code, ok
}

func (s *stateSet) code(v value) uint32 {
	if v.known && uint64(v.n) < smallValues {
		if c := s.small[v.n]; c != 0 {
			return c - 1
		}
		s.small[v.n] = uint32(len(s.values)) + 1
	} else {
		if c, ok := s.codes[v]; ok {
			return c
		}
		s.codes[v] = uint32(len(s.values))
	}
	s.values = append(s.values, v)
	return uint32(len(s.values)) - 1
}

// widen doubles the width. s.row keeps what has been put into it.
func (s *stateSet) widen() {
	old := *s
	s.reset(old.columns, 2*old.width)
	for i := range old.count {
		copyCodes(s.row, s.width, old.at(i), old.width)
		s.addRow()
	}
	copyCodes(s.row, s.width, old.row, old.width)
}

// addRow adds s.row.
func (s *stateSet) addRow() bool {
	if 4*(s.count+1) > 3*len(s.slots) {
		s.grow()
	}
	slot := s.find(s.row)
	if s.slots[slot] != 0 {
		return false
	}
	if s.count>>rowShift == len(s.chunks) {
		s.chunks = append(s.chunks, s.newChunk())
	}
	last := &s.chunks[len(s.chunks)-1]
	*last = append(*last, s.row...)
	s.count++
	s.slots[slot] = uint32(s.count)
	return true
}

// newChunk returns a chunk of its final length, except for the first chunk,
// because most tests have only a few states.
func (s *stateSet) newChunk() []byte {
	if len(s.chunks) == 0 {
		return nil
	}
	return make([]byte, 0, rowsPerChunk*len(s.row))
}

func (s *stateSet) at(i int) []byte {
	n := s.columns * s.width
	from := (i & (rowsPerChunk - 1)) * n
	return s.chunks[i>>rowShift][from : from+n]
}

func (s *stateSet) find(row []byte) uint64 {
	mask := uint64(len(s.slots) - 1)
	slot := maphash.Bytes(s.seed, row) & mask
	for s.slots[slot] != 0 && string(s.at(int(s.slots[slot]-1))) != string(row) {
		slot = (slot + 1) & mask
	}
	return slot
}

func (s *stateSet) grow() {
	s.slots = make([]uint32, 2*len(s.slots))
	for i := range s.count {
		s.slots[s.find(s.at(i))] = uint32(i + 1)
	}
}

// Sorted yields the states in lexical order, with values ordered by compare. A
// state is a list of codes, indices into s.values; it is valid until the next.
func (s *stateSet) Sorted(compare func(a, b value) int) iter.Seq[[]uint32] {
	rank := s.ranks(compare)
	order := make([]uint32, s.count)
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(i, j uint32) int {
		a, b := s.at(int(i)), s.at(int(j))
		for k := range s.columns {
			if x, y := getCode(a, k, s.width), getCode(b, k, s.width); x != y {
				return rank[x] - rank[y]
			}
		}
		return 0
	})
	return func(yield func([]uint32) bool) {
		state := make([]uint32, s.columns)
		for _, i := range order {
			row := s.at(int(i))
			for k := range state {
				state[k] = getCode(row, k, s.width)
			}
			if !yield(state) {
				return
			}
		}
	}
}

// ranks returns the rank of each code in the order of values.
func (s *stateSet) ranks(compare func(a, b value) int) []int {
	codes := make([]int, len(s.values))
	for i := range codes {
		codes[i] = i
	}
	slices.SortFunc(codes, func(i, j int) int { return compare(s.values[i], s.values[j]) })
	rank := make([]int, len(codes))
	for r, code := range codes {
		rank[code] = r
	}
	return rank
}

func putCode(row []byte, i, width int, c uint32) {
	switch width {
	case 1:
		row[i] = byte(c)
	case 2:
		binary.LittleEndian.PutUint16(row[2*i:], uint16(c))
	default:
		binary.LittleEndian.PutUint32(row[4*i:], c)
	}
}

func getCode(row []byte, i, width int) uint32 {
	switch width {
	case 1:
		return uint32(row[i])
	case 2:
		return uint32(binary.LittleEndian.Uint16(row[2*i:]))
	default:
		return binary.LittleEndian.Uint32(row[4*i:])
	}
}

func copyCodes(to []byte, toWidth int, from []byte, fromWidth int) {
	for i := range len(from) / fromWidth {
		putCode(to, i, toWidth, getCode(from, i, fromWidth))
	}
}
