package goroutine

import (
	"math/bits"
	"sync"
	"sync/atomic"
)

// Local is a goroutine-local value: a *T for each of a few goroutines. Get takes a
// few nanoseconds and no lock; it is fastest for a goroutine without a value. Set
// and Clear copy all values, so they are for goroutines that live long.
//
// A goroutine reads and changes only its own value. So Get returns the value
// that the same goroutine set last: the table that Get loads is the one of that
// Set or a later one, and no other goroutine removes the entry. For the same
// reason the table can be immutable and needs no ordering among its slots.
//
// The zero Local has no values.
type Local[T any] struct {
	table  atomic.Pointer[table[T]]
	mu     sync.Mutex // held by Set and Clear
	values map[uintptr]*T
}

// table is an open-addressing hash table of a power of two of slots, linear probing. It is
// never changed. At least three quarters of the slots are empty, so that most goroutines
// without a value find an empty slot at the first probe.
type table[T any] struct {
	shift uint8 // of the hash: 64 less the bits of an index
	slots []slot[T]
}

type slot[T any] struct {
	id    uintptr // 0: empty
	value *T
}

// Get returns the value of the calling goroutine, nil if it has none.
func (l *Local[T]) Get() *T {
	t := l.table.Load()
	if t == nil {
		return nil
	}
	return t.find(ID())
}

// Set gives the calling goroutine the value v. The goroutine must call Clear before it ends:
// another goroutine may get its identity, and the value with it.
func (l *Local[T]) Set(v *T) {
	id := ID()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.values == nil {
		l.values = make(map[uintptr]*T)
	}
	l.values[id] = v
	l.table.Store(newTable(l.values))
}

// Clear removes the calling goroutine's value.
func (l *Local[T]) Clear() {
	id := ID()
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.values, id)
	l.table.Store(newTable(l.values))
}

// newTable is the table of values; nil if there are none.
func newTable[T any](values map[uintptr]*T) *table[T] {
	if len(values) == 0 {
		return nil
	}
	indexBits := bits.Len(uint(4*len(values) - 1))
	t := &table[T]{shift: uint8(64 - indexBits), slots: make([]slot[T], 1<<indexBits)}
	for id, v := range values {
		i := t.first(id)
		for t.slots[i].id != 0 {
			i = t.next(i)
		}
		t.slots[i] = slot[T]{id, v}
	}
	return t
}

func (t *table[T]) find(id uintptr) *T {
	for i := t.first(id); ; i = t.next(i) {
		switch s := &t.slots[i]; s.id {
		case id:
			return s.value
		case 0:
			return nil
		}
	}
}

// first is the index of the first slot that id may be in.
func (t *table[T]) first(id uintptr) uint64 { return Hash(id) >> (t.shift & 63) }

func (t *table[T]) next(i uint64) uint64 { return (i + 1) & uint64(len(t.slots)-1) }

// Hash spreads an ID over 64 bits, the high bits best (Fibonacci hashing): the
// low bits of an ID are those of an address.
func Hash(id uintptr) uint64 { return uint64(id) * 0x9E3779B97F4A7C15 }
