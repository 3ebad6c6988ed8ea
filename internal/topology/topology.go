// Package topology finds the CPUs that this process may use and their relations: NUMA nodes, cores,
// caches. On Linux it reads the affinity mask, the cgroup's CPU quota and /sys; elsewhere it knows
// only how many CPUs there are.
//
// All of it is read once. A quota, an affinity or a hotplug that changes later is not noticed.
package topology

import "crosscall/cpumask"

// A Topology is the result of [Read]. The caller may change it; nothing else refers to it.
type Topology struct {
	// Usable is the CPUs to run on: those of Affinity, unless Quota is below their number. Then it
	// is as many of them as the quota, rounded up, in the fewest NUMA nodes.
	Usable cpumask.Mask

	// Affinity is the CPUs on which the kernel lets the process run, after cpusets and without
	// offline CPUs. It is never empty, except if it is not known.
	Affinity cpumask.Mask

	// Quota is the CPU time that the cgroup and those above it allow, in CPUs: 1.5 is 150 ms in
	// each 100 ms. 0 is no limit.
	Quota float64

	Nodes []Node // NUMA nodes that have CPUs, by rising ID; every CPU of CPUs is in one
	CPUs  []CPU  // online CPUs, usable or not, by rising ID

	// Notes are sentences about data that could not be read or understood, and the assumptions that
	// are made instead.
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

// A Cache is a cache of a CPU, its own or shared with other CPUs.
type Cache struct {
	Level  int          // 1 is nearest to the CPU
	Type   string       // Data, Instruction or Unified
	Size   int64        // bytes; 0: not known
	Shared cpumask.Mask // CPUs that share it, itself included; empty: not known
}

// aloneCPU is a CPU of which only the number is known.
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
