package bench

import (
	"hash/maphash"
	"sync"
)

// mutexShards is many more than the CPUs of most machines, so that two CPUs
// rarely use one shard at once.
const mutexShards = 256

// shardedMutex is the usual map that goroutines share: split by the key's hash
// into shards, each a map behind a mutex on cache lines of its own.
type shardedMutex struct {
	seed   maphash.Seed
	shards [mutexShards]mutexShard
}

type mutexShard struct {
	sync.Mutex
	values map[string]string
	_      [112]byte
}

func newShardedMutex() *shardedMutex {
	m := &shardedMutex{seed: maphash.MakeSeed()}
	for i := range m.shards {
		m.shards[i].values = make(map[string]string)
	}
	return m
}

func (m *shardedMutex) get(key string) error {
	s := m.shard(key)
	s.Lock()
	_ = s.values[key]
	s.Unlock()
	return nil
}

func (m *shardedMutex) set(key, value string) error {
	s := m.shard(key)
	s.Lock()
	s.values[key] = value
	s.Unlock()
	return nil
}

func (m *shardedMutex) shard(key string) *mutexShard {
	return &m.shards[maphash.String(m.seed, key)%mutexShards]
}
