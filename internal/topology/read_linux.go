package topology

import (
	"io/fs"
	"os"

	"crosscall/cpumask"
)

// Read returns the topology as this process sees it.
//
// The affinity is the calling thread's. Call Read from a goroutine that runs on an unpinned thread.
// Go makes new threads only from unlocked ones, so that is every goroutine except one that has
// locked its thread and called [Pin]. (The main thread's affinity would be no better: a pinned
// goroutine that ended on it leaves it pinned.)
//
// An error means that it is not known how many CPUs to use: the affinity could not be read or is
// larger than a Mask, or a limit in the cgroup is not understood, which is a [*FileError]. Files
// that are absent or may not be read, as in a container without /sys, are no error: without a
// visible cgroup there is no quota, without /sys there is one node and nothing is known of caches.
// Files in /sys that are not understood are taken as absent, with an entry in Notes.
func Read() (*Topology, error) {
	affinity, err := PinnedTo(0)
	if err != nil {
		return nil, err
	}
	return read(os.DirFS("/"), affinity)
}

// read is Read for a given root directory.
func read(root fs.FS, affinity cpumask.Mask) (*Topology, error) {
	quota, notes, err := readQuota(root)
	if err != nil {
		return nil, err
	}
	s := sysfs{root: root, notes: notes}
	t := &Topology{Affinity: affinity, Quota: quota}
	online := s.online(affinity)
	t.Nodes = s.nodes(online)
	t.CPUs = s.cpus(online)
	t.Usable = usable(affinity, quota, t.Nodes)
	t.Notes = s.notes
	return t, nil
}
