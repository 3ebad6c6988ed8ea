package csource

import "strings"

// A class of cells is a member of a struct type. An access to p->next accesses
// a member next of the type of *p, so only writes to such members matter to it.
// That is wrong where a union or a cast makes two types of the same memory.
// Members that a union joins are one class; members of a struct that a cast
// makes have none.

// members collects what unions and casts in the source mean for classes.
func (c *compiler) members() {
	for _, p := range c.src.punned {
		c.punned[p] = true
	}
	for _, u := range c.src.unions {
		a, b := c.head(u[0]), c.head(u[1])
		if a != b {
			c.aliases[a] = b
		}
	}
}

// head is the key that represents all keys that may be the same memory.
func (c *compiler) head(key string) string {
	for {
		next, ok := c.aliases[key]
		if !ok {
			return key
		}
		key = next
	}
}

// class is the number of a member's class; 0 if it has none.
func (c *compiler) class(key string) int {
	if key == "" {
		return 0
	}
	if key = c.head(key); key == "" {
		return 0
	}
	id, ok := c.classes[key]
	if !ok {
		id = len(c.classes) + 1
		c.classes[key] = id
	}
	return id
}

// setClasses removes the classes of structs whose pointers a cast makes or
// converts: those of all their members, and of members that a union joins to
// these.
func (c *compiler) setClasses() {
	drop := make(map[int]bool)
	for key := range c.classes {
		record, _, _ := strings.Cut(key, "+")
		if c.punned[record] {
			drop[c.classes[key]] = true
		}
	}
	for _, u := range c.src.unions {
		for _, key := range u {
			record, _, _ := strings.Cut(key, "+")
			if id, ok := c.classes[c.head(key)]; ok && c.punned[record] {
				drop[id] = true
			}
		}
	}
	if len(drop) == 0 {
		return
	}
	for i := range c.prog.Cells {
		if drop[c.prog.Cells[i].Class] {
			c.prog.Cells[i].Class = 0
		}
	}
	for t := range c.prog.Threads {
		code := c.prog.Threads[t].Instr
		for i := range code {
			if drop[code[i].Class] {
				code[i].Class = 0
			}
		}
	}
}
