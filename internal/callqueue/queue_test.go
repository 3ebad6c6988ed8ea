package callqueue

import (
	"slices"
	"testing"
)

func TestOfflineCPUTakesNothingButByForce(t *testing.T) {
	bothSingle(t, func(t *testing.T, cfg Config) {
		cfg.CPUs = upTo(3)
		w := newWorld(t, cfg)
		w.post(w.src[0], 1, "accepted")
		w.q.SetOnline(1, false)
		for _, src := range []*Source[int]{w.src[0], w.src[1], w.external} {
			if got := src.TryPost(1, w.fn("x"), nil, false); got != Offline {
				t.Errorf("post by %d: %v", src.id, got)
			}
		}
		if n := w.share(w.src[0], words{0b110}, nil, "shared"); n != 1 {
			t.Errorf("shared with %d", n)
		}
		if got := w.src[0].TryPost(1, w.fn("forced"), nil, true); got != Posted {
			t.Errorf("by force: %v", got)
		}
		w.drain()
		w.ran("accepted@1", "forced@1", "shared@2")
		w.q.SetOnline(1, true)
		w.post(w.src[0], 1, "again")
		w.drain()
		w.ran("again@1")
	})
}

func TestOnlineTakesAnyNumber(t *testing.T) {
	w := newWorld(t, Config{CPUs: []int{1, 70}})
	for cpu := -2; cpu < 200; cpu++ {
		want := cpu == 1 || cpu == 70
		if w.q.Online(cpu) != want {
			t.Errorf("CPU %d is online: %v", cpu, !want)
		}
		if (w.q.Inbox(cpu) != nil) != want {
			t.Errorf("CPU %d has an inbox: %v", cpu, !want)
		}
		if w.src[1].Opened(cpu) != nil {
			t.Errorf("there is a lane to CPU %d before its first use", cpu)
		}
	}
	if w.q.online[0].Load() != 1<<1 || w.q.online[1].Load() != 1<<6 {
		t.Errorf("online words are %x, %x", w.q.online[0].Load(), w.q.online[1].Load())
	}
}

// AwaitSenders returns once no goroutine is between its check of the online mask and
// the publishing of its request.
func TestAwaitSendersWaitsForTheLocks(t *testing.T) {
	w := newLanes(t, 2)
	in := w.q.Inbox(1)
	for name, mu := range map[string]interface {
		Lock()
		Unlock()
	}{
		"post of external callers": &w.external.Lane(1).lock, "share of external callers": w.external.lock, "single queue": &in.single.mu,
	} {
		mu.Lock()
		returned := make(chan struct{})
		go func() { w.q.AwaitSenders(1); close(returned) }()
		select {
		case <-returned:
			t.Errorf("%s: returned while it was under way", name)
		default:
		}
		mu.Unlock()
		<-returned
	}
}

func TestSingleQueueRingsOnlyIfItWasEmpty(t *testing.T) {
	w := newWorld(t, Config{CPUs: upTo(2), SingleQueue: true})
	w.post(w.src[0], 1, "a", func() { w.post(w.src[0], 1, "c") })
	w.post(w.src[0], 1, "b")
	if !slices.Equal(w.rung, []int{1}) {
		t.Errorf("rang for %v", w.rung)
	}
	w.poll(1) // takes both, so the queue is empty for c
	if !slices.Equal(w.rung, []int{1, 1}) {
		t.Errorf("rang for %v", w.rung)
	}
	w.drain()
	w.ran("a@1", "b@1", "c@1")
}

func TestLanesRingAtEachPost(t *testing.T) {
	w := newLanes(t, 2)
	w.post(w.src[0], 1, "a")
	w.post(w.src[0], 1, "b")
	if !slices.Equal(w.rung, []int{1, 1}) {
		t.Errorf("rang for %v", w.rung)
	}
}

// Requests that were taken off the single queue and have not run precede later
// ones, also if a function in the middle serves.
func TestSingleQueueNestedKeepsTheOrder(t *testing.T) {
	w := newWorld(t, Config{CPUs: upTo(2), SingleQueue: true})
	w.post(w.src[0], 1, "a", func() {
		w.post(w.src[0], 1, "c")
		w.poll(1)
		w.log = append(w.log, "end of a")
	})
	w.post(w.src[0], 1, "b")
	w.poll(1)
	w.ran("a@1", "b@1", "c@1", "end of a")
	if w.q.Inbox(1).Pending() || w.q.Inbox(1).Depth() != 0 {
		t.Error("something is left")
	}
}

// All sources share the single queue, so a request that precedes one source's
// record can come after another's.
func TestRecordsOnTheListGoByTheirPlaceInTheSingleQueue(t *testing.T) {
	w := newWorld(t, Config{CPUs: upTo(4), SingleQueue: true})
	w.share(w.src[2], words{0b10}, nil, "share2")
	w.post(w.src[2], 1, "post2")
	w.post(w.src[3], 1, "post3")
	w.share(w.src[3], words{0b10}, nil, "share3") // at the head of the list
	w.drain()
	w.ran("share2@1", "post2@1", "post3@1", "share3@1")
}

func TestSent(t *testing.T) {
	bothSingle(t, func(t *testing.T, cfg Config) {
		cfg.CPUs = upTo(3)
		w := newWorld(t, cfg)
		w.post(w.src[0], 1, "a")
		w.post(w.src[0], 2, "b")
		w.share(w.src[0], words{0b111}, nil, "c")
		w.q.SetOnline(2, false)
		w.src[0].TryPost(2, w.fn("d"), nil, false)
		if got := w.src[0].Sent(); got != 5 {
			t.Errorf("sent %d, of 2 posts and one call to 3", got)
		}
		w.drain()
	})
}

// The record of a call to many completes once, with the errors of all targets.
func TestOneRecordForManyPosts(t *testing.T) {
	bothSingle(t, func(t *testing.T, cfg Config) {
		cfg.CPUs = upTo(4)
		w := newWorld(t, cfg)
		csd, wakes := armed(4)
		for cpu := 1; cpu < 4; cpu++ {
			w.src[0].TryPost(cpu, w.fn("a", func() {
				if cpu == 2 {
					panic("boom")
				}
			}), csd, false)
			w.poll(cpu)
		}
		if csd.Done() {
			t.Fatal("complete before the sender was through")
		}
		csd.Forgive(1)
		if !csd.Done() || len(errsOf(csd)) != 1 || *wakes != 0 {
			t.Errorf("done %v, errors %v, %d wakes", csd.Done(), errsOf(csd), *wakes)
		}
	})
}
