package doorbell

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// limit ends the process with all stacks if the test hangs: a lost wake does.
func limit(t *testing.T) {
	timer := time.AfterFunc(5*time.Minute, func() {
		debug.SetTraceback("all")
		panic(t.Name() + " hangs")
	})
	t.Cleanup(func() { timer.Stop() })
}

// bothWays runs a test with CPUs that sleep in the kernel, where there is a
// futex, and with CPUs that park with the Go scheduler.
func bothWays(t *testing.T, test func(t *testing.T)) {
	for _, how := range []uint32{inFutex, inChannel} {
		t.Run(map[uint32]string{inFutex: "futex", inChannel: "channel"}[how], func(t *testing.T) {
			limit(t)
			procs := 2
			if how == inChannel {
				procs = 1
			}
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			b := New()
			b.Arm()
			b.Disarm()
			if b.how != how {
				t.Skipf("a bell does not sleep this way on %s", runtime.GOOS)
			}
			test(t)
		})
	}
}

func TestRingBeforeArmIsNoWake(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		b := New()
		if b.Armed() || b.Ring() {
			t.Error("a bell that nobody armed was rung")
		}
		// Nor is it kept for the next sleep: the CPU checks for work after Arm.
		b.Arm()
		if !b.Armed() {
			t.Error("the ring before Arm disarmed the bell")
		}
		b.Disarm()
	})
}

func TestRingAfterArmEndsTheSleep(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		b := New()
		b.Arm()
		if !b.Ring() {
			t.Error("the bell was armed, and Ring says it was not")
		}
		if b.Armed() || b.Ring() {
			t.Error("rung twice for one sleep")
		}
		b.Sleep()
	})
}

func TestDisarm(t *testing.T) {
	for _, rings := range []int{0, 1, 2} {
		bothWays(t, func(t *testing.T) {
			b := New()
			for range 3 { // each round starts with the state that the one before leaves
				b.Arm()
				for range rings {
					b.Ring()
				}
				b.Disarm()
				if b.Armed() || len(b.parked) != 0 {
					t.Fatalf("after %d rings and Disarm: armed %v, %d tokens", rings, b.Armed(), len(b.parked))
				}
			}
		})
	}
}

// Of many callers of Ring, exactly one pays for the wake and returns true.
func TestOneOfManyRings(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		b := New()
		for range 100 {
			b.Arm()
			var woke atomic.Int32
			var wg sync.WaitGroup
			for range 3 {
				wg.Go(func() {
					if b.Ring() {
						woke.Add(1)
					}
				})
			}
			b.Sleep()
			wg.Wait()
			if woke.Load() != 1 || len(b.parked) != 0 {
				t.Fatalf("%d rang, %d tokens left", woke.Load(), len(b.parked))
			}
		}
	})
}

// sleepUntil sleeps as a CPU does: arm, check once more, sleep.
func sleepUntil(b *Bell, ready func() bool) {
	for !ready() {
		b.Arm()
		if ready() {
			b.Disarm()
			return
		}
		b.Sleep()
	}
}

// A lost wake makes this hang. By the plain word that is passed on, the race
// detector checks that a ring orders all before it.
func TestPingPong(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		const rounds = 20000
		bells := [2]*Bell{New(), New()}
		var turn atomic.Uint32
		plain := 0
		var wg sync.WaitGroup
		for me := range uint32(2) {
			wg.Go(func() {
				for range rounds {
					sleepUntil(bells[me], func() bool { return turn.Load()%2 == me })
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
	})
}

// The same with nothing but the bell to order the plain word: it is written
// before Ring and read after the Sleep that Ring ends.
func TestRingHappensBeforeTheEndOfSleep(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		for i := range 200 {
			b := New()
			b.Arm()
			plain := 0
			go func() {
				plain = i
				b.Ring()
			}()
			b.Sleep()
			if plain != i {
				t.Fatalf("read %d, want %d", plain, i)
			}
		}
	})
}

// Many ring while one CPU sleeps, disarms and counts the rings.
func TestManyRingOneSleeps(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		const ringers, each = 3, 3000
		b := New()
		var work atomic.Int32
		var wg sync.WaitGroup
		for range ringers {
			wg.Go(func() {
				for i := range each {
					work.Add(1)
					b.Ring()
					if i%16 == 0 {
						runtime.Gosched()
					}
				}
			})
		}
		for done := int32(0); done < ringers*each; {
			sleepUntil(b, func() bool { return work.Load() > 0 })
			done += work.Swap(0)
		}
		wg.Wait()
		if len(b.parked) > 1 {
			t.Error("tokens pile up")
		}
	})
}

// GOMAXPROCS may change between two sleeps, and with it how the CPU sleeps.
func TestWayOfSleepMayChange(t *testing.T) {
	limit(t)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	b := New()
	for i := range 20 {
		runtime.GOMAXPROCS(1 + i%2)
		b.Arm()
		go b.Ring()
		b.Sleep()
		if b.Armed() {
			t.Fatal(fmt.Sprint("armed after sleep ", i))
		}
	}
}

// The collector must not wait for a CPU that sleeps: with a RawSyscall this
// would hang.
func TestSleepDoesNotStallTheCollector(t *testing.T) {
	bothWays(t, func(t *testing.T) {
		b := New()
		b.Arm()
		done := make(chan struct{})
		go func() {
			b.Sleep()
			close(done)
		}()
		for range 5 {
			runtime.GC()
		}
		b.Ring()
		<-done
	})
}
