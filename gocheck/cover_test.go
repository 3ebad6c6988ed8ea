package gocheck_test

import (
	"slices"
	"strings"
	"testing"

	"crosscall/gocheck"
	"crosscall/gocheck/atomic"
	"crosscall/gocheck/sync"
)

func TestCover(t *testing.T) {
	for _, c := range []struct {
		name    string
		covers  []string
		body    func(*gocheck.T)
		verdict string
		missed  []string
	}{
		{"values", []string{"0", "1", "2", "3"}, func(t *gocheck.T) {
			var x atomic.Int32
			t.Go(func() { x.Store(1); x.Store(2) })
			t.Cover(string(rune('0' + x.Load())))
		}, "vacuous", []string{"3"}},
		{"all values", []string{"0", "1"}, func(t *gocheck.T) {
			var x atomic.Int32
			t.Go(func() { x.Store(1) })
			t.Cover(string(rune('0' + x.Load())))
		}, "holds", nil},
		{"in Final", []string{"lost", "both"}, func(t *gocheck.T) {
			var x atomic.Int32
			for range 2 {
				t.Go(func() { x.Store(x.Load() + 1) })
			}
			t.Final(func() { t.Cover([]string{"", "lost", "both"}[x.Load()]) })
		}, "holds", nil},
		{"in a waiting round", []string{"waits", "goes on", "never"}, func(t *gocheck.T) {
			var x atomic.Int32
			t.Go(func() { x.Store(1) })
			for x.Load() == 0 {
				t.Cover("waits")
				gocheck.Spin()
			}
			t.Cover("goes on")
		}, "vacuous", []string{"never"}},
		{"behind a lock", []string{"taken"}, func(t *gocheck.T) {
			var m sync.Mutex
			for range 2 {
				t.Go(func() {
					if !m.TryLock() {
						t.Cover("taken")
						return
					}
					m.Unlock()
				})
			}
		}, "holds", nil},
		{"deferred, when an execution is given up", []string{"end"}, func(t *gocheck.T) {
			var x atomic.Int32
			for range 2 {
				t.Go(func() {
					defer t.Cover("end")
					x.Add(1)
					for {
						gocheck.Idle()
						if x.Load() == 3 {
							break
						}
					}
				})
			}
		}, "vacuous", []string{"end"}},
		{"unknown name", []string{"a"}, func(t *gocheck.T) { t.Cover("b") }, "fails", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := gocheck.Options{Covers: c.covers}
			r := explore(t, o, c.body)
			if r.Verdict() != c.verdict || !slices.Equal(r.NotReached, c.missed) || r.Complete != (c.verdict == "holds") {
				t.Errorf("%v %q, want %s, %q", r, r.NotReached, c.verdict, c.missed)
			}
			text := failsWith(func(t testing.TB) { gocheck.Check(t, o, c.body) })
			if (text == "") != (c.verdict == "holds") || len(c.missed) > 0 && !strings.Contains(text, `no execution reaches Cover("`+c.missed[0]) {
				t.Errorf("Check: %q", text)
			}
		})
	}
}

// TestCoverIncomplete: executions that were not explored may reach a cover.
func TestCoverIncomplete(t *testing.T) {
	r := explore(t, gocheck.Options{Covers: []string{"never"}, MaxExecutions: 2}, lostUpdate)
	if r.Failure == nil && (r.Verdict() != "incomplete" || r.NotReached != nil) {
		t.Error(r, r.NotReached)
	}
}
