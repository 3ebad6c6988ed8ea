package topology

import (
	"fmt"
	"maps"
	"testing/fstest"

	"crosscall/cpumask"
)

// files is a root directory: absolute paths, and the contents of the files without the final
// newline.
type files map[string]string

func (f files) fs() fstest.MapFS {
	root := fstest.MapFS{}
	for file, text := range f {
		root[file[1:]] = &fstest.MapFile{Data: []byte(text + "\n")}
	}
	return root
}

// with returns f with the files of more added or replaced.
func (f files) with(more files) files {
	all := maps.Clone(f)
	maps.Copy(all, more)
	return all
}

func (f files) without(file string) files {
	rest := maps.Clone(f)
	delete(rest, file)
	return rest
}

// A machine is a computer in which every node is one package of cores that share an L3. CPUs are
// numbered as x86 firmware does: first one thread of each core, through all nodes, then the second.
type machine struct{ nodes, cores, threads int }

func (m machine) cpus() cpumask.Mask { return cpumask.Range(0, m.nodes*m.cores*m.threads-1) }

func (m machine) node(cpu int) int { return cpu % (m.nodes * m.cores) / m.cores }

// siblings returns the threads of the core of cpu.
func (m machine) siblings(cpu int) cpumask.Mask {
	var mask cpumask.Mask
	cores := m.nodes * m.cores
	for thread := range m.threads {
		mask.Set(cpu%cores + thread*cores)
	}
	return mask
}

func (m machine) nodeCPUs(node int) cpumask.Mask {
	var mask cpumask.Mask
	all := m.cpus()
	for cpu := range all.All() {
		if m.node(cpu) == node {
			mask.Set(cpu)
		}
	}
	return mask
}

// sys returns the files that Linux would show of the machine in /sys.
func (m machine) sys() files {
	f := files{cpuDir + "/online": m.cpus().String()}
	for node := range m.nodes {
		f[fmt.Sprintf("%s/node%d/cpulist", nodeDir, node)] = m.nodeCPUs(node).String()
	}
	all := m.cpus()
	for cpu := range all.All() {
		dir := fmt.Sprintf("%s/cpu%d", cpuDir, cpu)
		core, node := m.siblings(cpu), m.nodeCPUs(m.node(cpu))
		f[dir+"/topology/physical_package_id"] = fmt.Sprint(m.node(cpu))
		f[dir+"/topology/thread_siblings_list"] = core.String()
		f.addCache(dir+"/cache/index0", 1, "Instruction", "32K", core)
		f.addCache(dir+"/cache/index1", 1, "Data", "48K", core)
		f.addCache(dir+"/cache/index2", 2, "Unified", "2048K", core)
		f.addCache(dir+"/cache/index3", 3, "Unified", "36864K", node)
	}
	return f
}

func (f files) addCache(dir string, level int, kind, size string, shared cpumask.Mask) {
	f[dir+"/level"] = fmt.Sprint(level)
	f[dir+"/type"] = kind
	f[dir+"/size"] = size
	f[dir+"/shared_cpu_list"] = shared.String()
}

// Lines of /proc/self/mountinfo, as of the system that the name says.
const (
	mountV2     = `35 25 0:30 / /sys/fs/cgroup rw,nosuid,nodev shared:9 - cgroup2 cgroup2 rw,nsdelegate`
	mountV1     = `33 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:11 master:2 - cgroup cgroup rw,cpu,cpuacct`
	mountCpuset = `34 31 0:31 / /sys/fs/cgroup/cpuset rw,nosuid - cgroup cgroup rw,cpuset`
	mountRoot   = `25 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw`
)

// inCgroup returns the files in /proc of a process in the given cgroup.
func inCgroup(cgroup, mountinfo string) files {
	return files{"/proc/self/cgroup": cgroup, "/proc/self/mountinfo": mountRoot + "\n" + mountinfo}
}
