package poller

import (
	"encoding/binary"
	"os"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Poller is an epoll instance, with an eventfd in it to wake its owner.
//
// The eventfd is edge-triggered: each write to it is an event of its own, so it
// is not read until the end, and a wake costs the owner no system call.
type Poller struct {
	epoll, event int

	buf    [Batch]unix.EpollEvent
	at, n  int  // buf[at:n] are events that were fetched and not yet taken
	coarse bool // the kernel has no epoll_pwait2

	notifier *notifier
}

// bell is the data of the eventfd in place of a descriptor.
const bell = -1

// New makes a Poller that waits for nothing but Wake.
func New() (*Poller, error) {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	event, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		_ = unix.Close(epoll)
		return nil, os.NewSyscallError("eventfd2", err)
	}
	p := &Poller{epoll: epoll, event: event}
	if err := p.control(unix.EPOLL_CTL_ADD, event, unix.EPOLLIN|unix.EPOLLET, bell, 0); err != nil {
		_ = p.Close(0)
		return nil, err
	}
	return p, nil
}

// Add waits for fd too. Its events have the tag.
func (p *Poller) Add(fd int, want Events, tag uint32) error {
	return p.control(unix.EPOLL_CTL_ADD, fd, toEpoll(want), int32(fd), tag)
}

// Modify changes the events that fd is waited for.
func (p *Poller) Modify(fd int, want Events, tag uint32) error {
	return p.control(unix.EPOLL_CTL_MOD, fd, toEpoll(want), int32(fd), tag)
}

// Remove ends the wait for fd. Events that were fetched before stay.
func (p *Poller) Remove(fd int) error {
	return p.control(unix.EPOLL_CTL_DEL, fd, 0, 0, 0)
}

func (p *Poller) control(op, fd int, events uint32, data int32, tag uint32) error {
	e := unix.EpollEvent{Events: events, Fd: data, Pad: int32(tag)}
	return os.NewSyscallError("epoll_ctl", unix.EpollCtl(p.epoll, op, fd, &e))
}

func toEpoll(want Events) (events uint32) {
	if want&Readable != 0 {
		events |= unix.EPOLLIN
	}
	if want&Writable != 0 {
		events |= unix.EPOLLOUT
	}
	return events
}

func fromEpoll(events uint32) (ready Events) {
	if events&unix.EPOLLIN != 0 {
		ready |= Readable
	}
	if events&unix.EPOLLOUT != 0 {
		ready |= Writable
	}
	if events&(unix.EPOLLHUP|unix.EPOLLERR) != 0 {
		ready |= HangUp
	}
	return ready
}

// Poll fetches events without waiting, and returns their number. All events that
// were fetched before must have been taken.
func (p *Poller) Poll() int {
	// It does not block, so RawSyscall is right and saves the bookkeeping.
	n, _, errno := syscall.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(p.epoll), uintptr(unsafe.Pointer(&p.buf)), Batch, 0, 0, 0)
	return p.fetched(n, errno)
}

// Wait is Poll, but waits until there is an event, or Wake is called, or d is
// over; a negative d never is. It may return early for no reason; but if d ends
// the wait, at least d has passed.
func (p *Poller) Wait(d time.Duration) int {
	if d == 0 {
		return p.Poll()
	}
	if !p.coarse {
		n, errno := p.waitFine(d)
		if errno != unix.ENOSYS {
			return p.fetched(n, errno)
		}
		p.coarse = true
	}
	return p.waitCoarse(d)
}

