package topology

import (
	"testing"

	"crosscall/cpumask"
)

func TestNode(t *testing.T) {
	topo := &Topology{Nodes: []Node{{ID: 1, CPUs: cpumask.Of(0, 70)}, {ID: 8, CPUs: cpumask.Of(1)}}}
	for _, c := range []struct {
		cpu, node int
		mask      string
	}{
		{0, 1, "0,70"}, {70, 1, "0,70"}, {1, 8, "1"}, {2, -1, ""}, {-1, -1, ""}, {cpumask.Max, -1, ""},
	} {
		if node, mask := topo.Node(c.cpu), topo.NodeMask(c.cpu); node != c.node || mask.String() != c.mask {
			t.Errorf("CPU %d is in node %d with %v, want node %d with %s", c.cpu, node, mask, c.node, c.mask)
		}
	}
}

// TestReadThisMachine checks what must be so on every machine.
func TestReadThisMachine(t *testing.T) {
	topo, err := Read()
	if err != nil {
		t.Fatal(err)
	}
	if topo.Usable.Empty() {
		t.Error("no CPU is usable")
	}
	if !topo.Affinity.Empty() && !topo.Usable.Subset(&topo.Affinity) {
		t.Errorf("usable %v is not within the affinity %v", topo.Usable, topo.Affinity)
	}
	var online cpumask.Mask
	for _, c := range topo.CPUs {
		online.Set(c.ID)
		if topo.Node(c.ID) < 0 {
			t.Errorf("CPU %d is in no node", c.ID)
		}
		if mask := topo.NodeMask(c.ID); !mask.Test(c.ID) {
			t.Errorf("the node of CPU %d has CPUs %v", c.ID, mask)
		}
	}
	if !topo.Usable.Subset(&online) {
		t.Errorf("usable %v is not within the listed CPUs %v", topo.Usable, online)
	}
}
