package topology

import (
	"errors"
	"io/fs"
	"math"
	"slices"
	"strings"
	"testing"
)

// v1Limit is the pair of files of a version 1 cgroup.
func v1Limit(dir, quota, period string) files {
	return files{dir + "/cpu.cfs_quota_us": quota, dir + "/cpu.cfs_period_us": period}
}

func TestQuota(t *testing.T) {
	const v1 = "/sys/fs/cgroup/cpu,cpuacct"
	const v1Group = "5:cpu,cpuacct:/user/a\n4:cpuset:/\n0::/elsewhere"
	for _, c := range []struct {
		name  string
		files files
		want  float64
		note  string
	}{
		{
			name:  "v2 without a limit",
			files: inCgroup("0::/a", mountV2).with(files{"/sys/fs/cgroup/a/cpu.max": "max 100000"}),
		},
		{
			name:  "v2 below one CPU",
			files: inCgroup("0::/a", mountV2).with(files{"/sys/fs/cgroup/a/cpu.max": "25000 100000"}),
			want:  0.25,
		},
		{
			name: "v2, the parent has less",
			files: inCgroup("0::/a/b/c", mountV2).with(files{
				"/sys/fs/cgroup/a/cpu.max":     "300000 100000",
				"/sys/fs/cgroup/a/b/cpu.max":   "75000 50000",
				"/sys/fs/cgroup/a/b/c/cpu.max": "400000 100000",
			}),
			want: 1.5,
		},
		{
			name: "v2, no controller in the leaf, max in between",
			files: inCgroup("0::/a/b/c", mountV2).with(files{
				"/sys/fs/cgroup/a/cpu.max":   "300000 100000",
				"/sys/fs/cgroup/a/b/cpu.max": "max 100000",
			}),
			want: 3,
		},
		{
			name:  "v2, a limit beside our path and one above the mount are not ours",
			files: inCgroup("0::/a", mountV2).with(files{"/sys/fs/cgroup/b/cpu.max": "1000 100000", "/sys/fs/cpu.max": "1000 100000"}),
		},
		{
			name:  "v2, the limit at the mount point counts",
			files: inCgroup("0::/", mountV2).with(files{"/sys/fs/cgroup/cpu.max": "200000 100000"}),
			want:  2,
		},
		{
			name: "v2, a container that sees the host's path, but its own part of the tree",
			files: inCgroup("0::/docker/f00/init", `35 25 0:30 /docker/f00 /sys/fs/cgroup ro - cgroup2 cgroup ro`).with(files{
				"/sys/fs/cgroup/cpu.max":      "150000 100000",
				"/sys/fs/cgroup/init/cpu.max": "max 100000",
			}),
			want: 1.5,
		},
		{
			name: "v2, seen at two mount points, of which one shows more",
			files: inCgroup("0::/a/b", `35 25 0:30 /a/b /own rw - cgroup2 cgroup rw`+"\n"+mountV2).with(files{
				"/own/cpu.max":               "300000 100000",
				"/sys/fs/cgroup/a/b/cpu.max": "300000 100000",
				"/sys/fs/cgroup/a/cpu.max":   "200000 100000",
			}),
			want: 2,
		},
		{
			name:  "v2, a mount from outside the namespace shows us by a path of its own",
			files: inCgroup("0::/../b", `35 25 0:30 /.. /sys/fs/cgroup rw - cgroup2 cgroup rw`).with(files{"/sys/fs/cgroup/b/cpu.max": "100000 100000"}),
			want:  1,
		},
		{
			name:  "v2, moved out of the namespace",
			files: inCgroup("0::/../b", mountV2).with(files{"/sys/fs/cgroup/cpu.max": "1000 100000", "/sys/fs/b/cpu.max": "1000 100000"}),
			note:  "no mount shows cgroup /../b; taken as no quota",
		},
		{
			name:  "v2, a neighbour with a longer name is not below our root",
			files: inCgroup("0::/docker/f00bar", `35 25 0:30 /docker/f00 /sys/fs/cgroup ro - cgroup2 cgroup ro`).with(files{"/sys/fs/cgroup/bar/cpu.max": "1000 100000"}),
			note:  "no mount shows cgroup /docker/f00bar; taken as no quota",
		},
		{
			name: "v2, spaces and colons in names",
			files: inCgroup("0::/my app:1", `35 25 0:30 / /mnt/c\040g rw - cgroup2 cgroup rw`).with(files{
				"/mnt/c g/my app:1/cpu.max": "300000 100000",
			}),
			want: 3,
		},
		{
			name:  "v1 with a limit",
			files: inCgroup(v1Group, mountV1+"\n"+mountCpuset).with(v1Limit(v1+"/user/a", "250000", "100000")),
			want:  2.5,
		},
		{
			name: "v1, the parent has less",
			files: inCgroup(v1Group, mountV1).with(v1Limit(v1, "-1", "100000")).
				with(v1Limit(v1+"/user", "50000", "50000")).with(v1Limit(v1+"/user/a", "800000", "100000")),
			want: 1,
		},
		{
			name:  "v1 without a limit",
			files: inCgroup(v1Group, mountV1).with(v1Limit(v1+"/user/a", "-1", "100000")),
		},
		{
			name:  "v1 without the file of the period",
			files: inCgroup(v1Group, mountV1).with(v1Limit(v1+"/user/a", "50000", "100000")).without(v1 + "/user/a/cpu.cfs_period_us"),
		},
		{
			name: "v1 has cpu, so that a cgroup2 beside it does not count",
			files: inCgroup(v1Group, mountV2+"\n"+mountV1).with(v1Limit(v1+"/user/a", "300000", "100000")).
				with(files{"/sys/fs/cgroup/elsewhere/cpu.max": "100000 100000", "/sys/fs/cgroup/user/a/cpu.max": "100000 100000"}),
			want: 3,
		},
		{
			name:  "v1 for other controllers, v2 for cpu",
			files: inCgroup("4:cpuset:/\n1:name=cpu:/\n0::/a", mountV2+"\n"+mountCpuset).with(files{"/sys/fs/cgroup/a/cpu.max": "100000 100000"}),
			want:  1,
		},
		{
			name:  "no /proc/self/cgroup",
			files: files{"/proc/self/mountinfo": mountV2, "/sys/fs/cgroup/cpu.max": "100000 100000"},
			note:  "/proc/self/cgroup names no cgroup that can limit CPU time; taken as no quota",
		},
		{
			name:  "no cgroup mount",
			files: inCgroup("0::/a", ""),
			note:  "no mount shows cgroup /a; taken as no quota",
		},
		{
			name:  "tables of garbage",
			files: inCgroup("0:\n\n::::\n0::/a\n\xff", "-\n- cgroup2 none rw\n1 2 3 4 5 6 - cgroup2\n"+mountV2).with(files{"/sys/fs/cgroup/a/cpu.max": "100000 100000"}),
			want:  1,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, notes, err := readQuota(c.files.fs())
			if err != nil || got != c.want {
				t.Errorf("quota = %v, %v; want %v", got, err, c.want)
			}
			var want []string
			if c.note != "" {
				want = []string{c.note}
			}
			if !slices.Equal(notes, want) {
				t.Errorf("notes = %q, want %q", notes, want)
			}
		})
	}
}

