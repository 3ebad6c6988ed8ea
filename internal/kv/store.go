// Package kv is a small key-value store with one thread per core: each CPU of a
// System owns a shard of the keys, a plain map that only functions on that CPU
// use. On the owner an operation is only an access to the map, without lock and
// atomic; from elsewhere it is a waiting call to the owner.
//
// It is an example of the use of the library, and is measured: see kv-get of
// crosscall bench. Operations on one key happen one after the other, on its
// owner, so each is atomic and all callers see them in one order.
//
// An operation from elsewhere costs the transfer of two cache lines there and
// back, the mailbox of the call and the op with the request, and the wait for
// them. The lines of a mutex and its map move once and stay for the next
// operation. So for single gets of small values from all CPUs, a map behind many
// mutexes is faster. Owners are faster if callers mostly use keys of their own
// CPU, or if an operation on a key takes many steps and would take many locks.
//
// # Offline CPUs
//
// A shard stays with its CPU. While that is offline, the operations of all others
// on its keys return [crosscall.ErrOffline], and when it is online again the
// shard is as it was. The alternative would be to move the keys to the remaining
// CPUs. That needs a second table of owners and a moment in which the first may
// not be used, and so a read of shared state in every operation, which the design
// avoids.
package kv

import (
	"context"
	"hash/maphash"
	"math/bits"
	"sync"

	"crosscall"
	"crosscall/percpu"
)

// Store is a key-value store. Its methods take a caller of its System: a CPU in
// functions that run on it, the System in all other goroutines.
type Store struct {
	seed   maphash.Seed
	owners []int // the possible CPUs
	shards *percpu.Value[shard]
	ops    sync.Pool // of *op, for callers that are no CPU
}

// shard is the part that one CPU owns.
type shard struct {
	values map[string]string
	spare  *op // to ask other CPUs with
}

// New makes an empty store over all possible CPUs of sys.
func New(sys *crosscall.System) *Store {
	s := &Store{seed: maphash.MakeSeed(), shards: percpu.New[shard](sys)}
	s.ops.New = func() any { return s.newOp() }
	for cpu, sh := range s.shards.All() {
		s.owners = append(s.owners, cpu)
		sh.values = make(map[string]string)
	}
	return s
}

// Get returns the value of key. It allocates nothing once warm, and neither do
// Set of a key that is there, and Delete.
func (s *Store) Get(from crosscall.Caller, key string) (value string, ok bool, err error) {
	r, err := s.do(from, request{verb: get, key: key})
	return r.value, r.ok, err
}

// Set sets the value of key.
func (s *Store) Set(from crosscall.Caller, key, value string) error {
	_, err := s.do(from, request{verb: set, key: key, value: value})
	return err
}

// Delete removes key and reports whether it was there.
func (s *Store) Delete(from crosscall.Caller, key string) (ok bool, err error) {
	r, err := s.do(from, request{verb: del, key: key})
	return r.ok, err
}

// Len returns the number of keys: each shard's at some time during Len. Shards
// whose CPU is offline are counted too.
func (s *Store) Len(from crosscall.Caller) (int, error) {
	n := 0
	err := s.shards.Each(background, from, func(_ int, sh *shard) { n += len(sh.values) })
	return n, err
}

// background bounds no wait. So a call can use the mailbox, and do can reuse an
// op as soon as the call has returned.
var background = context.Background()

// do makes the owner of r's key apply r.
func (s *Store) do(from crosscall.Caller, r request) (request, error) {
	owner := s.owner(r.key)
	c, _ := from.(*crosscall.CPU)
	if c != nil && c.ID() == owner {
		r.apply(s.shards.On(c))
		return r, nil
	}
	o := s.take(c)
	o.request = r
	err := from.Call(background, owner, o.run)
	r = o.request
	s.put(c, o)
	return r, err
}

// owner spreads the hashes over the owners evenly, without a division.
func (s *Store) owner(key string) int {
	i, _ := bits.Mul64(maphash.String(s.seed, key), uint64(len(s.owners)))
	return s.owners[i]
}
