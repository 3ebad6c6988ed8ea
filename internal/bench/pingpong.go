package bench

import (
	"context"
	"sync/atomic"
	"time"
)

// pingpong is the floor of every waiting call: one cache line goes to the
// other CPU and comes back, and nothing else happens. Both sides spin with
// bare loads; a PAUSE between them would cost up to 140 cycles of answering
// late (Intel since Skylake), and would make the baseline easy to reach.
type pingpong struct {
	pair
	ball *ball
}

// A ball is alone in its line, and in the neighbouring one too, since x86
// fetches lines in pairs.
type ball struct {
	_    [128]byte
	turn atomic.Uint64
	_    [120]byte
}

func newPingpong(callerCPU, peerCPU int) (probe, error) {
	p, err := startPair(callerCPU, peerCPU)
	if err != nil {
		return nil, err
	}
	return &pingpong{p, new(ball)}, nil
}

func (p *pingpong) sample(_ context.Context, n int) ([]float64, error) {
	warm := warmup(n)
	b := p.ball
	b.turn.Store(0)
	var took time.Duration
	p.run(
		func() {
			b.serve(1, warm)
			start := time.Now()
			b.serve(1+2*uint64(warm), n)
			took = time.Since(start)
		},
		func() { b.answer(1, warm+n) },
	)
	return mean(took.Nanoseconds(), n), nil
}

// serve plays rounds rounds, the first with the odd number first: it writes
// the odd number and waits until the peer has put the even one after it.
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
