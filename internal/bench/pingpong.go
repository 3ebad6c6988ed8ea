package bench

import (
	"context"
	"slices"
	"sync/atomic"
	"time"
	"unsafe"

	"crosscall/internal/cpurelax"
)

// pingpong is the lower limit of every waiting call: one cache line moves to
// the other CPU and back, and nothing else happens. Its speed depends on how
// the two sides wait, and the fastest way depends on where the two CPUs are. So
// each sample plays all games, in turn, and the fastest game on this host
// counts.
type pingpong struct {
	pair
	ball  *ball
	means [][]float64 // by game: its last observations
	best  int         // the game whose median of those is the lowest
}

// A ball is two words that do not share a line, nor a neighbouring one, because
// x86 fetches lines in pairs.
type ball struct {
	_     [128]byte
	turn  atomic.Uint64
	_     [120]byte
	reply atomic.Uint64 // used by twoLines only
	_     [120]byte
}

// A game is a way to wait for the ball. serve writes the odd number first, then
// every second one, and waits each time until the peer has put the even number
// after it. answer waits for each odd number and puts the even one.
type game struct {
	name   string
	serve  func(b *ball, first uint64, rounds int)
	answer func(b *ball, first uint64, rounds int)
}

// games are the ways that were the fastest on some host, and the simplest one.
//
// With simple loops a line moves more than twice in a round. Each side's next
// load takes the line back (shared) between the other side's load and its store,
// so that the store has to request the line once more. A pause of some ten
// nanoseconds on both sides gives the other side enough time: between cores that
// share a cache a round takes half as long. A call of the library always has
// such a gap on both sides (a pause at the target, some instructions at the
// caller), so it was faster than simple loops.
//
// Between cores that do not share a cache the pause is too short for that, and a
// load of a line that the other core has modified leaves it shared: the store
// after it is a second transfer. PREFETCHW before each load (own) requests the
// line for writing, which is one transfer for both; measured, a round takes 0.3
// to 0.55 of the time of the simple one.
//
// Between two hyperthreads of one core no line moves. The target's loop must
// leave the core to the caller: by a pause on its side only.
//
// Not among them, because they were never faster: compare-and-swap instead of
// the atomic store (XCHG on x86), a loop of compare-and-swaps, PREFETCHW without
// a pause, two pauses.
var games = []game{
	{"bare", (*ball).serve, (*ball).answer},
	{"pause-at-target", (*ball).serve, (*ball).answerPaused},
	{"pause", (*ball).servePaused, (*ball).answerPaused},
	{"own-at-target", (*ball).serve, (*ball).answerOwning},
	{"own", (*ball).serveOwning, (*ball).answerOwning},
	{"two-lines", (*ball).serveTwoLines, (*ball).answerTwoLines},
}

// remembered is how many samples of each game choose the best: enough for a
// median, and few enough to follow a guest whose CPUs its host moves.
const remembered = 9

func newPingpong(callerCPU, peerCPU int) (probe, error) {
	p, err := startPair(callerCPU, peerCPU)
	if err != nil {
		return nil, err
	}
	return &pingpong{pair: p, ball: new(ball), means: make([][]float64, len(games))}, nil
}

func (p *pingpong) sample(_ context.Context, n int) ([]float64, error) {
	each := max(1, n/len(games))
	for i := range games {
		p.means[i] = append(p.means[i], p.play(&games[i], each))
		if len(p.means[i]) > remembered {
			p.means[i] = p.means[i][1:]
		}
	}
	p.choose()
	last := p.means[p.best]
	return last[len(last)-1:], nil
}

// play plays n rounds and returns the nanoseconds a round.
func (p *pingpong) play(g *game, n int) float64 {
	warm := warmup(n)
	b := p.ball
	b.turn.Store(0)
	b.reply.Store(0)
	var took time.Duration
	p.run(
		func() {
			g.serve(b, 1, warm)
			start := time.Now()
			g.serve(b, 1+2*uint64(warm), n)
			took = time.Since(start)
		},
		func() { g.answer(b, 1, warm+n) },
	)
	return float64(took.Nanoseconds()) / float64(n)
}

func (p *pingpong) choose() {
	p.best = 0
	lowest := 0.0
	for i, means := range p.means {
		median := quantile(slices.Sorted(slices.Values(means)), 0.5)
		if i == 0 || median < lowest {
			p.best, lowest = i, median
		}
	}
}

// variant implements varied.
func (p *pingpong) variant() string { return games[p.best].name }

func (b *ball) serve(first uint64, rounds int) {
	for turn, end := first, first+2*uint64(rounds); turn != end; turn += 2 {
		b.turn.Store(turn)
		for b.turn.Load() == turn {
		}
	}
}

func (b *ball) answer(first uint64, rounds int) {
	for turn, end := first, first+2*uint64(rounds); turn != end; turn += 2 {
		for b.turn.Load() != turn {
		}
		b.turn.Store(turn + 1)
	}
}

func (b *ball) servePaused(first uint64, rounds int) {
	for turn, end := first, first+2*uint64(rounds); turn != end; turn += 2 {
		b.turn.Store(turn)
		cpurelax.Relax()
		for b.turn.Load() == turn {
			cpurelax.Relax()
		}
	}
}

func (b *ball) answerPaused(first uint64, rounds int) {
	for turn, end := first, first+2*uint64(rounds); turn != end; turn += 2 {
		cpurelax.Relax()
		for b.turn.Load() != turn {
			cpurelax.Relax()
		}
		b.turn.Store(turn + 1)
	}
}

// own pauses and then prefetches the line for writing.
func (b *ball) own() {
	cpurelax.Relax()
	cpurelax.PrefetchW(unsafe.Pointer(&b.turn))
}

func (b *ball) serveOwning(first uint64, rounds int) {
	for turn, end := first, first+2*uint64(rounds); turn != end; turn += 2 {
		b.turn.Store(turn)
		b.own()
		for b.turn.Load() == turn {
			b.own()
		}
	}
}

func (b *ball) answerOwning(first uint64, rounds int) {
	for turn, end := first, first+2*uint64(rounds); turn != end; turn += 2 {
		b.own()
		for b.turn.Load() != turn {
			b.own()
		}
		b.turn.Store(turn + 1)
	}
}

// In serveTwoLines and answerTwoLines each side writes a line of its own: there
// is no line that both write, but twice as many move.
func (b *ball) serveTwoLines(first uint64, rounds int) {
	for turn, end := first, first+2*uint64(rounds); turn != end; turn += 2 {
		b.turn.Store(turn)
		for b.reply.Load() != turn+1 {
		}
	}
}

func (b *ball) answerTwoLines(first uint64, rounds int) {
	for turn, end := first, first+2*uint64(rounds); turn != end; turn += 2 {
		cpurelax.Relax()
		for b.turn.Load() != turn {
			cpurelax.Relax()
		}
		b.reply.Store(turn + 1)
	}
}
