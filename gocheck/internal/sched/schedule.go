package sched

import (
	"encoding/base32"
	"encoding/binary"
	"errors"
)

// A Schedule is one execution: the thread of each step, and the result of each
// Choose. Threads are numbered in the order in which this execution starts them. That is how
// an explorer numbers them that runs nothing else; others number them as they meet them
// in several executions.
type Schedule struct {
	Threads []int32
	Choices map[int]int32 // by step; 0 for steps that are not here
}

func (s *Schedule) choice(d int) int32 { return s.Choices[d] }

func (x *Explorer) schedule() *Schedule {
	numbers := make([]int32, len(x.threads))
	for n, id := range x.begun {
		numbers[id] = int32(n)
	}
	s := &Schedule{Choices: map[int]int32{}}
	for d := range x.exec.depth {
		s.Threads = append(s.Threads, numbers[x.stack.nodes[d].thread])
		if c := x.exec.events[d].choice; c != 0 {
			s.Choices[d] = c
		}
	}
	return s
}

var base = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// String writes s as a seed: runs of one thread's steps, then the choices.
func (s *Schedule) String() string {
	b := []byte{}
	runs := 0
	for i := 0; i < len(s.Threads); runs++ {
		n := i
		for n < len(s.Threads) && s.Threads[n] == s.Threads[i] {
			n++
		}
		b = binary.AppendUvarint(b, uint64(s.Threads[i]))
		b = binary.AppendUvarint(b, uint64(n-i))
		i = n
	}
	b = append(binary.AppendUvarint(nil, uint64(runs)), b...)
	last := 0
	for d := range s.Threads {
		if c := s.Choices[d]; c != 0 {
			b = binary.AppendUvarint(b, uint64(d-last))
			b = binary.AppendUvarint(b, uint64(c))
			last = d
		}
	}
	return base.EncodeToString(b)
}

var errSeed = errors.New("not a seed that gocheck printed: copy it whole")

const longest = 1 << 24 // steps of a schedule that is read

// ParseSchedule reads what String wrote.
func ParseSchedule(seed string) (*Schedule, error) {
	b, err := base.DecodeString(seed)
	if err != nil {
		return nil, errSeed
	}
	r := reader{b: b}
	s := &Schedule{Choices: map[int]int32{}}
	for runs := r.next(); runs > 0 && !r.bad; runs-- {
		t, n := r.next(), r.next()
		if t >= maxThreads || n > longest-uint64(len(s.Threads)) {
			return nil, errSeed
		}
		for range n {
			s.Threads = append(s.Threads, int32(t))
		}
	}
	for d := uint64(0); len(r.b) > 0 && !r.bad; {
		d += r.next()
		c := r.next()
		if d >= uint64(len(s.Threads)) || c > longest {
			return nil, errSeed
		}
		s.Choices[int(d)] = int32(c)
	}
	if r.bad {
		return nil, errSeed
	}
	return s, nil
}

type reader struct {
	b   []byte
	bad bool
}

func (r *reader) next() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.bad = true
		return 0
	}
	r.b = r.b[n:]
	return v
}
