package bench

import (
	"testing"

	"crosscall/cpumask"
	"crosscall/internal/topology"
)

func TestRelationByTheKernel(t *testing.T) {
	cpu := func(id int, siblings cpumask.Mask, shared ...cpumask.Mask) topology.CPU {
		c := topology.CPU{ID: id, Siblings: siblings}
		for _, s := range shared {
			c.Caches = append(c.Caches, topology.Cache{Shared: s})
		}
		return c
	}
	topo := &topology.Topology{CPUs: []topology.CPU{
		cpu(0, cpumask.Of(0, 1), cpumask.Of(0, 1), cpumask.Of(0, 1, 2)),
		cpu(1, cpumask.Of(0, 1)),
		cpu(2, cpumask.Of(2), cpumask.Of(2), cpumask.Mask{}),
		cpu(3, cpumask.Of(3)),
		cpu(4, cpumask.Of(4), cpumask.Mask{}),
	}}
	for pair, want := range map[[2]int]string{
		{0, 1}: hyperthreads,
		{0, 2}: sharingCores,
		{0, 3}: distantCores,
		{2, 3}: distantCores,
		{3, 4}: unknownCores,
		{4, 3}: unknownCores,
		{9, 0}: unknownCores,
	} {
		if got := relation(topo, pair[0], pair[1]); got != want {
			t.Errorf("CPUs %v: %s, want %s", pair, got, want)
		}
	}
}

func TestRelationByMeasurement(t *testing.T) {
	for figures, want := range map[[2]float64]string{
		{50, 1.8}:  hyperthreads,
		{300, 1.8}: hyperthreads, // a busy machine may make the ping-pong slow
		{70, 1.02}: sharingCores,
		{240, 1}:   distantCores,
	} {
		if got := measuredRelation(figures[0], figures[1]); got != want {
			t.Errorf("%v: %s, want %s", figures, got, want)
		}
	}
}

func TestPairIsFound(t *testing.T) {
	s := newSite(usable(t))
	if err := s.lacks(twoCPUs); err != nil {
		t.Skip(err)
	}
	p := findPair(s)
	if p == nil || p.Kernel == "" || p.Measured == "" || p.PingPong <= 0 || p.Slowdown <= 0 {
		t.Errorf("found %+v", p)
	}
	if one := findPair(newSite(cpumask.Of(s.caller))); one != nil {
		t.Errorf("one CPU is the pair %+v", one)
	}
}
