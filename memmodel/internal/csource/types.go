package csource

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"modernc.org/cc/v4"

	"crosscall/memmodel/graph"
)

type typeKind uint8

const (
	voidType typeKind = iota
	intType
	pointerType
	recordType // a struct or a union
	arrayType
	funcType
)

// A ctype is a type as far as code is made from it.
type ctype struct {
	kind     typeKind
	size     int64 // in bytes; 0 if incomplete
	signed   bool  // intType
	bool     bool  // intType: _Bool
	atomic   bool
	volatile bool
	name     string // for messages
	leaves   []leaf // of a scalar: itself; none for void and functions
	flex     *ctype // of a struct that ends with an array of no size: its elements
	flexOff  int64  // offset of that array
	flexName string
	mixed    bool   // some of its leaves have parts: see parts.go
	sig      string // of a function, or a pointer to one: what it takes and returns
}

// A leaf is a scalar somewhere in a type: a cell.
type leaf struct {
	off  int64
	name string // the suffix after the name of the variable: ".next", "[2]"
	key  string // of the struct's member that it is; "" if it is none
	t    *ctype
	lock bool
	bits bool // it has bit-fields
	// shared is set within a union: there may be other leaves at the same place.
	shared  bool
	inUnion bool
}

// withElements is the type of a static variable whose first value has elements of the array
// without a size at the end of its struct, as GNU C allows.
func (t *ctype) withElements(inits []initial) *ctype {
	end := t.flexOff
	for _, in := range inits {
		end = max(end, in.off+in.t.size)
	}
	if t.flex == nil || end == t.flexOff {
		return t
	}
	with := *t
	with.leaves = slices.Clone(t.leaves)
	off := t.flexOff
	for k := 0; off < end; k++ {
		for _, f := range t.flex.leaves {
			f.off, f.name = f.off+off, t.flexName+"["+strconv.Itoa(k)+"]"+f.name
			with.leaves = append(with.leaves, f)
		}
		off += t.flex.size
	}
	with.size = max(t.size, off)
	return &with
}

func (t *ctype) scalar() bool { return t.kind == intType || t.kind == pointerType }

// limits are the least and the greatest value of a scalar, as int64. Unsigned
// values of 64 bits, and pointers, are held as the int64 of the same bits.
func (t *ctype) limits() (lo, hi int64) {
	switch {
	case t.kind != intType || t.size == 8:
		return math.MinInt64, math.MaxInt64
	case t.bool:
		return 0, 1
	case t.signed:
		return -1 << (8*t.size - 1), 1<<(8*t.size-1) - 1
	}
	return 0, 1<<(8*t.size) - 1
}

// unsigned64 reports whether values of the type may be beyond int64.
func (t *ctype) unsigned64() bool {
	return t.kind == pointerType || t.kind == intType && t.size == 8 && !t.signed
}

// number tells scalars apart that are held differently. It is 0 for what is none.
func (t *ctype) number() uint8 {
	switch {
	case t == nil || !t.scalar():
		return 0
	case t.size < 8 && t.signed:
		return uint8(t.size) + 8
	}
	return uint8(t.size)
}

// maxLeaves bounds the memory that one variable can ask for.
const maxLeaves = 1 << 17

// maxName bounds the length of the name of a part of a variable, and so its depth.
const maxName = 1000

// A typist converts the types of package cc.
type typist struct {
	known map[cc.Type]*ctype
	// unions has pairs of keys of members that may be the same memory.
	unions [][2]string
	// punned has the structs whose pointers a cast converts to pointers to other
	// structs, and those others.
	punned []string
	// signs is set if an integer is accessed as signed and as unsigned.
	signs bool
	// held has the integer types (see ctype.number) of variables. cast has those that
	// a pointer to void is converted to a pointer to.
	held, cast map[uint8]bool
}

// mixesSigns reports whether an integer may be accessed as signed and as unsigned.
func (y *typist) mixesSigns() bool {
	const signed = 8
	for n := range y.cast {
		if y.held[n^signed] {
			return true
		}
	}
	return y.signs
}

func (y *typist) of(t cc.Type, at graph.Pos) *ctype {
	if c := y.known[t]; c != nil {
		return c
	}
	c := y.convert(t, at)
	y.known[t] = c
	return c
}

