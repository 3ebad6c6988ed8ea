package csource

import "strings"

// A class of cells is a member of a struct type. An access to p->next accesses
// a member next of the type of *p, so only writes to such members matter to it.
// That is wrong where a union or a cast makes two types of the same memory.
// Members that a union joins are one class; members of a struct that a cast
// makes have none.

// members collects what unions and casts in the source mean for classes.
func (s *space) members() {
	for _, p := range s.src.punned {
		s.punned[p] = true
	}
	for _, u := range s.src.unions {
		a, b := s.head(u[0]), s.head(u[1])
		if a != b {
			s.aliases[a] = b
		}
	}
}

// head is the key that represents all keys that may be the same memory.
func (s *space) head(key string) string {
	for {
		next, ok := s.aliases[key]
		if !ok {
			return key
		}
		key = next
	}
}

// class is the number of a member's class; 0 if it has none.
func (s *space) class(key string) int {
	if key == "" {
		return 0
	}
	if key = s.head(key); key == "" {
		return 0
	}
	id, ok := s.classes[key]
	if !ok {
		id = len(s.classes) + 1
		s.classes[key] = id
	}
	return id
}

// setClasses removes the classes of structs whose pointers a cast makes or
// converts: those of all their members, and of members that a union joins to
// these.
func (s *space) setClasses() {
	drop := make(map[int]bool)
	for key := range s.classes {
		record, _, _ := strings.Cut(key, "+")
		if s.punned[record] {
			drop[s.classes[key]] = true
		}
	}
	for _, u := range s.src.unions {
		for _, key := range u {
			record, _, _ := strings.Cut(key, "+")
			if id, ok := s.classes[s.head(key)]; ok && s.punned[record] {
				drop[id] = true
			}
		}
	}
	if len(drop) == 0 {
		return
	}
	for i := range s.prog.Cells {
		if drop[s.prog.Cells[i].Class] {
			s.prog.Cells[i].Class = 0
		}
	}
	for t := range s.prog.Threads {
		code := s.prog.Threads[t].Instr
		for i := range code {
			if drop[code[i].Class] {
				code[i].Class = 0
			}
		}
	}
}
