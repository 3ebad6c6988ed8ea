package topology

import (
	"errors"
	"testing"

	"crosscall/cpumask"

	"github.com/google/go-cmp/cmp"
)

func mustRead(t *testing.T, f files, affinity cpumask.Mask) *Topology {
	t.Helper()
	topo, err := read(f.fs(), affinity)
	if err != nil {
		t.Fatal(err)
	}
	return topo
}

// Each transcript in testdata is the output of `crosscall topo` on a machine that is simulated
// here.
func TestDescribe(t *testing.T) {
	twoNodes := machine{nodes: 2, cores: 2, threads: 2}
	for _, c := range []struct {
		name     string
		files    files
		affinity cpumask.Mask
	}{
		{
			name:     "two_nodes",
			files:    twoNodes.sys().with(inCgroup("0::/", mountV2)),
			affinity: twoNodes.cpus(),
		},
		{
			name: "two_nodes_quota", // node 0 has two allowed CPUs only, so the three are in node 1
			files: twoNodes.sys().with(inCgroup("0::/batch/job", mountV2)).with(files{
				"/sys/fs/cgroup/batch/cpu.max":     "250000 100000",
				"/sys/fs/cgroup/batch/job/cpu.max": "600000 100000",
			}),
			affinity: cpumask.Of(1, 2, 3, 5, 6, 7),
		},
		{
			name:     "container", // no /sys but the cgroup's
			files:    inCgroup("0::/", mountV2).with(files{"/sys/fs/cgroup/cpu.max": "50000 100000"}),
			affinity: cpumask.Of(4, 9, 70),
		},
		{
			name:     "nothing", // neither /proc nor /sys
			files:    files{},
			affinity: cpumask.Of(0),
		},
		{
			name: "garbage",
			files: machine{nodes: 1, cores: 2, threads: 1}.sys().with(inCgroup("0::/", mountV2)).with(files{
				nodeDir + "/node0/cpulist":                       "0-x",
				cpuDir + "/cpu0/topology/physical_package_id":    "first",
				cpuDir + "/cpu0/topology/thread_siblings_list":   "9-1",
				cpuDir + "/cpu0/cache/index2/size":               "2 MB",
				cpuDir + "/cpu1/cache/index1/shared_cpu_list":    "0-9999",
				cpuDir + "/cpu1/cache/index3/level":              "last",
				cpuDir + "/cpu1/topology/physical_package_id":    "-1",
				nodeDir + "/node99999999999999999999999/cpulist": "0-1",
			}),
			affinity: cpumask.Range(0, 1),
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			checkTranscript(t, c.name, mustRead(t, c.files, c.affinity))
		})
	}
}

func TestReadFields(t *testing.T) {
	m := machine{nodes: 2, cores: 1, threads: 2}
	got := mustRead(t, m.sys().with(inCgroup("0::/", mountV2)), m.cpus())
	cpu := func(id, pkg int, core cpumask.Mask) CPU {
		return CPU{ID: id, Package: pkg, Siblings: core, Caches: []Cache{
			{Level: 1, Type: "Instruction", Size: 32 << 10, Shared: core},
			{Level: 1, Type: "Data", Size: 48 << 10, Shared: core},
			{Level: 2, Type: "Unified", Size: 2 << 20, Shared: core},
			{Level: 3, Type: "Unified", Size: 36 << 20, Shared: core},
		}}
	}
	even, odd := cpumask.Of(0, 2), cpumask.Of(1, 3)
	want := &Topology{
		Usable:   m.cpus(),
		Affinity: m.cpus(),
		Nodes:    []Node{{ID: 0, CPUs: even}, {ID: 1, CPUs: odd}},
		CPUs:     []CPU{cpu(0, 0, even), cpu(1, 1, odd), cpu(2, 0, even), cpu(3, 1, odd)},
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b cpumask.Mask) bool { return a == b })); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A limit that is not understood must stop Read, whatever else is fine.
func TestReadRefusesUnknownLimit(t *testing.T) {
	m := machine{nodes: 1, cores: 2, threads: 1}
	f := m.sys().with(inCgroup("0::/", mountV2)).with(files{"/sys/fs/cgroup/cpu.max": "lots"})
	topo, err := read(f.fs(), m.cpus())
	var fileError *FileError
	if topo != nil || !errors.As(err, &fileError) {
		t.Errorf("read = %v, %v; want a *FileError", topo, err)
	}
}
