package kv

import (
	"fmt"
	"hash/maphash"
	"math/rand/v2"
	"sync"
	"testing"

	"crosscall"
)

// The benchmarks: one worker for each CPU, all at the same time, each on random
// keys of the whole store, nine gets to a set. ns/op are for one worker.

const benchKeys = 4096

var keys = func() (keys [benchKeys]string) {
	for i := range keys {
		keys[i] = fmt.Sprintf("key-%04d", i)
	}
	return keys
}()

// mix performs n operations and adds up what it has read.
func mix(n int, seed uint64, get func(key string) string, set func(key, value string)) (sum int) {
	random := rand.NewPCG(seed, 0)
	for i := range n {
		key := keys[random.Uint64()%benchKeys]
		if i%10 == 9 {
			set(key, "value")
		} else {
			sum += len(get(key))
		}
	}
	return sum
}

func openReal(b *testing.B) (*crosscall.System, *Store) {
	sys, err := crosscall.Open(crosscall.Options{})
	must(b, err)
	b.Cleanup(func() { must(b, sys.Close()) })
	s := New(sys)
	for _, key := range keys {
		must(b, s.Set(sys, key, "value"))
	}
	return sys, s
}

// onAll runs work on every CPU at once.
func onAll(b *testing.B, sys *crosscall.System, work func(*crosscall.CPU)) {
	online := sys.OnlineMask()
	var done sync.WaitGroup
	done.Add(online.Weight())
	b.ReportAllocs()
	b.ResetTimer()
	must(b, sys.PostEvery(func(c *crosscall.CPU) {
		defer done.Done()
		work(c)
	}))
	done.Wait()
}

func BenchmarkStore(b *testing.B) {
	sys, s := openReal(b)
	onAll(b, sys, func(c *crosscall.CPU) {
		get := func(key string) string {
			value, _, err := s.Get(c, key)
			if err != nil {
				b.Error(err)
			}
			return value
		}
		set := func(key, value string) {
			if err := s.Set(c, key, value); err != nil {
				b.Error(err)
			}
		}
		mix(b.N, uint64(c.ID()), get, set)
	})
}

// mutexShard is one of the 256 of the map that programs share today.
type mutexShard struct {
	sync.Mutex
	values map[string]string
	_      [112]byte
}

func BenchmarkShardedMutex(b *testing.B) {
	sys, _ := openReal(b)
	var shards [256]mutexShard
	seed := maphash.MakeSeed()
	shard := func(key string) *mutexShard { return &shards[maphash.String(seed, key)%256] }
	set := func(key, value string) {
		sh := shard(key)
		sh.Lock()
		if sh.values == nil {
			sh.values = make(map[string]string)
		}
		sh.values[key] = value
		sh.Unlock()
	}
	get := func(key string) string {
		sh := shard(key)
		sh.Lock()
		defer sh.Unlock()
		return sh.values[key]
	}
	for _, key := range keys {
		set(key, "value")
	}
	onAll(b, sys, func(c *crosscall.CPU) { mix(b.N, uint64(c.ID()), get, set) })
}