// WaitShort is Wait without notifying the Go scheduler: the caller keeps its P. Use
// it for at most some milliseconds. woken reports whether an event, Wake or a signal
// ended it, and not the time.
//
// Claim: a stop of the world waits for it about as long as for a computing
// goroutine. Proof: the runtime sends SIGURG, which ends the system call with
// EINTR, and the goroutine stops at the caller's next function call. A signal just
// before the system call does not end it, but the runtime sends another every 100
// µs while it waits (stopTheWorldWithSema, forEachP). There are two exceptions. To
// stop one goroutine (suspendG) it may send no second signal, if the first was
// taken within 5 µs; and with GODEBUG=asyncpreemptoff=1 it sends none. Then it
// waits for d.
func (p *Poller) WaitShort(d time.Duration) (n int, woken bool) {
	if p.coarse {
		return 0, false
	}
	timeout := timespec(d)
	got, _, errno := syscall.RawSyscall6(unix.SYS_EPOLL_PWAIT2, uintptr(p.epoll), uintptr(unsafe.Pointer(&p.buf)), Batch, uintptr(unsafe.Pointer(&timeout)), 0, 0)
	if errno == unix.ENOSYS {
		p.coarse = true
		return 0, false
	}
	return p.fetched(got, errno), got > 0 || errno != 0
}

type kernelTimespec struct{ sec, nsec int64 }

func timespec(d time.Duration) kernelTimespec {
	return kernelTimespec{int64(d / time.Second), int64(d % time.Second)}
}

// waitFine waits with a timeout in nanoseconds.
func (p *Poller) waitFine(d time.Duration) (uintptr, syscall.Errno) {
	timeout := timespec(d)
	at := &timeout
	if d < 0 {
		at = nil
	}
	n, _, errno := syscall.Syscall6(unix.SYS_EPOLL_PWAIT2, uintptr(p.epoll), uintptr(unsafe.Pointer(&p.buf)), Batch, uintptr(unsafe.Pointer(at)), 0, 0)
	return n, errno
}

// waitCoarse waits with a timeout in milliseconds, rounded up.
func (p *Poller) waitCoarse(d time.Duration) int {
	ms := -1
	if d >= 0 {
		ms = int(min((d+time.Millisecond-1)/time.Millisecond, 1<<30))
	}
	n, _, errno := syscall.Syscall6(unix.SYS_EPOLL_PWAIT, uintptr(p.epoll), uintptr(unsafe.Pointer(&p.buf)), Batch, uintptr(ms), 0, 0)
	return p.fetched(n, errno)
}

// fetched notes n events. An error means no event: EINTR, because signals end the
// wait.
func (p *Poller) fetched(n uintptr, errno syscall.Errno) int {
	p.at, p.n = 0, 0
	if errno != 0 {
		return 0
	}
	p.n = int(n)
	for i := range p.n {
		if p.buf[i].Fd == bell {
			p.n--
			p.buf[i] = p.buf[p.n]
			break
		}
	}
	return p.n
}

// Left is the number of events that were fetched and not yet taken.
func (p *Poller) Left() int { return p.n - p.at }

// Next takes an event; there must be one Left.
func (p *Poller) Next() (fd int, tag uint32, ready Events) {
	e := &p.buf[p.at]
	p.at++
	return int(e.Fd), uint32(e.Pad), fromEpoll(e.Events)
}

var one = func() (b [8]byte) {
	binary.NativeEndian.PutUint64(b[:], 1)
	return b
}()

// Wake ends a Wait, the present one or the next. Any goroutine may call it.
func (p *Poller) Wake() {
	_, _, _ = syscall.RawSyscall(unix.SYS_WRITE, uintptr(p.event), uintptr(unsafe.Pointer(&one)), uintptr(len(one)))
}

// Close closes the Poller, but not the descriptors in it. wakes is the number of
// all calls of Wake, including those that are still to be made. Close waits for
// these, so that none of them writes to another file that gets the eventfd's
// number.
func (p *Poller) Close(wakes uint64) error {
	for came := p.woken(); came < wakes; came += p.woken() {
		time.Sleep(10 * time.Microsecond)
	}
	if p.notifier != nil {
		p.notifier.close()
	}
	_ = unix.Close(p.event)
	return os.NewSyscallError("close", unix.Close(p.epoll))
}

// woken is the number of Wakes since its last call.
func (p *Poller) woken() uint64 {
	var b [8]byte
	if n, err := unix.Read(p.event, b[:]); n != len(b) || err != nil {
		return 0
	}
	return binary.NativeEndian.Uint64(b[:])
}
