package percpu_test

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"crosscall/internal/topology"
	"crosscall/percpu"

	"golang.org/x/sys/unix"
)

const turnAdds = 20000

// turn has two threads, pinned to two CPUs, run adds at the same time, turnAdds adds each. It returns the
// longer time of an add in ns, and false if the kernel took a CPU away meanwhile: the atomic adds were
// then not contended all the time.
func turn(cpus [2]int, adds func()) (ns float64, whole bool) {
	var ready, switches atomic.Int64
	var took [2]time.Duration
	var done sync.WaitGroup
	for i, cpu := range cpus {
		done.Go(func() {
			runtime.LockOSThread() // the thread ends with its affinity
			_ = topology.Pin(cpu)
			for ready.Add(1); ready.Load() < 2; {
			}
			before, start := switched(), time.Now()
			adds()
			took[i] = time.Since(start)
			switches.Add(switched() - before)
		})
	}
	done.Wait()
	return float64(max(took[0], took[1])) / turnAdds, switches.Load() == 0
}

// switched is the number of involuntary context switches of the calling thread.
func switched() int64 {
	var r unix.Rusage
	_ = unix.Getrusage(unix.RUSAGE_THREAD, &r)
	return int64(r.Nivcsw)
}

// BenchmarkCounterInTurns measures what BenchmarkCounterFromGoroutines does, on machines that
// do other work too: medians of short turns, all ways in each round, without the
// turns in which a thread did not run all the time.
func BenchmarkCounterInTurns(b *testing.B) {
	topo, err := topology.Read()
	must(b, err)
	usable := slices.Collect(topo.Usable.All())
	if len(usable) < 2 {
		b.Skip("needs two CPUs")
	}
	k, s := percpu.NewCounter(openReal(b)), percpu.NewSharded[int]()
	var word atomic.Int64
	var mu sync.Mutex
	n := 0
	ways := map[string]func(){
		"AddAny":  func() { k.AddAny(1) },
		"atomic":  func() { word.Add(1) },
		"Sharded": func() { s.Do(func(n *int) { *n++ }) },
		"mutex":   func() { mu.Lock(); n++; mu.Unlock() },
	}
	times := make(map[string][]float64)
	for b.Loop() {
		for name, add := range ways {
			ns, whole := turn([2]int(usable), func() {
				for range turnAdds {
					add()
				}
			})
			if whole {
				times[name] = append(times[name], ns)
			}
		}
	}
	for name, t := range times {
		slices.Sort(t)
		b.ReportMetric(t[len(t)/2], name+"-ns")
	}
	b.ReportMetric(0, "ns/op")
}
