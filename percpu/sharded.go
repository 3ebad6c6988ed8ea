package percpu

import "sync"

// Sharded is a value of type T in several shards, for any goroutine, on an executor or
// not. Each shard has a mutex and cache lines of its own, and goroutines that run at the same time
// mostly use different shards. It needs no [crosscall.System].
//
// Use it for data that many goroutines add to and few read: histograms, sets of
// statistics, free lists. For a number, [Counter.AddAny] is faster. For a value that only
// functions on CPUs use, [Value] needs no mutex. If most uses are reads of the whole, one
// T behind one mutex is better, because Each locks every shard.
type Sharded[T any] struct{ shards stripes[shard[T]] }

type shard[T any] struct {
	mu sync.Mutex
	v  T
}

// NewSharded makes a value whose shards are all the zero T. The number of shards is
// a small multiple of GOMAXPROCS at the time of this call.
func NewSharded[T any]() *Sharded[T] { return &Sharded[T]{newStripes[shard[T]]()} }

// Do runs fn with one shard, which no other function uses meanwhile. Each call may choose
// another shard. The pointer is valid until fn returns.
//
// fn must not use the same Sharded, and must not wait for a cross call or call
// [crosscall.CPU.Poll]: the CPU would run other functions, and one that uses the
// same shard would deadlock. If fn panics or ends its goroutine, the shard is unlocked.
func (s *Sharded[T]) Do(fn func(*T)) {
	sh := s.lock()
	defer sh.mu.Unlock()
	fn(&sh.v)
}

// lock locks the goroutine's shard or, if another goroutine holds it, the next one.
func (s *Sharded[T]) lock() *shard[T] {
	c := choose()
	sh := s.shards.at(c)
	if !sh.mu.TryLock() {
		c.move()
		sh = s.shards.at(c)
		sh.mu.Lock()
	}
	return sh
}

// Each runs fn with every shard, one after the other; no other function uses the shard
// meanwhile. fn sees every Do that happened before Each, and all or nothing of a Do that
// runs at the same time. The shards are not a snapshot: fn may see the second of two Do
// and not the first. fn may change the shard. As in Do, it must not use the same Sharded
// or wait for a cross call.
func (s *Sharded[T]) Each(fn func(*T)) {
	for i := range s.shards {
		s.shards[i].v.visit(fn)
	}
}

func (sh *shard[T]) visit(fn func(*T)) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	fn(&sh.v)
}
