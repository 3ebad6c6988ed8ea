package poller

import (
	"os"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func newPoller(t *testing.T) *Poller {
	t.Helper()
	p, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func pair(t *testing.T) (here, there int) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Close(fds[0]); _ = unix.Close(fds[1]) })
	return fds[0], fds[1]
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, fd int) {
	t.Helper()
	_, err := unix.Write(fd, []byte("x"))
	must(t, err)
}

// is fails the test unless one event is left, of this descriptor and tag.
func is(t *testing.T, p *Poller, fd int, tag uint32, ready Events) {
	t.Helper()
	if p.Left() != 1 {
		t.Fatalf("%d events, want 1", p.Left())
	}
	if f, g, r := p.Next(); f != fd || g != tag || r != ready {
		t.Errorf("descriptor %d, tag %d is ready for %b, want %d, %d, %b", f, g, r, fd, tag, ready)
	}
}

func TestEvents(t *testing.T) {
	p := newPoller(t)
	defer func() { must(t, p.Close(0)) }()
	here, there := pair(t)
	must(t, p.Add(here, Readable, 1<<31+7))
	if n := p.Poll(); n != 0 {
		t.Fatalf("%d events of nothing", n)
	}
	write(t, there)
	for range 2 { // it is level-triggered
		p.Wait(-1)
		is(t, p, here, 1<<31+7, Readable)
	}
	must(t, p.Modify(here, Readable|Writable, 8))
	p.Wait(time.Hour)
	is(t, p, here, 8, Readable|Writable)
	must(t, p.Modify(here, 0, 9))
	if n := p.Poll(); n != 0 {
		t.Fatalf("%d events, and none is wanted", n)
	}
	must(t, unix.Shutdown(there, unix.SHUT_RDWR))
	p.Poll()
	is(t, p, here, 9, HangUp)
	must(t, p.Remove(here))
	if n := p.Poll(); n != 0 {
		t.Fatalf("%d events after Remove", n)
	}
}

func TestBatch(t *testing.T) {
	p := newPoller(t)
	defer func() { must(t, p.Close(1)) }()
	seen := make(map[int]bool)
	for range Batch + 10 {
		here, _ := pair(t)
		must(t, p.Add(here, Writable, 0))
	}
	p.Wake()
	for range 4 { // what was reported goes to the end of the kernel's list
		p.Poll()
		for p.Left() > 0 {
			fd, _, _ := p.Next()
			seen[fd] = true
		}
	}
	if len(seen) != Batch+10 {
		t.Errorf("%d descriptors were reported, want %d", len(seen), Batch+10)
	}
}

func TestTimeouts(t *testing.T) {
	for _, coarse := range []bool{false, true} {
		p := newPoller(t)
		p.coarse = coarse
		for _, d := range []time.Duration{1, 300 * time.Microsecond, 1100 * time.Microsecond} {
			start := time.Now()
			for range 5 {
				if n := p.Wait(d); n != 0 {
					t.Errorf("%d events of nothing", n)
				}
			}
			// A signal may end one early, but hardly all.
			if took := time.Since(start); took < d {
				t.Errorf("coarse %v: 5 waits of %v took %v", coarse, d, took)
			}
		}
		must(t, p.Close(0))
	}
}

func TestWakeEndsOneWait(t *testing.T) {
	for _, coarse := range []bool{false, true} {
		p := newPoller(t)
		p.coarse = coarse
		done := make(chan struct{})
		for i := range 200 { // none is lost, though the eventfd is never read
			go func() {
				if i%2 == 0 {
					runtime.Gosched()
				}
				p.Wake()
				close(done)
			}()
			p.Wait(-1)
			<-done
			p.Poll() // the wait may have ended early
			done = make(chan struct{})
		}
		must(t, p.Close(200))
	}
}

// Close waits for a wake that is still to be made.
func TestCloseWaitsForWakes(t *testing.T) {
	p := newPoller(t)
	p.Wake()
	woke := make(chan struct{})
	go func() {
		time.Sleep(5 * time.Millisecond)
		close(woke)
		p.Wake()
	}()
	must(t, p.Close(2))
	select {
	case <-woke:
	default:
		t.Error("closed before the wake")
	}
}

func TestNotify(t *testing.T) {
	p := newPoller(t)
	here, there := pair(t)
	must(t, p.Add(here, Readable, 3))
	rung := make(chan struct{}, 10)
	ring := func() { rung <- struct{}{} }
	for range 100 {
		must(t, p.Notify(ring))
		must(t, p.Notify(ring)) // no second one
		if len(rung) != 0 {
			t.Fatal("rung for nothing")
		}
		write(t, there)
		<-rung
		p.Poll()
		is(t, p, here, 3, Readable) // it was polled, but not taken
		if n, err := unix.Read(here, make([]byte, 8)); n != 1 || err != nil {
			t.Fatal(n, err)
		}
	}
	must(t, p.Notify(ring)) // Close ends one that waits
	must(t, p.Close(0))
	if len(rung) != 0 {
		t.Error("rung by Close")
	}
}

func TestCloseLeavesNoFiles(t *testing.T) {
	count := func() int {
		dir, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip(err)
		}
		return len(dir)
	}
	here, _ := pair(t)
	before := count()
	for i := range 20 {
		p := newPoller(t)
		must(t, p.Add(here, Readable, 0))
		if i%2 == 0 {
			must(t, p.Notify(func() {}))
		}
		must(t, p.Close(0))
	}
	if after := count(); after > before {
		t.Errorf("%d files open before, %d after", before, after)
	}
}

// A short wait says what has ended it.
func TestWaitShort(t *testing.T) {
	p, err := New()
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close(1)
	if n, woken := p.WaitShort(time.Millisecond); n != 0 || woken {
		// A signal of the runtime may have ended it: once, not each time.
		if n, woken := p.WaitShort(time.Millisecond); n != 0 || woken {
			t.Errorf("nothing has come, and it returns %d, %v", n, woken)
		}
	}
	p.Wake()
	if n, woken := p.WaitShort(time.Hour); n != 0 || !woken {
		t.Errorf("after Wake it returns %d, %v", n, woken)
	}
}
