package sched

import (
	"testing"

	"pgregory.net/rapid"
)

// TestCells compares the table of cells with a map, over several executions.
func TestCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s shadows
		for range rapid.IntRange(1, 3).Draw(t, "executions") {
			s.reset()
			dumb := map[uintptr]int32{}
			base := rapid.Uint64Range(0, 1<<40).Draw(t, "base")
			for range rapid.IntRange(0, 1000).Draw(t, "accesses") {
				at := uintptr(base+rapid.Uint64Range(0, 1<<12).Draw(t, "at")) &^ (cellBytes - 1)
				c := s.cell(at)
				want, there := dumb[at]
				if !there {
					want = nothing
				}
				if c.at != at || c.head != want {
					t.Fatalf("the cell of %#x has address %#x and shadow %d, want %d", at, c.at, c.head, want)
				}
				c.head = int32(len(dumb))
				dumb[at] = c.head
			}
			if s.used != len(dumb) {
				t.Fatalf("%d cells, want %d", s.used, len(dumb))
			}
		}
	})
}
