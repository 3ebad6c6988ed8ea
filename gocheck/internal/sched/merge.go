package sched

import "slices"

// mergeBlocks tries, for each preemption in found, to let the preempted thread go on
// with its next block of steps, and keeps schedules that still fail with fewer
// preemptions.
func mergeBlocks(cfg Config, body func(), found *Found) *Found {
	best := found
	left := shrinkSteps
	for i := 0; left > 0; {
		s, ok := best.Schedule.merged(i)
		if s == nil {
			return best
		}
		if ok {
			t, f := follow(cfg, body, s)
			left -= len(t.steps)
			if n := t.preemptions(); found.isLike(f) && n < best.Preemptions {
				best, f.Preemptions = f, n
				continue
			}
		}
		i++
	}
	return best
}

// merged is s in which block i and the next block of the same thread are one. It is
// nil if there is no block i. ok is false if there is no next one.
func (s *Schedule) merged(i int) (out *Schedule, ok bool) {
	blocks := s.blocks()
	if i >= len(blocks) {
		return nil, false
	}
	for j := i + 1; j < len(blocks); j++ {
		if blocks[j].thread == blocks[i].thread {
			moved := slices.Insert(slices.Delete(slices.Clone(blocks), j, j+1), i+1, blocks[j])
			return s.inOrder(moved), true
		}
	}
	return s, false
}

// A block is a run of steps of one thread.
type block struct {
	thread   int32
	from, to int
}

func (s *Schedule) blocks() (list []block) {
	for d, t := range s.Threads {
		if n := len(list); n > 0 && list[n-1].thread == t {
			list[n-1].to = d + 1
			continue
		}
		list = append(list, block{t, d, d + 1})
	}
	return list
}

// inOrder is s with its blocks in another order.
func (s *Schedule) inOrder(blocks []block) *Schedule {
	out := &Schedule{Choices: map[int]int32{}}
	for _, b := range blocks {
		for d := b.from; d < b.to; d++ {
			if c := s.Choices[d]; c != 0 {
				out.Choices[len(out.Threads)] = c
			}
			out.Threads = append(out.Threads, b.thread)
		}
	}
	return out
}
