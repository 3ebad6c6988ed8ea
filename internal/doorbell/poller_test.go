package doorbell

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// fakePoller is an eventfd: a wake ends the present wait or the next one.
type fakePoller struct {
	woken chan struct{}
	wakes atomic.Uint64
}

func newFakePoller() *fakePoller { return &fakePoller{woken: make(chan struct{}, 1)} }

func (p *fakePoller) Wake() {
	p.wakes.Add(1)
	select {
	case p.woken <- struct{}{}:
	default: // the counter is up already
	}
}

// sleepUntil sleeps as a CPU with descriptors does, until ready.
func (p *fakePoller) sleepUntil(t *testing.T, b *Bell, ready func() bool) {
	for !ready() {
		if !b.ArmPoller(p) || !b.InPoller() {
			t.Error("GOMAXPROCS is 2, and the bell is not armed for the poller")
			return
		}
		if !ready() {
			<-p.woken
		}
		b.Disarm()
	}
}

func twoProcs(t *testing.T) {
	limit(t)
	before := runtime.GOMAXPROCS(2)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
}

// A lost wake makes this hang. By the plain word the race detector checks that
// a ring orders all before it, although a real eventfd does not.
func TestPingPongInPollers(t *testing.T) {
	twoProcs(t)
	const rounds = 20000
	bells := [2]*Bell{New(), New()}
	pollers := [2]*fakePoller{newFakePoller(), newFakePoller()}
	var turn atomic.Uint32
	plain := 0
	var wg sync.WaitGroup
	for me := range uint32(2) {
		wg.Go(func() {
			for range rounds {
				pollers[me].sleepUntil(t, bells[me], func() bool { return turn.Load()%2 == me })
				plain++
				turn.Add(1)
				bells[1-me].Ring()
			}
		})
	}
	wg.Wait()
	if plain != 2*rounds {
		t.Errorf("%d turns of %d", plain, 2*rounds)
	}
	for i, p := range pollers {
		if p.wakes.Load() != bells[i].Wakes() {
			t.Errorf("the poller was woken %d times, the bell says %d", p.wakes.Load(), bells[i].Wakes())
		}
	}
}

// Of many callers of Ring one wakes the poller, and Wakes counts it once, also
// if it comes after Disarm.
func TestManyRingOneInPoller(t *testing.T) {
	twoProcs(t)
	b, p := New(), newFakePoller()
	const ringers, each = 3, 3000
	var work atomic.Int32
	var wg sync.WaitGroup
	for range ringers {
		wg.Go(func() {
			for range each {
				work.Add(1)
				b.Ring()
			}
		})
	}
	for done := int32(0); done < ringers*each; {
		p.sleepUntil(t, b, func() bool { return work.Load() > 0 })
		done += work.Swap(0)
	}
	wg.Wait()
	if p.wakes.Load() != b.Wakes() {
		t.Errorf("the poller was woken %d times, the bell says %d", p.wakes.Load(), b.Wakes())
	}
	b.Ring()
	if b.Armed() || p.wakes.Load() != b.Wakes() {
		t.Error("a bell that is not armed wakes the poller")
	}
}

// With one P the CPU has to park.
func TestOneProcParks(t *testing.T) {
	limit(t)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	b, p := New(), newFakePoller()
	if b.ArmPoller(p) || b.InPoller() {
		t.Error("armed for a sleep that keeps the P")
	}
	go b.Ring()
	b.Sleep()
	if p.wakes.Load() != 0 || b.Wakes() != 0 {
		t.Error("a bell that parks wakes the poller")
	}
}

func TestSleepFor(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		b := New()
		b.Arm()
		start := time.Now()
		b.SleepFor(time.Millisecond)
		if time.Since(start) < time.Millisecond {
			t.Log("ended early, as it may")
		}
		if b.Armed() || b.Ring() {
			t.Error("armed after the sleep")
		}
		b.Arm()
		go b.Ring()
		b.SleepFor(time.Hour)
		if b.Armed() || len(b.parked) != 0 {
			t.Error("armed after the sleep, or a token is left")
		}
		for range 2000 { // ring and timeout at once
			b.Arm()
			done := make(chan struct{})
			go func() {
				b.Ring()
				close(done)
			}()
			b.SleepFor(time.Microsecond)
			<-done
			if b.Armed() || len(b.parked) != 0 {
				t.Fatal("armed after the sleep, or a token is left")
			}
		}
	})
}
