package sched

import (
	"slices"
	"testing"
	"unsafe"
)

func TestClock(t *testing.T) {
	for _, p := range []struct {
		name string
		body func(*lab)
	}{
		{"Now stands still but for sleeps", func(l *lab) {
			start := l.Now()
			l.Sleep(7)
			l.Sleep(0)
			if start != 1000 || l.Now() != 1007 {
				l.Error("time")
			}
		}},
		{"a timeout", func(l *lab) {
			if i := l.either(l.make(0), l.after(50)); i != 1 || l.Now() != 1050 {
				l.Error("time")
			}
		}},
		{"a ticker that is read slowly drops ticks", func(l *lab) {
			c, p := l.ticker(10)
			l.Sleep(35)
			l.recv(c)
			l.recv(c)
			if l.Now() != 1040 || !l.StopTimer(p) || l.StopTimer(p) || l.poll(c) {
				l.Error("time")
			}
		}},
		{"a timer that is stopped", func(l *lab) {
			c, p := l.make(1), unsafe.Pointer(new(int))
			l.StartTimer(p, 1010, 0, func() { l.offer(c) })
			if !l.ResetTimer(p, 1030, 0) {
				l.Error("reset")
			}
			l.Sleep(20)
			if l.poll(c) || !l.StopTimer(p) || l.StopTimer(p) {
				l.Error("stop")
			}
			l.ResetTimer(p, 1025, 0)
			l.recv(c)
			if l.Now() != 1025 {
				l.Error("time")
			}
		}},
		{"fire starts a goroutine", func(l *lab) {
			c := l.make(0)
			l.StartTimer(unsafe.Pointer(new(int)), 1010, 0, func() { l.Go(func() { l.close(c) }) })
			l.recv(c)
		}},
		{"a goroutine that is left waits for its timer", func(l *lab) {
			l.Go(func() { l.recv(l.after(10)) })
		}},
		{"a goroutine that is left sees a flag at the next tick", func(l *lab) {
			stop := false
			c, _ := l.ticker(10)
			l.Go(func() {
				for !stop {
					l.recv(c)
				}
			})
			l.Sleep(25)
			stop = true
		}},
		{"a loop that waits for a time", func(l *lab) {
			for end := l.Now() + 1_000_000_000; l.Now() < end; {
				l.Spin()
			}
		}},
		{"a loop that waits for a time, or a channel", func(l *lab) {
			c := l.make(0)
			l.Go(func() { l.Sleep(50); l.recv(c) })
			for !l.offer(c) {
				if l.Now() > 1_000_000 {
					l.Error("late")
				}
				l.Spin()
			}
		}},
		{"a step before a loop that waits for a time", func(l *lab) {
			c := l.make(1)
			l.Go(func() {
				l.poll(c)
				l.offer(c)
			})
			l.Go(func() {
				l.offer(c)
				for l.Now() < 1_000_000 {
					l.Spin()
				}
			})
		}},
		{"a ticker alone does not keep an execution alive", func(l *lab) { l.ticker(10) }},
	} {
		for _, cfg := range []Config{{}, {Random: true, MaxExecutions: 10}} {
			cfg.Epoch = 1000
			_, found, reason := inLab(cfg, p.body)
			if found != nil || reason != "" && !cfg.Random {
				t.Errorf("%s: %+v, %q", p.name, found, reason)
			}
		}
	}
}

func TestTickerForever(t *testing.T) {
	_, found, reason := inLab(Config{MaxSteps: 200}, func(l *lab) {
		for c, _ := l.ticker(10); ; {
			l.recv(c)
		}
	})
	if found != nil || reason == "" {
		t.Errorf("%+v, %q", found, reason)
	}
}

// Sleeping is no synchronization.
func TestSleepRace(t *testing.T) {
	_, found, _ := inLab(Config{}, func(l *lab) {
		v := new(int)
		l.Go(func() { l.Access(unsafe.Pointer(v), 8, true) })
		l.Sleep(10)
		l.Access(unsafe.Pointer(v), 8, false)
	})
	if found == nil || found.Kind != Race {
		t.Error(found)
	}
}

// Each timer that is due at one time may be the first and, with TimersAnyTime, any
// timer. A goroutine that has waited for a timer reads at least the timer's time.
func TestTimersAnyTime(t *testing.T) {
	for _, anyTime := range []bool{false, true} {
		seen := map[int64]bool{}
		_, found, reason := inLab(Config{TimersAnyTime: anyTime}, func(l *lab) {
			a, b := l.after(10), l.after(20)
			i := l.either(a, b)
			now := l.Now()
			if now < int64(i+1)*10 {
				l.Error("before its time")
			}
			l.Final(func() { seen[int64(i)*100+now] = true })
		})
		var got []int64
		for k := range seen {
			got = append(got, k)
		}
		slices.Sort(got)
		want := []int64{10}
		if anyTime {
			want = []int64{10, 20, 120}
		}
		if found != nil || reason != "" || !slices.Equal(got, want) {
			t.Errorf("any time %v: %v, %+v, %q; want %v", anyTime, got, found, reason, want)
		}
	}
}

// A timer that is due when it is stopped may have fired before.
func TestStopRaces(t *testing.T) {
	seen := map[bool]bool{}
	_, found, reason := inLab(Config{}, func(l *lab) {
		p := unsafe.Pointer(new(int))
		l.StartTimer(p, 10, 0, func() {})
		l.Sleep(10)
		was := l.StopTimer(p)
		l.Final(func() { seen[was] = true })
	})
	if found != nil || reason != "" || len(seen) != 2 {
		t.Error(found, reason, seen)
	}
}

// With Late the clock is beyond the time that was waited for, and events that are
// due at one time still come in any order.
func TestLate(t *testing.T) {
	n := 0
	s, found, reason := inLab(Config{Late: true}, func(l *lab) {
		start := l.Now()
		first, c := 0, l.make(2)
		sleeper := func(id int, ds ...int64) func() {
			return func() {
				for _, d := range ds {
					l.Sleep(d)
				}
				if l.Now() <= start+10_000_000 || l.Now() > start+10_001_000 {
					l.Error("time")
				}
				l.offer(c)
				if first == 0 {
					first = id
					n |= id
				}
			}
		}
		l.Go(sleeper(1, 5_000_000, 5_000_000))
		l.Go(sleeper(2, 10_000_000))
	})
	if found != nil || reason != "" || n != 3 || s.Executions != 2 {
		t.Errorf("%+v, %+v, %q, first: %b", s, found, reason, n)
	}
}