func (y *typist) convert(t cc.Type, at graph.Pos) *ctype {
	c := &ctype{name: t.String(), atomic: isAtomic(t), volatile: t.Attributes() != nil && t.Attributes().IsVolatile()}
	if !t.IsIncomplete() && t.Kind() != cc.Function && t.Kind() != cc.Void {
		c.size = t.Size()
	}
	switch t := t.(type) {
	case *cc.PredefinedType:
		y.predefined(c, t, at)
	case *cc.EnumType:
		c.kind, c.signed = intType, cc.IsSignedInteger(t.UnderlyingType()) && !unsignedEnum(t)
	case *cc.PointerType:
		c.kind = pointerType
		if f, ok := t.Elem().(*cc.FunctionType); ok {
			c.sig = signature(f)
		}
	case *cc.FunctionType:
		c.kind, c.sig = funcType, signature(t)
	case *cc.ArrayType:
		c.kind = arrayType
		if t.IsVLA() {
			fail(at, "this array has a size that is not constant")
		}
	case *cc.StructType, *cc.UnionType:
		c.kind, c.name = recordType, recordName(t)
	default:
		fail(at, "the type %s is not supported", t)
	}
	if c.scalar() {
		c.leaves = []leaf{{t: c}}
	}
	return c
}

func (y *typist) predefined(c *ctype, t *cc.PredefinedType, at graph.Pos) {
	switch {
	case t.Kind() == cc.Void:
		c.kind = voidType
	case t.VectorSize() > 0, !cc.IsIntegerType(t), c.size > 8:
		fail(at, "values of type %s are not supported: there are integers of up to 64 bits and pointers", t)
	default:
		c.kind, c.signed, c.bool = intType, cc.IsSignedInteger(t), t.Kind() == cc.Bool
	}
}

// isAtomic reports whether a type is one of those that stdatomic.h names.
// (Package cc keeps _Atomic with declarations only.)
func isAtomic(t cc.Type) bool {
	d := t.Typedef()
	return d != nil && d.IsAtomic()
}

// signature says which calls through a pointer reach a function: see sameSignature.
func signature(f *cc.FunctionType) string {
	var b strings.Builder
	b.WriteString(f.Result().Kind().String())
	for _, p := range f.Parameters() {
		if p.Type().Kind() != cc.Void {
			b.WriteByte(',')
			b.WriteString(parameterKind(p.Type().Decay()))
		}
	}
	return b.String()
}

// parameterKind is the kind of a parameter's type and, of a pointer to a struct, the name
// of that.
func parameterKind(t cc.Type) string {
	if p, ok := t.(*cc.PointerType); ok && isRecord(p.Elem()) {
		return t.Kind().String() + " " + strings.ReplaceAll(recordKey(p.Elem()), ",", ";")
	}
	return t.Kind().String()
}

// sameSignature reports whether functions of both signatures can be called through the
// same pointer. A pointer to anything but a struct, such as void *, may be one to a struct.
func sameSignature(a, b string) bool {
	if a == b {
		return true
	}
	x, y := strings.Split(a, ","), strings.Split(b, ",")
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		kind1, name1, _ := strings.Cut(x[i], " ")
		kind2, name2, _ := strings.Cut(y[i], " ")
		if kind1 != kind2 || name1 != name2 && name1 != "" && name2 != "" {
			return false
		}
	}
	return true
}

// layout is like of, and adds the leaves of a type that needs memory.
func (y *typist) layout(t cc.Type, at graph.Pos) *ctype {
	c := y.of(t, at)
	if c.leaves != nil || c.kind == voidType || c.kind == funcType {
		y.held[c.number()] = true
		return c
	}
	if c.size == 0 && t.IsIncomplete() {
		fail(at, "the type %s is not complete here", t)
	}
	y.spread(c, t, leaf{}, at)
	return c
}

