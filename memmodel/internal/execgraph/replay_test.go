package execgraph_test

import (
	"slices"
	"testing"

	"crosscall/memmodel/internal/execgraph"
	"crosscall/memmodel/internal/thread"

	"pgregory.net/rapid"
)

// A source is that a read, by number, reads from a write, by number among those of its cell.
type source struct{ read, write int }

// TestTwinReplay: a State that is loaded again and again, with the same paths or others,
// and given decisions of which the first are often those of the last time, is as one that
// does so for the first time.
func TestTwinReplay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := loaded(t)
		choices := [][]*thread.Path{s.Paths}
		if shorter := cutShort(s.Paths); shorter != nil {
			choices = append(choices, shorter)
		}
		var list []source
		for range rapid.IntRange(2, 8).Draw(t, "rounds") {
			paths := rapid.SampledFrom(choices).Draw(t, "paths")
			list = list[:rapid.IntRange(0, len(list)).Draw(t, "kept")]
			for range rapid.IntRange(0, 3).Draw(t, "new") {
				list = append(list, source{rapid.IntRange(0, 9).Draw(t, "read"), rapid.IntRange(0, 9).Draw(t, "write")})
			}
			fresh := &execgraph.State{Coherent: true, Atomic: true}
			fresh.Reset(s.Prog, nil)
			got, want := fixed(s, paths, list), fixed(fresh, paths, list)
			if got != want {
				t.Fatalf("loaded again\n%s\nfor the first time\n%s", got, want)
			}
			if got != "" && len(s.Reads) > 0 && rapid.Bool().Draw(t, "goes on") {
				s.Push()
				decide(t, s, slices.DeleteFunc(slices.Clone(s.Reads), func(r int) bool { return s.RF(r) < 0 }))
				s.Pop()
			}
			if got != "" && rapid.Bool().Draw(t, "ends") {
				s.Finish()
			}
		}
	})
}

// cutShort returns paths without their last events, or nil if that is not so simple.
func cutShort(paths []*thread.Path) (list []*thread.Path) {
	for _, p := range paths {
		if len(p.Events) == 0 || len(p.Must) > 0 || len(p.RMW) > 0 || len(p.LockRM) > 0 || len(p.Addr)+len(p.Data)+len(p.Ctrl) > 0 {
			return nil
		}
		q := *p
		q.Events, q.Write = p.Events[:len(p.Events)-1], p.Write[:len(p.Write)-1]
		list = append(list, &q)
	}
	return list
}

// fixed loads paths into s and decides each read of the list that is not decided. It
// returns what can be seen then, or nothing if that is not possible.
func fixed(s *execgraph.State, paths []*thread.Path, list []source) string {
	if !s.Load(paths) || !s.Begin(true) {
		return ""
	}
	done := map[int]bool{}
	for _, x := range list {
		if len(s.Reads) == 0 {
			break
		}
		r := s.Reads[x.read%len(s.Reads)]
		writes := s.Writes[s.Events[r].Loc]
		if done[r] {
			continue
		}
		done[r] = true
		if !s.Fix(writes[x.write%len(writes)], r) {
			return ""
		}
	}
	s.Fixed()
	return visible(s) + "."
}
