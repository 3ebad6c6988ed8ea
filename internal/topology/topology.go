// Package topology finds which CPUs this process may use and how they are related: NUMA nodes,
// cores, caches. On Linux it reads the affinity mask, the cgroup's CPU quota and /sys; elsewhere it
// knows only how many CPUs there are.
//
// All of it is read once. A quota, an affinity or a hotplug that changes later is not noticed.
package topology

import "crosscall/cpumask"

// A Topology is what [Read] found. Whoever holds one may change it; nothing else refers to it.
type Topology struct {
	// Usable is the CPUs to run on: those of Affinity, unless Quota is below their number. Then it
	// is as many of them as the quota fills, rounded up, spread over the fewest NUMA nodes.
	Usable cpumask.Mask

	// Affinity is the CPUs that the kernel lets the process run on. The kernel has taken cpusets
	// and offline CPUs off it. It is never empty, except where it is not known.
	Affinity cpumask.Mask

	// Quota is the CPU time that the cgroup and those above it allow, in CPUs: 1.5 is 150 ms in
	// each 100 ms. 0 is no limit.
	Quota float64

	Nodes []Node // NUMA nodes that have CPUs, by rising ID; every CPU of CPUs is in one
	CPUs  []CPU  // online CPUs, usable or not, by rising ID

	// Notes are sentences on what could not be read or understood, and what was assumed instead.
	Notes []string
}

// A Node is a NUMA node: CPUs that are equally far from all memory.
type Node struct {
	ID   int
	CPUs cpumask.Mask // online CPUs, usable or not
}

// A CPU is one hardware thread.
type CPU struct {
	ID       int
	Package  int          // socket; -1: not known
	Siblings cpumask.Mask // hardware threads of the same core, itself included
	Caches   []Cache      // nearest first; none: not known
}

// A Cache is one that a CPU has, alone or with others.
type Cache struct {
	Level  int          // 1 is nearest to the CPU
	Type   string       // Data, Instruction or Unified
	Size   int64        // bytes; 0: not known
	Shared cpumask.Mask // CPUs that share it, itself included; empty: not known
}

// aloneCPU is a CPU of which nothing is known but its number.
func aloneCPU(id int) CPU {
	return CPU{ID: id, Package: -1, Siblings: cpumask.Of(id)}
}

// Node returns the ID of the NUMA node of cpu, or -1 if cpu is not an online CPU.
func (t *Topology) Node(cpu int) int { return t.nodeOf(cpu).ID }

// NodeMask returns the online CPUs in the NUMA node of cpu, itself included, usable or not; none if
// cpu is not an online CPU.
func (t *Topology) NodeMask(cpu int) cpumask.Mask { return t.nodeOf(cpu).CPUs }

// nodeOf takes any number, as one that no mask has room for is not an online CPU either.
func (t *Topology) nodeOf(cpu int) Node {
	inRange := 0 <= cpu && cpu < cpumask.Max
	for _, n := range t.Nodes {
		if inRange && n.CPUs.Test(cpu) {
			return n
		}
	}
	return Node{ID: -1}
}
