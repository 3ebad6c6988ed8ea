package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"

	"crosscall"
	"crosscall/internal/kv"
)

// kvKeys are few enough for the caches: the access to the data is compared, not
// the memory.
const kvKeys = 4096

var kvKey = sync.OnceValue(func() *[kvKeys]string {
	keys := new([kvKeys]string)
	for i := range keys {
		keys[i] = fmt.Sprintf("key-%04d", i)
	}
	return keys
})

const kvValue = "value"

// A keyed store is a side of kv-get as seen from one CPU.
type keyed interface {
	get(key string) error
	set(key, value string) error
}

// kvOps performs n operations on random keys: nine gets, then a set.
func kvOps(s keyed, n int, seed uint64) error {
	random := rand.NewPCG(seed, 0)
	for i := range n {
		key := kvKey()[random.Uint64()%kvKeys]
		var err error
		if i%10 == 9 {
			err = s.set(key, kvValue)
		} else {
			err = s.get(key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func fillKV(s keyed) error {
	for _, key := range kvKey() {
		if err := s.set(key, kvValue); err != nil {
			return err
		}
	}
	return nil
}

// kvOwned is the key-value store whose shards are owned by CPUs, used by every
// executor at once: a key of its own shard costs no atomic at all, any other a
// waiting call. The observation is nanoseconds an operation of one CPU.
type kvOwned struct {
	onSystem
	cpus  int
	store *kv.Store
}

func openKVOwned(s *site) (probe, error) {
	sys, err := openSystem(s, crosscall.Options{})
	if err != nil {
		return nil, err
	}
	p := &kvOwned{sys, s.cpus.Weight(), kv.New(sys.sys)}
	if err := fillKV(kvFrom{p.store, sys.sys}); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *kvOwned) sample(_ context.Context, n int) ([]float64, error) {
	defer p.awaitSleep()
	g := newGang(p.cpus)
	err := p.sys.PostEvery(func(c *crosscall.CPU) {
		g.join(func() error { return kvOps(kvFrom{p.store, c}, n, uint64(c.ID())) })
	})
	if err != nil {
		return nil, err
	}
	took, err := g.wait()
	return mean(took.Nanoseconds(), n), err
}

// kvFrom is the store as seen by one caller.
type kvFrom struct {
	store  *kv.Store
	caller crosscall.Caller
}

func (k kvFrom) get(key string) error {
	_, _, err := k.store.Get(k.caller, key)
	return err
}

func (k kvFrom) set(key, value string) error { return k.store.Set(k.caller, key, value) }

// kvMutex is a sharded-mutex map used by as many ordinary goroutines at once as
// there are CPUs.
type kvMutex struct {
	cpus  int
	store *shardedMutex
}

func openKVMutex(s *site) (probe, error) {
	p := &kvMutex{s.cpus.Weight(), newShardedMutex()}
	return p, fillKV(p.store)
}

func (p *kvMutex) sample(_ context.Context, n int) ([]float64, error) {
	g := newGang(p.cpus)
	for i := range p.cpus {
		go g.join(func() error { return kvOps(p.store, n, uint64(i)) })
	}
	took, err := g.wait()
	return mean(took.Nanoseconds(), n), err
}

func (p *kvMutex) close() {}
