package sched

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s, o set
		m, n := map[int32]bool{}, map[int32]bool{}
		thread := rapid.Int32Range(0, 300)
		t.Repeat(map[string]func(*rapid.T){
			"add":    func(t *rapid.T) { q := thread.Draw(t, "q"); s.add(q); m[q] = true },
			"remove": func(t *rapid.T) { q := thread.Draw(t, "q"); s.remove(q); delete(m, q) },
			"other":  func(t *rapid.T) { q := thread.Draw(t, "q"); o.add(q); n[q] = true },
			"clear":  func(*rapid.T) { o.clear(); clear(n) },
			"same": func(*rapid.T) {
				o.clear()
				for q := range m {
					o.add(q)
				}
				n = maps.Clone(m)
			},
			"": func(t *rapid.T) {
				if q := thread.Draw(t, "q"); s.has(q) != m[q] {
					t.Fatalf("has %d: %t", q, s.has(q))
				}
				var all []int32
				for q := s.next(0); q != nothing; q = s.next(q + 1) {
					all = append(all, q)
				}
				if want := slices.Sorted(maps.Keys(m)); !slices.Equal(all, want) {
					t.Fatalf("%v, want %v", all, want)
				}
				if s.equal(&o) != maps.Equal(m, n) || o.equal(&s) != maps.Equal(m, n) {
					t.Fatalf("equal %t: %v, %v", s.equal(&o), m, n)
				}
			},
		})
	})
}