func TestQuotaErrors(t *testing.T) {
	const max, want = "/sys/fs/cgroup/a/cpu.max", `a quota and a period in microseconds, such as "max 100000" or "150000 100000"`
	const v1Dir = "/sys/fs/cgroup/cpu,cpuacct/a"
	v2 := func(text string) files { return inCgroup("0::/a", mountV2).with(files{max: text}) }
	v1 := func(quota, period string) files {
		return inCgroup("5:cpu,cpuacct:/a", mountV1).with(v1Limit(v1Dir, quota, period))
	}
	for _, c := range []struct {
		files files
		want  FileError
	}{
		{v2("lots"), FileError{max, "lots", want}},
		{v2("100000"), FileError{max, "100000", want}},
		{v2("0 100000"), FileError{max, "0 100000", want}},
		{v2("-1 100000"), FileError{max, "-1 100000", want}},
		{v2("100000 0"), FileError{max, "100000 0", want}},
		{v2("100000 100000 1"), FileError{max, "100000 100000 1", want}},
		{v2("1e5 1e5"), FileError{max, "1e5 1e5", want}},
		{v2("NaN 100000"), FileError{max, "NaN 100000", want}},
		{v2("18446744073709551616 1"), FileError{max, "18446744073709551616 1", want}},
		{v1("x", "100000"), FileError{v1Dir + "/cpu.cfs_quota_us", "x", "a number of microseconds, or -1"}},
		{v1("0", "100000"), FileError{v1Dir + "/cpu.cfs_quota_us", "0", "a number of microseconds, or -1"}},
		{v1("50000", "0"), FileError{v1Dir + "/cpu.cfs_period_us", "0", "a number of microseconds"}},
		{v1("50000", "-1"), FileError{v1Dir + "/cpu.cfs_period_us", "-1", "a number of microseconds"}},
	} {
		quota, _, err := readQuota(c.files.fs())
		var got *FileError
		if !errors.As(err, &got) || *got != c.want {
			t.Errorf("quota = %v, error %v\nwant %v", quota, err, &c.want)
		}
	}
}

