package ir

import "testing"

// TestWithin asks which addresses are within a cell, and not at its start.
func TestWithin(t *testing.T) {
	p := &Program{Cells: make([]Cell, 24)}
	p.Cells[0] = Cell{Name: "word", Size: 4}
	p.Cells[8] = Cell{Name: "long", Size: 8}
	p.Cells[16] = Cell{Name: "byte", Size: 1}
	p.Cells[17] = Cell{Name: "hidden"}
	for c := range p.Cells {
		want := c > 0 && c < 4 || c > 8 && c < 16
		if got := p.Within(AddrOf(c)); got != want && p.Cells[c].Name == "" {
			t.Errorf("address %d: %v", c, got)
		}
	}
}
