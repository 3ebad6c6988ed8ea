package kv

import "crosscall"

type verb uint8

const (
	get verb = iota
	set
	del
)

// request is an operation on one key, and then its result.
type request struct {
	verb  verb
	ok    bool
	key   string
	value string
}

func (r *request) apply(sh *shard) {
	switch r.verb {
	case get:
		r.value, r.ok = sh.values[r.key]
	case set:
		sh.values[r.key] = r.value
	case del:
		_, r.ok = sh.values[r.key]
		delete(sh.values, r.key)
	}
}

// op carries a request to its owner and back: 56 bytes, a cache line of its own
// in the allocator's 64. Its function is made with it, once, because a closure
// that captures the request would be an allocation for each operation.
type op struct {
	request
	run  func(*crosscall.CPU)
	next *op // spare
}

func (s *Store) newOp() *op {
	o := new(op)
	o.run = func(c *crosscall.CPU) { o.apply(s.shards.On(c)) }
	return o
}

// take returns an op that has no other user until put. One for each CPU is not
// enough: a function that is served during the wait for it may use the store
// too. So a CPU has as many as its deepest nesting of calls. Only this CPU uses
// them; the list is accessed before and after the wait, not across it.
func (s *Store) take(c *crosscall.CPU) *op {
	if c == nil {
		return s.ops.Get().(*op)
	}
	sh := s.shards.On(c)
	o := sh.spare
	if o == nil {
		return s.newOp()
	}
	sh.spare, o.next = o.next, nil
	return o
}

func (s *Store) put(c *crosscall.CPU, o *op) {
	o.request = request{} // keeps no string alive
	if c == nil {
		s.ops.Put(o)
		return
	}
	sh := s.shards.On(c)
	o.next, sh.spare = sh.spare, o
}
