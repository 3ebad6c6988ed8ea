package hook

import (
	"unsafe"

	"crosscall/gocheck/internal/sched"
)

// headers maps objects to their explorer headers, by address and kind: the kind
// distinguishes a struct from its first field. The table keeps the objects alive,
// so that no address is reused within an execution.
var headers = headerTable{slots: make([]headerSlot, 64)}

// A headerTable is a hash table with open addressing. The cost of clearing it is
// proportional to its entries.
type headerTable struct {
	slots []headerSlot
	used  []int32 // slots
}

type headerSlot struct {
	p    unsafe.Pointer
	kind string
	h    *sched.Header // kept when the table is cleared
}

// find is the slot of an object, or the free slot for it.
func (t *headerTable) find(p unsafe.Pointer, kind string) int {
	i := int(uint64(uintptr(p)) * 0x9e3779b97f4a7c15 >> 32)
	for ; ; i++ {
		i &= len(t.slots) - 1
		if s := &t.slots[i]; s.p == nil || s.p == p && s.kind == kind {
			return i
		}
	}
}

func (t *headerTable) has(p unsafe.Pointer, kind string) bool {
	return t.slots[t.find(p, kind)].p != nil
}

func (t *headerTable) get(p unsafe.Pointer, kind string) *sched.Header {
	i := t.find(p, kind)
	if t.slots[i].p == nil {
		i = t.add(i, p, kind)
	}
	return t.slots[i].h
}

func (t *headerTable) add(i int, p unsafe.Pointer, kind string) int {
	if 2*len(t.used) >= len(t.slots) {
		t.grow()
		i = t.find(p, kind)
	}
	s := &t.slots[i]
	if s.h == nil {
		s.h = new(sched.Header)
	}
	*s.h = sched.Header{Apart: true}
	s.p, s.kind = p, kind
	t.used = append(t.used, int32(i))
	return i
}

func (t *headerTable) grow() {
	old := *t
	*t = headerTable{slots: make([]headerSlot, 2*len(old.slots))}
	for _, i := range old.used {
		s := &old.slots[i]
		j := t.find(s.p, s.kind)
		t.slots[j] = *s
		t.used = append(t.used, int32(j))
	}
}

func (t *headerTable) clear() {
	for _, i := range t.used {
		t.slots[i].p = nil
	}
	t.used = t.used[:0]
}

func header(p unsafe.Pointer, kind string) *sched.Header { return headers.get(p, kind) }
