package ir_test

import (
	"testing"

	"crosscall/memmodel/internal/ir"
)

func TestVariableAt(t *testing.T) {
	p := &ir.Program{}
	for _, name := range []string{"x", "", "", "n.list.next", "n.list.prev", "", "n.v[0]", "n.v[1]", "n.w.a", "n.w.b", "nn.a", "", "a[0].p", "a[0].q", "a[1].p"} {
		p.Cells = append(p.Cells, ir.Cell{Name: name})
	}
	for cell, want := range map[int]string{0: "x", 3: "n", 4: "n.list.prev", 6: "n.v", 7: "n.v[1]", 8: "n.w", 9: "n.w.b", 10: "nn", 12: "a", 13: "a[0].q", 14: "a[1]"} {
		if got := p.VariableAt(cell); got != want {
			t.Errorf("cell %d: %s, want %s", cell, got, want)
		}
	}
}
