package main

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// All threads of a process under -batch are, those of the executors too, and none
// is without it. Its nice value is as it was.
func TestBatch(t *testing.T) {
	own, err := unix.SchedGetAttr(0, 0)
	must(t, err)
	for _, args := range []string{"", "-batch", "-batch -engine mutex"} {
		p := launch(t, strings.Fields(args)...)
		threads, err := os.ReadDir("/proc/" + strconv.Itoa(p.Process.Pid) + "/task")
		must(t, err)
		want := own.Policy
		if args != "" {
			want = unix.SCHED_BATCH
		}
		for _, thread := range threads {
			id, err := strconv.Atoi(thread.Name())
			must(t, err)
			a, err := unix.SchedGetAttr(id, 0)
			if err == unix.ESRCH {
				continue // it has ended
			}
			must(t, err)
			if a.Policy != want || a.Nice != own.Nice {
				t.Errorf("%q: thread %d has policy %d and nice %d, want %d and %d", args, id, a.Policy, a.Nice, want, own.Nice)
			}
		}
	}
}
