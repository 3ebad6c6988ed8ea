package sched

import "encoding/binary"

// A coder writes values, or reads what another coder has written. One description of a
// structure serves both, so the two cannot differ.
type coder struct {
	b     []byte
	reads bool
	bad   bool // what it reads is not what was written
}

func reading(b []byte) *coder { return &coder{b: b, reads: true} }

// code writes *v, or reads it.
func code[T ~int | ~int32 | ~int64 | ~uint8 | ~uint32](c *coder, v *T) {
	if !c.reads {
		c.b = binary.AppendVarint(c.b, int64(*v))
		return
	}
	n, size := binary.Varint(c.b)
	if size <= 0 {
		c.bad, c.b, *v = true, nil, 0
		return
	}
	c.b, *v = c.b[size:], T(n)
}

func (c *coder) bool(v *bool) {
	n := 0
	if *v {
		n = 1
	}
	code(c, &n)
	*v = n != 0
}

// flag is bool for a flag that stays set.
func (c *coder) flag(v *bool) {
	was := *v
	c.bool(v)
	*v = *v || was
}

func (c *coder) text(v *string) {
	list := []byte(*v)
	codeList(c, &list, func(b *byte) { code(c, b) })
	*v = string(list)
}

// codeList writes a list or reads it. each does so for an element.
func codeList[T any](c *coder, list *[]T, each func(*T)) {
	n := len(*list)
	code(c, &n)
	if c.reads {
		*list = (*list)[:0]
		for ; n > 0 && !c.bad; n-- {
			*list = append(*list, *new(T))
			each(&(*list)[len(*list)-1])
		}
		return
	}
	for i := range *list {
		each(&(*list)[i])
	}
}

func (c *coder) set(s *set) {
	var list []int32
	for t := s.next(0); !c.reads && t != nothing; t = s.next(t + 1) {
		list = append(list, t)
	}
	codeList(c, &list, func(t *int32) { code(c, t) })
	if c.reads {
		s.clear()
		for _, t := range list {
			if t < 0 || t >= maxThreads {
				c.bad = true
				return
			}
			s.add(t)
		}
	}
}