func TestFileErrorText(t *testing.T) {
	err := &FileError{Path: "/sys/fs/cgroup/cpu.max", Text: "lots\x00", Msg: "a number"}
	if want := `topology: /sys/fs/cgroup/cpu.max holds "lots\x00", want a number`; err.Error() != want {
		t.Errorf("got  %s\nwant %s", err, want)
	}
}

// forbidden is a file system in which one file exists but may not be opened.
type forbidden struct {
	fs.FS
	file string
}

func (f forbidden) Open(name string) (fs.File, error) {
	if "/"+name == f.file {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return f.FS.Open(name)
}

func TestQuotaThatMayNotBeReadIsNone(t *testing.T) {
	f := inCgroup("0::/a", mountV2).with(files{"/sys/fs/cgroup/a/cpu.max": "100000 100000", "/sys/fs/cgroup/cpu.max": "200000 100000"})
	quota, _, err := readQuota(forbidden{f.fs(), "/sys/fs/cgroup/a/cpu.max"})
	if err != nil || quota != 2 {
		t.Errorf("quota = %v, %v; want 2, from the cgroup above", quota, err)
	}
}

// readQuota ends, does not panic, and returns a valid number, whatever the files contain.
func FuzzQuota(f *testing.F) {
	f.Add("0::/a", mountV2, "150000 100000")
	f.Add("5:cpu,cpuacct:/user/a\n0::/", mountV1, "50000")
	f.Add("0::/../b", "35 25 0:30 /.. .. rw - cgroup2 cgroup rw", "max 100000")
	f.Add("0::a/./b//c", `35 25 0:30 a \040/\134/ rw - cgroup2 cgroup rw`, "1 18446744073709551615")
	f.Fuzz(func(t *testing.T, cgroup, mountinfo, limit string) {
		quota, _, err := readQuota(limitEverywhere{inCgroup(cgroup, mountinfo).fs(), limit})
		if err == nil && (quota < 0 || math.IsInf(quota, 0) || math.IsNaN(quota)) {
			t.Errorf("quota = %v", quota)
		}
	})
}

// limitEverywhere has the same limit in each directory, so that the walk finds one in any
// directory.
type limitEverywhere struct {
	fs.FS
	limit string
}

func (l limitEverywhere) ReadFile(name string) ([]byte, error) {
	if strings.HasPrefix(name, "proc/") {
		return fs.ReadFile(l.FS, name)
	}
	return []byte(l.limit), nil
}
