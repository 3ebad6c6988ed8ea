package csource

import "strings"

// A class of cells is a member of a struct type: what p->next accesses is a
// member next of what p points at, so that only writes to such members matter
// to it. That breaks where the same memory is seen as two types, by a union or
// a cast; classes that this can be said of are one class, or none.

// members prepares what unions and casts say of classes.
func (c *compiler) members() {
	for _, p := range c.src.punned {
		c.punned[p] = true
	}
	for _, u := range c.src.unions {
		a, b := c.head(u[0]), c.head(u[1])
		if a != b {
			c.kin[a] = b
		}
	}
}

// head is the key that stands for all that may be the same memory.
func (c *compiler) head(key string) string {
	for {
		next, ok := c.kin[key]
		if !ok {
			return key
		}
		key = next
	}
}

// class is the number of a member's class; 0 if nothing can be promised.
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

// setClasses takes back what was said of members of structs that a cast makes
// others of: all members of such a struct, and those that unions tie to them.
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