// spread appends to c the leaves of t, which is at the place of l in c.
func (y *typist) spread(c *ctype, t cc.Type, l leaf, at graph.Pos) {
	if len(l.name) > maxName {
		fail(at, "the members and elements of this are nested too deep")
	}
	if len(c.leaves) > maxLeaves {
		fail(at, "%s has more than %d members and elements", c.name, maxLeaves)
	}
	switch t := t.(type) {
	case *cc.ArrayType:
		for i := range max(t.Len(), 0) {
			if t.Elem().Size() <= 0 {
				break
			}
			e := l
			e.off += i * t.Elem().Size()
			e.name += "[" + strconv.FormatInt(i, 10) + "]"
			y.spread(c, t.Elem(), e, at)
		}
	case *cc.StructType:
		y.fields(c, t, t.NumFields(), t.FieldByIndex, l, at)
	case *cc.UnionType:
		l.shared, l.inUnion = true, true
		y.fields(c, t, t.NumFields(), t.FieldByIndex, l, at)
	default:
		l.t = y.of(t, at)
		if !l.t.scalar() {
			fail(at, "there are no variables of type %s", t)
		}
		y.held[l.t.number()] = true
		y.add(c, l, at)
	}
}

func (y *typist) fields(c *ctype, t cc.Type, n int, field func(int) *cc.Field, l leaf, at graph.Pos) {
	if t.Attributes() != nil && t.Attributes().IsAttrSet("packed") {
		fail(at, "%s is packed: that is not supported, members are where alignment puts them", t)
	}
	if l.inUnion {
		checkBitLayout(n, field, at)
	}
	key := recordKey(t)
	for i := range n {
		l.shared = l.shared || field(i).IsBitfield()
	}
	for i := range n {
		f := field(i)
		m := l
		if f.IsBitfield() {
			b, off := bitsOf(f)
			m.off, m.key, m.name, m.t = m.off+off, memberKey(key, off), m.name+"."+f.Name(), b.unit
			m.bits = true
			if f.ValueBits() > 0 && f.Name() != "" {
				y.add(c, m, at)
			}
			continue
		}
		m.off += f.Offset()
		m.key = memberKey(key, f.Offset())
		if f.Name() != "" {
			m.name += "." + f.Name()
		}
		if f.Name() == lockMember {
			m.name, m.lock = l.name, true
		}
		if a, ok := f.Type().(*cc.ArrayType); ok && a.IsIncomplete() && l.name == "" && l.off == 0 {
			c.flex, c.flexOff, c.flexName = y.layout(a.Elem(), at), m.off, m.name
			continue
		}
		y.spread(c, f.Type(), m, at)
	}
}

// lockMember is the name, in the header shims, of the word that is a lock.
const lockMember = "__crosscall_lock"

// stateMember is the name, in the header shims, of the word that says whether an
// object is initialized. It is 0 in memory that was never written.
const stateMember = ".__crosscall_state"

// add enters a leaf. Members of a union share one.
func (y *typist) add(c *ctype, l leaf, at graph.Pos) {
	for i := 0; l.shared && i < len(c.leaves); i++ {
		o := &c.leaves[i]
		if o.off == l.off && (o.t.number() == l.t.number() || o.t.kind == l.t.kind && o.t.size == l.t.size) {
			y.signs = y.signs || o.t.number() != l.t.number()
			if o.key != l.key {
				y.unions = append(y.unions, [2]string{o.key, l.key})
			}
			return
		}
		if o.off < l.off+l.t.size && l.off < o.off+o.t.size {
			if y.contain(c, l) {
				return
			}
			fail(at, "%s has members %s and %s that overlap, and are no word and its parts: that is not supported", c.name, strings.TrimPrefix(o.name, "."), strings.TrimPrefix(l.name, "."))
		}
	}
	c.leaves = append(c.leaves, l)
}

// recordKey names a struct or union by its tag or, without one, by its members.
func recordKey(t cc.Type) string {
	var tag string
	var n int
	var field func(int) *cc.Field
	switch t := t.(type) {
	case *cc.StructType:
		name := t.Tag()
		tag, n, field = name.SrcStr(), t.NumFields(), t.FieldByIndex
	case *cc.UnionType:
		name := t.Tag()
		tag, n, field = name.SrcStr(), t.NumFields(), t.FieldByIndex
	}
	if tag != "" {
		return tag
	}
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%s@%d,", field(i).Name(), field(i).Offset())
	}
	return "{" + b.String() + "}"
}

// recordName is the name of a struct or union in messages.
func recordName(t cc.Type) string {
	if key := recordKey(t); key[0] != '{' {
		return key
	}
	if d := t.Typedef(); d != nil {
		return d.Name()
	}
	return "struct"
}

func memberKey(record string, off int64) string {
	return record + "+" + strconv.FormatInt(off, 10)
}
