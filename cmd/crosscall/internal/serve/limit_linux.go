package serve

import "golang.org/x/sys/unix"

// limitProcess makes the kernel refuse this process far more memory than its limit. So a
// check that allocates faster than the limit is looked at ends by itself.
func limitProcess(memory int64) {
	if memory <= 0 {
		return
	}
	most := uint64(2*memory + 512<<20) // what is garbage counts, too
	_ = unix.Setrlimit(unix.RLIMIT_DATA, &unix.Rlimit{Cur: most, Max: most})
}
