package topology

import (
	"fmt"
	"io/fs"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
)

// A FileError is a limit in a cgroup that is not understood. It is an error, instead of no
// limit, because the number of CPUs to run on depends on it.
type FileError struct {
	Path string // of the file, from the root directory
	Text string // its contents
	Msg  string // the expected contents
}

func (e *FileError) Error() string {
	return fmt.Sprintf("topology: %s holds %q, want %s", e.Path, e.Text, e.Msg)
}

// noLimit is larger than every limit, so that the smallest of several is min.
var noLimit = math.Inf(1)

// readQuota returns the CPU time this process may use, in CPUs, or 0 for no limit: the smallest
// limit of its cgroup and those above, as far up as any mount shows them. A cgroup in a
// container's namespace has ancestors that no mount there shows; their limits are not known.
func readQuota(root fs.FS) (quota float64, notes []string, err error) {
	g, ok := ownGroup(readText(root, "/proc/self/cgroup"))
	if !ok {
		return 0, []string{"/proc/self/cgroup names no cgroup that can limit CPU time; taken as no quota"}, nil
	}
	quota, visible := noLimit, false
	for _, m := range cgroupMounts(readText(root, "/proc/self/mountinfo")) {
		dir, ok := m.dir(g.path)
		if !ok || m.v2 != g.v2 {
			continue
		}
		visible = true
		limit, err := smallestLimit(root, m, dir)
		if err != nil {
			return 0, nil, err
		}
		quota = min(quota, limit)
	}
	if !visible {
		notes = append(notes, fmt.Sprintf("no mount shows cgroup %s; taken as no quota", g.path))
	}
	if quota == noLimit {
		quota = 0
	}
	return quota, notes, nil
}

// readText returns a file without the white space around its text, or "" if it cannot be read.
// To all callers here, an absent file and one that may not be read are the same.
func readText(root fs.FS, file string) string {
	text, err := fs.ReadFile(root, strings.TrimPrefix(file, "/"))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// A group is the cgroup of this process in the hierarchy that has the cpu controller.
type group struct {
	v2   bool
	path string
}

// ownGroup finds it in /proc/self/cgroup (cgroups(7)), whose lines are "id:controllers:path". The
// kernel attaches a controller to one hierarchy only: if a v1 line names cpu, version 2 does not
// have it, even if a cgroup2 is mounted as well.
func ownGroup(procCgroup string) (g group, ok bool) {
	for line := range strings.Lines(procCgroup) {
		fields := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3)
		if len(fields) != 3 {
			continue
		}
		if slices.Contains(strings.Split(fields[1], ","), "cpu") {
			return group{path: fields[2]}, true
		}
		if fields[0] == "0" && fields[1] == "" {
			g, ok = group{v2: true, path: fields[2]}, true
		}
	}
	return g, ok
}

// A cgroupMount is a mount of a hierarchy that may have the cpu controller.
type cgroupMount struct {
	v2    bool
	root  string // the cgroup that is mounted at point
	point string // absolute path
}

// cgroupMounts finds them in /proc/self/mountinfo (proc_pid_mountinfo(5)). Its lines are
//
//	id parent major:minor root point options optional... - type source superoptions
//
// where a "-" ends the optional fields, of which there may be none.
func cgroupMounts(mountinfo string) []cgroupMount {
	var mounts []cgroupMount
	for line := range strings.Lines(mountinfo) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), " ")
		dash := slices.Index(fields, "-")
		if dash < 6 || len(fields) < dash+4 {
			continue
		}
		v1 := fields[dash+1] == "cgroup" && slices.Contains(strings.Split(fields[dash+3], ","), "cpu")
		v2 := fields[dash+1] == "cgroup2"
		if v1 || v2 {
			mounts = append(mounts, cgroupMount{v2: v2, root: unescape.Replace(fields[3]), point: path.Clean(unescape.Replace(fields[4]))})
		}
	}
	return mounts
}

// unescape undoes what the kernel does to white space and backslashes in mountinfo.
var unescape = strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`)

// dir returns the directory of a cgroup below the mount. There is none if the mount shows another
// part of the tree. A ".." means that the cgroup, or the mount's root, is outside of this
// process's cgroup namespace. If it remains after the root is cut off, the path cannot be
// followed, because names below an outer cgroup are not known.
func (m cgroupMount) dir(group string) (string, bool) {
	rest, ok := strings.CutPrefix(group, strings.TrimSuffix(m.root, "/"))
	if !ok || rest != "" && rest[0] != '/' || slices.Contains(strings.Split(rest, "/"), "..") {
		return "", false
	}
	return path.Join(m.point, rest), true
}

// smallestLimit walks from dir up to the mount point. A cgroup may have a larger quota than the one
// above it; the smaller one applies.
func smallestLimit(root fs.FS, m cgroupMount, dir string) (float64, error) {
	limitOf := limitV1
	if m.v2 {
		limitOf = limitV2
	}
	smallest := noLimit
	for ; ; dir = path.Dir(dir) {
		limit, err := limitOf(root, dir)
		if err != nil {
			return 0, err
		}
		smallest = min(smallest, limit)
		if dir == m.point {
			return smallest, nil
		}
	}
}

// limitV2 reads cpu.max, "quota period" in microseconds. The file is absent in the root cgroup, and
// if the cgroup above does not delegate the cpu controller.
func limitV2(root fs.FS, dir string) (float64, error) {
	file := path.Join(dir, "cpu.max")
	text := readText(root, file)
	if text == "" {
		return noLimit, nil
	}
	quota, period, _ := strings.Cut(text, " ")
	if quota == "max" {
		return noLimit, nil
	}
	q, okQ := microseconds(quota)
	p, okP := microseconds(period)
	if !okQ || !okP {
		return 0, &FileError{Path: file, Text: text, Msg: `a quota and a period in microseconds, such as "max 100000" or "150000 100000"`}
	}
	return q / p, nil
}

// limitV1 reads cpu.cfs_quota_us and cpu.cfs_period_us. A quota of -1 is none.
func limitV1(root fs.FS, dir string) (float64, error) {
	quotaFile, periodFile := path.Join(dir, "cpu.cfs_quota_us"), path.Join(dir, "cpu.cfs_period_us")
	quota, period := readText(root, quotaFile), readText(root, periodFile)
	if quota == "" || quota == "-1" || period == "" {
		return noLimit, nil
	}
	q, ok := microseconds(quota)
	if !ok {
		return 0, &FileError{Path: quotaFile, Text: quota, Msg: "a number of microseconds, or -1"}
	}
	p, ok := microseconds(period)
	if !ok {
		return 0, &FileError{Path: periodFile, Text: period, Msg: "a number of microseconds"}
	}
	return q / p, nil
}

// microseconds reads a whole number above 0. The kernel accepts no value below 1000.
func microseconds(s string) (float64, bool) {
	n, err := strconv.ParseUint(s, 10, 64)
	return float64(n), err == nil && n > 0
}
