package csource

// An integer may be accessed as its signed and as its unsigned type, by a union or
// a cast of a pointer. In a program that does so, memory holds all integers of less
// than 64 bits as signed ones, and accesses of unsigned types convert. In other
// programs memory holds each integer as its own type, and nothing is converted.

// number distinguishes the types of scalars that memory holds differently. It is 0
// for types that are no scalars.
func (s *space) number(t *ctype) uint8 {
	if s.src.signs && t != nil && t.scalar() {
		return uint8(t.size)
	}
	return t.number()
}

// converted reports whether memory holds values of type t as another type.
func (s *space) converted(t *ctype) bool {
	return s.src.signs && t != nil && t.kind == intType && t.size < 8 && !t.signed && !t.bool
}

// held converts a value of type t to the form in which memory holds it.
func (s *space) held(v value, t *ctype) value {
	if !s.converted(t) {
		return v
	}
	return wrap(v, &ctype{kind: intType, size: t.size, signed: true})
}

// seen converts from the form in which memory holds it to a value of type t.
func (s *space) seen(v value, t *ctype) value {
	if !s.converted(t) {
		return v
	}
	lo, hi := (&ctype{kind: intType, size: t.size, signed: true}).limits()
	return wrap(value{e: v.e, lo: lo, hi: hi}, t)
}
