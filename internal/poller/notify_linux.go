package poller

import (
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// notifier waits for the Poller's events in a goroutine that is parked in the Go
// scheduler's own poller: it holds neither a thread nor a P.
type notifier struct {
	file  *os.File // a duplicate of the epoll descriptor: an epoll can be waited for by another
	conn  syscall.RawConn
	armed atomic.Bool // the goroutine waits, or is about to
	start chan struct{}
	done  chan struct{}
}

// Notify calls ring once, from another goroutine, when there is an event to fetch
// or has been one. If an earlier call has not rung yet, its ring is also that of
// this call: ring must always do the same.
func (p *Poller) Notify(ring func()) error {
	if p.notifier == nil {
		n, err := newNotifier(p.epoll)
		if err != nil {
			return err
		}
		p.notifier = n
		go n.run(ring)
	}
	if !p.notifier.armed.Swap(true) {
		p.notifier.start <- struct{}{}
	}
	return nil
}

func newNotifier(epoll int) (*notifier, error) {
	fd, err := unix.FcntlInt(uintptr(epoll), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, os.NewSyscallError("fcntl", err)
	}
	if err := unix.SetNonblock(fd, true); err != nil { // otherwise os does not park for it
		_ = unix.Close(fd)
		return nil, os.NewSyscallError("fcntl", err)
	}
	file := os.NewFile(uintptr(fd), "epoll")
	conn, err := file.SyscallConn()
	if err == nil {
		err = file.SetReadDeadline(time.Time{}) // fails if os does not park for it
	}
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return &notifier{file: file, conn: conn, start: make(chan struct{}, 1), done: make(chan struct{})}, nil
}

func (n *notifier) run(ring func()) {
	defer close(n.done)
	for range n.start {
		if n.conn.Read(readable) != nil {
			return // closed
		}
		// In this order: an owner that armed its bell and finds the notifier armed
		// is rung by it.
		n.armed.Store(false)
		ring()
	}
}

// readable polls the epoll from outside: only the owner fetches events.
func readable(fd uintptr) bool {
	p := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	n, err := unix.Poll(p, 0)
	return n > 0 && err == nil
}

func (n *notifier) close() {
	close(n.start)
	_ = n.file.Close()
	<-n.done
}
