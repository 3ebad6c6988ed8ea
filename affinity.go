package crosscall

import (
	"errors"
	"runtime"

	"crosscall/cpumask"
	"crosscall/internal/topology"
)

// readTopology reads the topology on a goroutine of its own. On an executor the
// calling thread may run on one CPU only. A new goroutine runs on another
// thread, which has the affinity of the process: no other goroutine runs on an
// executor's thread, and the runtime starts new threads from a clean one if the
// caller's thread is locked.
func readTopology() (topo *topology.Topology, err error) {
	read := make(chan struct{})
	go func() {
		defer close(read)
		topo, err = topology.Read()
	}()
	<-read
	return topo, err
}

// threadLocks is how many times an executor locks itself to its thread. Each
// runtime.UnlockOSThread of a function undoes only one of these.
const threadLocks = 1000

func lockThread() {
	for range threadLocks {
		runtime.LockOSThread()
	}
}

// start pins the executor's thread and reports to Open.
func (c *CPU) start() {
	err := c.pin()
	if isUnsupported(err) {
		err = nil
	}
	select {
	case c.ready <- err:
	default:
	}
}

// pin pins the calling thread, and unpins the one that the executor had before.
func (c *CPU) pin() error {
	err := topology.Pin(c.pinTo)
	before := int(c.tid.Swap(int64(topology.ThreadID())))
	c.pinned.Store(err == nil)
	if before > 0 {
		_ = topology.Unpin(before, c.pinTo, c.sys.topo.Affinity) // usually that thread has ended
	}
	return err
}

// keepThread locks and pins the executor again if functions have undone all
// locks and it has moved to another thread.
func (c *CPU) keepThread() {
	if int64(topology.ThreadID()) == c.tid.Load() {
		return
	}
	lockThread() // first: it must not move again
	if int64(topology.ThreadID()) == c.tid.Load() {
		return // it has moved back
	}
	allowed, _ := topology.PinnedTo(0)
	_ = c.pin()
	c.moved.Store(&AffinityChange{CPU: c.id, Allowed: allowed, Unlocked: true})
}

// affinity reports executors that left their thread. It also compares the
// affinity of each thread with the CPU that it was pinned to.
func (m *monitor) affinity() {
	for _, c := range m.sys.cpus {
		if c == nil {
			continue
		}
		if change := c.moved.Swap(nil); change != nil {
			m.sys.opts.OnAffinity(*change)
		}
		tid := c.tid.Load()
		allowed, err := topology.PinnedTo(int(tid))
		if err != nil || tid != c.tid.Load() {
			continue // not Linux, or the thread is being replaced
		}
		pinned := allowed == cpumask.Of(c.pinTo)
		if was := c.pinned.Swap(pinned); was && !pinned {
			m.sys.opts.OnAffinity(AffinityChange{CPU: c.id, Allowed: allowed})
		}
	}
}

func isUnsupported(err error) bool { return errors.Is(err, errors.ErrUnsupported) }
