package topology

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"crosscall/cpumask"
)

const (
	cpuDir  = "/sys/devices/system/cpu"
	nodeDir = "/sys/devices/system/node"
)

// sysfs reads /sys. Its data decide only how well calls are placed, not whether the process can
// run. So absent data get a default, and data that are not understood get a default and a note.
type sysfs struct {
	root  fs.FS
	notes []string
}

func (s *sysfs) note(format string, args ...any) {
	s.notes = append(s.notes, fmt.Sprintf(format, args...))
}

// readAs reads a file by parse. It reports false if there is no file, or one that parse refuses.
func readAs[T any](s *sysfs, file string, parse func(string) (T, error)) (T, bool) {
	var none T
	text := readText(s.root, file)
	if text == "" {
		return none, false
	}
	v, err := parse(text)
	if err != nil {
		s.note("%s is not understood and left out: %v", file, err)
		return none, false
	}
	return v, true
}

// glob returns the paths that match a pattern.
func (s *sysfs) glob(pattern string) []string {
	found, err := fs.Glob(s.root, strings.TrimPrefix(pattern, "/"))
	if err != nil {
		panic(err) // the pattern is malformed: it is a constant of this file
	}
	for i := range found {
		found[i] = "/" + found[i]
	}
	return found
}

// online returns the CPUs that are switched on. Those of the affinity always are.
func (s *sysfs) online(affinity cpumask.Mask) cpumask.Mask {
	online, _ := readAs(s, cpuDir+"/online", cpumask.Parse)
	return online.Or(&affinity)
}

// nodes returns the NUMA nodes that have CPUs. CPUs that are in no node, which is all of them if
// /sys has no nodes, are put in the first: usable picks CPUs node by node, and would never pick a
// CPU without one.
func (s *sysfs) nodes(online cpumask.Mask) []Node {
	var nodes []Node
	homeless := online
	for _, dir := range s.glob(nodeDir + "/node*") {
		n, ok := s.node(dir)
		if ok {
			nodes = append(nodes, n)
			homeless = homeless.AndNot(&n.CPUs)
		}
	}
	slices.SortFunc(nodes, func(a, b Node) int { return cmp.Compare(a.ID, b.ID) })
	if homeless.Empty() {
		return nodes
	}
	if len(nodes) == 0 {
		nodes = []Node{{ID: 0}}
	}
	s.note("%s has no node for CPUs %v; taken as node %d", nodeDir, homeless, nodes[0].ID)
	nodes[0].CPUs = nodes[0].CPUs.Or(&homeless)
	return nodes
}

// node reads one node directory. A node of memory only has an empty cpulist, and is left out.
func (s *sysfs) node(dir string) (Node, bool) {
	id, err := strconv.Atoi(strings.TrimPrefix(path.Base(dir), "node"))
	if err != nil {
		return Node{}, false
	}
	cpus, ok := readAs(s, dir+"/cpulist", cpumask.Parse)
	return Node{ID: id, CPUs: cpus}, ok
}

func (s *sysfs) cpus(online cpumask.Mask) []CPU {
	var cpus []CPU
	for cpu := range online.All() {
		cpus = append(cpus, s.cpu(cpu))
	}
	return cpus
}

func (s *sysfs) cpu(id int) CPU {
	dir := fmt.Sprintf("%s/cpu%d", cpuDir, id)
	c := aloneCPU(id)
	if pkg, ok := readAs(s, dir+"/topology/physical_package_id", parseInt); ok {
		c.Package = pkg
	}
	if siblings, ok := readAs(s, dir+"/topology/thread_siblings_list", cpumask.Parse); ok {
		c.Siblings = siblings
	}
	for _, index := range s.glob(dir + "/cache/index*") {
		if cache, ok := s.cache(index); ok {
			c.Caches = append(c.Caches, cache)
		}
	}
	slices.SortStableFunc(c.Caches, func(a, b Cache) int { return cmp.Compare(a.Level, b.Level) })
	return c
}

// cache reads one cache directory. All but the level may be absent: firmware on Arm often does not
// report the size.
func (s *sysfs) cache(dir string) (Cache, bool) {
	level, ok := readAs(s, dir+"/level", parseInt)
	size, _ := readAs(s, dir+"/size", parseSize)
	shared, _ := readAs(s, dir+"/shared_cpu_list", cpumask.Parse)
	return Cache{Level: level, Type: readText(s.root, dir+"/type"), Size: size, Shared: shared}, ok
}

func parseInt(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number", text)
	}
	return n, nil
}

// parseSize reads a size in KiB, "32K", the only unit that the kernel prints
// (drivers/base/cacheinfo.c), and returns bytes.
func parseSize(text string) (int64, error) {
	digits, ok := strings.CutSuffix(text, "K")
	n, err := strconv.ParseUint(digits, 10, 32)
	if !ok || err != nil {
		return 0, fmt.Errorf("%q is not a size such as 32K", text)
	}
	return int64(n) << 10, nil
}
