package topology

import (
	"testing"

	"crosscall/cpumask"

	"github.com/google/go-cmp/cmp"
)

func TestNodes(t *testing.T) {
	four := cpumask.Range(0, 3)
	for _, c := range []struct {
		name   string
		lists  map[string]string // by name of the node's directory
		online cpumask.Mask
		want   map[int]string
		notes  []string
	}{
		{
			name:   "sparse IDs in the order of numbers",
			lists:  map[string]string{"node0": "0", "node8": "1", "node16": "2-3"},
			online: four,
			want:   map[int]string{0: "0", 8: "1", 16: "2-3"},
		},
		{
			name:   "a node of memory only",
			lists:  map[string]string{"node0": "0-3", "node1": ""},
			online: four,
			want:   map[int]string{0: "0-3"},
		},
		{
			name:   "other names are no nodes",
			lists:  map[string]string{"node0": "0-3", "nodes": "7"},
			online: four,
			want:   map[int]string{0: "0-3"},
		},
		{
			name:   "CPUs in no node join the first",
			lists:  map[string]string{"node2": "0", "node3": "1"},
			online: four,
			want:   map[int]string{2: "0,2-3", 3: "1"},
			notes:  []string{"/sys/devices/system/node has no node for CPUs 2-3; taken as node 2"},
		},
		{
			name:   "no nodes",
			online: four,
			want:   map[int]string{0: "0-3"},
			notes:  []string{"/sys/devices/system/node has no node for CPUs 0-3; taken as node 0"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := files{}
			for dir, list := range c.lists {
				f[nodeDir+"/"+dir+"/cpulist"] = list
			}
			s := sysfs{root: f.fs()}
			got := map[int]string{}
			last := -1
			for _, n := range s.nodes(c.online) {
				got[n.ID] = n.CPUs.String()
				if n.ID <= last {
					t.Errorf("node %d comes after node %d", n.ID, last)
				}
				last = n.ID
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("nodes, -want +got:\n%s", diff)
			}
			if diff := cmp.Diff(c.notes, s.notes); diff != "" {
				t.Errorf("notes, -want +got:\n%s", diff)
			}
		})
	}
}

func TestOnline(t *testing.T) {
	for _, c := range []struct {
		file     string
		affinity cpumask.Mask
		want     string
		notes    int
	}{
		{"0-7", cpumask.Of(2), "0-7", 0},
		{"0-3", cpumask.Of(5), "0-3,5", 0}, // CPU 5 came online between the two reads
		{"", cpumask.Of(2), "2", 0},
		{"0-4095", cpumask.Of(2), "2", 1},
	} {
		s := sysfs{root: files{cpuDir + "/online": c.file}.fs()}
		if got := s.online(c.affinity); got.String() != c.want || len(s.notes) != c.notes {
			t.Errorf("online %q with affinity %v = %v, notes %q; want %s, %d notes", c.file, c.affinity, got, s.notes, c.want, c.notes)
		}
	}
}

func TestParseSize(t *testing.T) {
	for _, c := range []struct {
		text string
		want int64
		ok   bool
	}{
		{"32K", 32 << 10, true},
		{"0K", 0, true},
		{"4194303K", 4194303 << 10, true},
		{"32", 0, false},
		{"32M", 0, false},
		{"K", 0, false},
		{"-1K", 0, false},
		{"99999999999K", 0, false},
	} {
		if got, err := parseSize(c.text); got != c.want || c.ok != (err == nil) {
			t.Errorf("parseSize(%q) = %d, %v; want %d", c.text, got, err, c.want)
		}
	}
}
