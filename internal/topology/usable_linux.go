package topology

import (
	"math"
	"slices"

	"crosscall/cpumask"
)

// usable picks the CPUs to run on. quota is in CPUs, 0 for none.
//
// More threads than the quota fills would use it up early in each period, and then all be stopped
// for the rest of it, while a caller on another CPU spins for an answer. The picked CPUs are in the
// fewest nodes that have room for them, as a call across nodes costs several times one within.
func usable(affinity cpumask.Mask, quota float64, nodes []Node) cpumask.Mask {
	if quota == 0 || quota >= float64(affinity.Weight()) {
		return affinity
	}
	n := int(math.Ceil(quota))
	return pick(affinity, n, byRoom(nodes, affinity, n))
}

// byRoom orders nodes by how many of n CPUs they can hold, most first. So the first node that holds
// them all wins, whatever room it has beyond that, and if none does the largest goes first.
func byRoom(nodes []Node, affinity cpumask.Mask, n int) []Node {
	room := func(node Node) int {
		allowed := node.CPUs.And(&affinity)
		return min(allowed.Weight(), n)
	}
	ordered := slices.Clone(nodes)
	slices.SortStableFunc(ordered, func(a, b Node) int { return room(b) - room(a) })
	return ordered
}

// pick returns the first n CPUs of affinity, node by node.
func pick(affinity cpumask.Mask, n int, nodes []Node) cpumask.Mask {
	var picked cpumask.Mask
	for _, node := range nodes {
		for cpu := range node.CPUs.All() {
			if picked.Weight() == n {
				return picked
			}
			if affinity.Test(cpu) {
				picked.Set(cpu)
			}
		}
	}
	return picked
}
