package topology

import (
	"math"
	"math/bits"
	"testing"

	"crosscall/cpumask"

	"pgregory.net/rapid"
)

func TestUsable(t *testing.T) {
	two := []Node{{ID: 0, CPUs: cpumask.Of(0, 1, 4, 5)}, {ID: 1, CPUs: cpumask.Of(2, 3, 6, 7)}}
	three := []Node{{ID: 0, CPUs: cpumask.Of(0)}, {ID: 1, CPUs: cpumask.Range(1, 2)}, {ID: 2, CPUs: cpumask.Range(3, 5)}}
	for _, c := range []struct {
		name     string
		affinity string
		quota    float64
		nodes    []Node
		want     string
	}{
		{"no quota", "0-7", 0, two, "0-7"},
		{"quota of all", "0-7", 8, two, "0-7"},
		{"quota beyond all", "0-7", 1e30, two, "0-7"},
		{"quota just below all", "0-7", 7.5, two, "0-7"},
		{"at least one", "0-7", 0.01, two, "0"},
		{"rounded up", "0-7", 2.1, two, "0-1,4"},
		{"whole", "0-7", 3, two, "0-1,4"},
		{"exactly one node", "0-7", 4, two, "0-1,4-5"},
		{"one node and one more", "0-7", 5, two, "0-2,4-5"},
		{"first node too small", "1-7:1/2,2,6", 3, two, "2-3,6"},
		{"first node that holds it, not the largest", "0-5", 2, three, "1-2"},
		{"none holds it: largest first", "0-5", 4, three, "1,3-5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			affinity, err := cpumask.Parse(c.affinity)
			if err != nil {
				t.Fatal(err)
			}
			if got := usable(affinity, c.quota, c.nodes); got.String() != c.want {
				t.Errorf("usable = %v, want %s", got, c.want)
			}
		})
	}
}

// fewestNodes is the obvious computation of the least number of nodes for n CPUs of affinity:
// it tries every set of nodes.
func fewestNodes(affinity cpumask.Mask, n int, nodes []Node) int {
	fewest := len(nodes)
	for set := range uint(1) << len(nodes) {
		var cpus cpumask.Mask
		for i, node := range nodes {
			if set>>i&1 == 1 {
				cpus = cpus.Or(&node.CPUs)
			}
		}
		allowed := cpus.And(&affinity)
		if allowed.Weight() >= n {
			fewest = min(fewest, bits.OnesCount(set))
		}
	}
	return fewest
}

func TestUsableTakesTheFewestNodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes := make([]Node, rapid.IntRange(1, 5).Draw(t, "nodes"))
		affinity := cpumask.Of(0)
		for cpu := range rapid.IntRange(1, 80).Draw(t, "CPUs") {
			nodes[rapid.IntRange(0, len(nodes)-1).Draw(t, "node")].CPUs.Set(cpu)
			if rapid.Bool().Draw(t, "allowed") {
				affinity.Set(cpu)
			}
		}
		quota := rapid.Float64Range(0.01, 90).Draw(t, "quota")
		n := min(int(math.Ceil(quota)), affinity.Weight())

		got := usable(affinity, quota, nodes)
		if !got.Subset(&affinity) || got.Weight() != n {
			t.Fatalf("usable = %v, want %d CPUs of %v", got, n, affinity)
		}
		used := 0
		for _, node := range nodes {
			if in := node.CPUs.And(&got); !in.Empty() {
				used++
			}
		}
		if want := fewestNodes(affinity, n, nodes); used != want {
			t.Fatalf("usable = %v is in %d nodes of %v, want %d", got, used, nodes, want)
		}
	})
}
