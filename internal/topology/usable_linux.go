package topology

import (
	"math"
	"slices"

	"crosscall/cpumask"
)

// usable picks the CPUs to run on. quota is in CPUs, 0 for none.
//
// More threads than the quota allows would use it up early in each period, and would all be stopped
// for the rest of the period, while a caller on another CPU spins for an answer. The picked CPUs
// are in the fewest nodes that have enough CPUs, because a call across nodes costs several times as
// much as one within a node.
func usable(affinity cpumask.Mask, quota float64, nodes []Node) cpumask.Mask {
	if quota == 0 || quota >= float64(affinity.Weight()) {
		return affinity
	}
	n := int(math.Ceil(quota))
	return pick(affinity, n, byRoom(nodes, affinity, n))
}

// byRoom orders nodes by how many of n CPUs they can provide, most first. So the first node that
// can provide all of them is used, even if another has more CPUs; if none can, the largest is
// first.
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
