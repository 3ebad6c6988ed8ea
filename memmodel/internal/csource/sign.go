package csource

// An integer may be accessed as its signed or its unsigned type. In a program that
// does so, by a union or a cast of a pointer, all integers of less than 64 bits are
// held in memory as signed ones, and accesses of unsigned types convert. Other
// programs hold each as its own type has it, so that nothing is converted.

// number tells scalars apart that are held differently. It is 0 for what is none.
func (c *compiler) number(t *ctype) uint8 {
	if c.src.signs && t != nil && t.scalar() {
		return uint8(t.size)
	}
	return t.number()
}

// converted reports whether values of type t are held as of another.
func (c *compiler) converted(t *ctype) bool {
	return c.src.signs && t != nil && t.kind == intType && t.size < 8 && !t.signed && !t.bool
}

// held is a value of type t as memory holds it.
func (c *compiler) held(v value, t *ctype) value {
	if !c.converted(t) {
		return v
	}
	return wrap(v, &ctype{kind: intType, size: t.size, signed: true})
}

// seen is what memory holds as a value of type t.
func (c *compiler) seen(v value, t *ctype) value {
	if !c.converted(t) {
		return v
	}
	lo, hi := (&ctype{kind: intType, size: t.size, signed: true}).limits()
	return wrap(value{e: v.e, lo: lo, hi: hi}, t)
}
