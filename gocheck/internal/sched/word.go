package sched

import (
	"fmt"
	"strings"
	"unsafe"
)

// NoteWord sets the full text of the calling thread's last step, an atomic
// operation on the word at p, with the word's present value.
func (x *Explorer) NoteWord(p unsafe.Pointer, changed bool) {
	s := &x.rec.steps[x.rec.last[x.cur.id]]
	value := x.rec.word(s, p)
	if value == "" {
		return
	}
	switch s.Op {
	case "Load":
		s.Detail = "Load() = " + value
	case "Store", "Swap":
		s.Detail = fmt.Sprintf("%s(%s)", s.Op, value)
	case "Add":
		s.Detail = "Add(…) = " + value
	case "CompareAndSwap":
		s.Detail = "CompareAndSwap(…) = false: it is " + value
		if changed {
			s.Detail = fmt.Sprintf("CompareAndSwap(…, %s) = true", value)
		}
	default:
		s.Detail = fmt.Sprintf("%s(…): now %s", s.Op, value)
	}
}

// word is a value as text, by the type or the name of the called function. It is
// empty if these do not say what the word is.
func (r *recorder) word(s *Step, p unsafe.Pointer) string {
	size := s.hi - s.lo
	signed := false
	name := s.Via[strings.LastIndexByte(s.Via, '/')+1:]
	switch is := func(typ string) bool { return strings.Contains(name, typ) }; {
	case is("Pointer"):
		return r.pointer(*(*unsafe.Pointer)(p))
	case is("Bool"):
		return fmt.Sprint(*(*uint32)(p) != 0)
	case is("Uint"):
		signed = false
	case is("Int"):
		signed = true
	default:
		return ""
	}
	switch {
	case size == 8 && signed:
		return fmt.Sprint(*(*int64)(p))
	case size == 8:
		return fmt.Sprint(*(*uint64)(p))
	case signed:
		return fmt.Sprint(*(*int32)(p))
	}
	return fmt.Sprint(*(*uint32)(p))
}

// pointer is the text of p: its number in the order in which pointers are shown.
func (r *recorder) pointer(p unsafe.Pointer) string {
	if p == nil {
		return "nil"
	}
	n, ok := r.pointers[uintptr(p)]
	if !ok {
		n = len(r.pointers) + 1
		r.pointers[uintptr(p)] = n
		r.alive = append(r.alive, p)
	}
	return fmt.Sprintf("&%d", n)
}
