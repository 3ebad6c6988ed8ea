package bench

import (
	"errors"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"
)

// Every baseline performs the requested number of operations, repeatedly, and
// leaves no goroutine behind.
func TestBaselines(t *testing.T) {
	s := newSite(usable(t))
	if err := s.lacks(twoCPUs); err != nil {
		t.Skip(err)
	}
	defer goleak.VerifyNone(t)
	each := map[string]bool{"futex": true, "futex-spin": true} // one observation an operation
	for _, c := range contests {
		for _, b := range c.against {
			p, err := b.open(s)
			if err != nil {
				t.Logf("%s: %v", b.name, err)
				continue
			}
			for range 3 {
				observed, err := p.sample(t.Context(), 3)
				if want := map[bool]int{true: 3, false: 1}[each[b.name]]; err != nil || len(observed) != want {
					t.Errorf("%s: observed %v, %v", b.name, observed, err)
				}
				for _, ns := range observed {
					if ns <= 0 {
						t.Errorf("%s: %v ns", b.name, ns)
					}
				}
			}
			p.close()
		}
	}
}

// The last number on the ball after a game is the number of turns of both
// sides: if a side did not wait for the other, the number would differ, or the
// game would not end.
func TestPingpongTakesEveryTurn(t *testing.T) {
	for _, g := range games {
		b := new(ball)
		ended := make(chan struct{})
		go func() { g.answer(b, 1, 100); close(ended) }()
		g.serve(b, 1, 60)
		g.serve(b, 121, 40)
		<-ended
		if got := max(b.turn.Load(), b.reply.Load()); got != 200 {
			t.Errorf("%s: turn %d after 100 rounds, want 200", g.name, got)
		}
	}
}

// The baseline is the game with the lowest median of its last samples, not one with
// a single low sample.
func TestPingpongChoosesTheFastestGame(t *testing.T) {
	p := &pingpong{means: [][]float64{{30, 31, 32}, {20, 21, 40}, {5, 33, 34}}}
	if p.choose(); p.best != 1 {
		t.Errorf("chose game %d, want 1", p.best)
	}
}

func TestGangBeginsTogether(t *testing.T) {
	const size = 5
	g := newGang(size)
	var joined atomic.Int32
	for range size {
		go func() {
			joined.Add(1)
			g.join(func() error {
				if n := joined.Load(); n != size {
					return errors.New("began before all had joined")
				}
				return nil
			})
		}()
	}
	took, err := g.wait()
	if err != nil || took < 0 {
		t.Errorf("took %v, %v", took, err)
	}
}

// The dumb twin of the sharded map is a single map.
func TestShardedMutexIsAMap(t *testing.T) {
	m := newShardedMutex()
	want := make(map[string]string)
	for i, key := range kvKey() {
		value := kvKey()[i/2]
		m.set(key, value)
		want[key] = value
	}
	total := 0
	for i := range m.shards {
		for key, value := range m.shards[i].values {
			total++
			if want[key] != value || m.shard(key) != &m.shards[i] {
				t.Errorf("%s: %q in shard %d", key, value, i)
			}
		}
	}
	if total != len(want) {
		t.Errorf("%d keys, want %d", total, len(want))
	}
}
