package csource_test

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// A cType is a type of a random program.
type cType struct {
	kind   byte   // 'i'nteger, 'r'ecord, 'a'rray, 'p'ointer
	name   string // as it stands before a declarator; of an array, that of its elements' elements
	size   int    // of an integer, in bytes
	signed bool
	enum   bool
	elem   *cType // of an array or a pointer
	n      int    // elements; a power of two
	fields []cField
	union  bool
	padded bool // it has bytes, or bits, that belong to no member
}

type cField struct {
	name string // "" if the member is anonymous
	t    *cType
	bits int // 0 if it is no bit-field
}

var cIntegers = []*cType{
	{name: "int", size: 4, signed: true}, {name: "unsigned int", size: 4}, {name: "long", size: 8, signed: true}, {name: "unsigned long", size: 8},
	{name: "signed char", size: 1, signed: true}, {name: "unsigned char", size: 1}, {name: "short", size: 2, signed: true}, {name: "unsigned short", size: 2},
	{name: "char", size: 1, signed: true}, {name: "_Bool", size: 1}, {name: "long long", size: 8, signed: true}, {name: "unsigned long long", size: 8},
	{name: "int8_t", size: 1, signed: true}, {name: "uint16_t", size: 2}, {name: "int64_t", size: 8, signed: true}, {name: "size_t", size: 8},
}

func init() {
	for _, t := range cIntegers {
		t.kind = 'i'
	}
}

// declare is the declaration of a variable or member, without its initial value.
func (t *cType) declare(name string) string {
	for t.kind == 'a' {
		name += fmt.Sprintf("[%d]", t.n)
		t = t.elem
	}
	if t.kind == 'p' {
		return t.elem.declare("*" + name)
	}
	return t.name + " " + name
}

// A cGen makes one random program. The program has no undefined behaviour under -fwrapv, and its result
// does not depend on anything that C leaves open.
type cGen struct {
	t      *rapid.T
	id     string // the suffix of all names of file scope
	file   strings.Builder
	types  []*cType // records
	enums  []string // names of constants
	funcs  []*cFunc
	family []*cFunc // those in the array of pointers
	macros []cMacro
	scope  []*cVar
	frames []*cFrame // of the full expressions that are being made, from outside to inside
	in     *cFunc    // nil at file scope
	names  int
	depth  int // of statements
	size   int // expressions that may still be made
}

// A cVar is a variable in scope.
type cVar struct {
	name   string
	t      *cType
	root   string // what is accessed with it; variables of one root may be the same memory
	ro     bool
	target *cArray // of a pointer
}

// A cArray is what a pointer points into: an array, by its name, and its root.
type cArray struct {
	text string // of the address of its first element
	root string
	n    int
}

// A cFunc is a function that can be called.
type cFunc struct {
	name          string
	result        *cType
	params        []*cVar
	reads, writes map[string]bool
}

type cMacro struct {
	name string
	n    int
}

// A cFrame is a full expression, or a part of one that is sequenced with what is beside it: the roots that it
// reads and writes.
type cFrame struct{ reads, writes map[string]bool }

func newFrame() *cFrame { return &cFrame{map[string]bool{}, map[string]bool{}} }

// below is a number from 0 to n-1, each with about the same chance. (Ranges of package rapid prefer small ones.)
func (g *cGen) below(n int) int {
	k := 0
	for i := 1; i < 4*n; i *= 2 {
		k *= 2
		if rapid.Bool().Draw(g.t, "bit") {
			k++
		}
	}
	return k % n
}

func (g *cGen) oneIn(n int) bool { return g.below(n) == n-1 }

func (g *cGen) name(kind string) string {
	g.names++
	return fmt.Sprintf("%s%d", kind, g.names)
}

func oneOf[T any](g *cGen, list ...T) T { return list[g.below(len(list))] }

func (g *cGen) integer() *cType {
	if len(g.enums) > 0 && g.oneIn(16) {
		return &cType{kind: 'i', name: "enum E" + g.id, size: 4, enum: true, signed: g.enumSigned()}
	}
	return oneOf(g, cIntegers...)
}

func (g *cGen) enumSigned() bool { return strings.Contains(g.enums[0], "neg") }

// enum declares the enum of the program.
func (g *cGen) enum() {
	word := oneOf(g, "pos", "neg")
	var list []string
	for i := range 3 {
		c := fmt.Sprintf("%s%d%s", word, i, g.id)
		text := c
		switch {
		case i == 0 && word == "neg":
			text += " = -" + fmt.Sprint(1+g.below(100))
		case g.oneIn(2):
			text += fmt.Sprintf(" = %d", g.below(300))
		}
		list, g.enums = append(list, text), append(g.enums, c)
	}
	fmt.Fprintf(&g.file, "enum E%s { %s };\n", g.id, strings.Join(list, ", "))
}

// member is a type that a member or an element may have.
func (g *cGen) member(depth int) *cType {
	switch k := g.below(8); {
	case k == 7 && len(g.types) > 0:
		return oneOf(g, g.types...)
	case k >= 5 && depth > 0:
		return array(g.member(depth-1), oneOf(g, 2, 4))
	}
	return g.integer()
}

func array(t *cType, n int) *cType {
	return &cType{kind: 'a', name: t.name, elem: t, n: n, padded: t.padded}
}

// hasBits reports whether it has bit-fields: the front end has structs with bit-fields behind other members larger than
// compilers do.
func (t *cType) hasBits() bool {
	switch t.kind {
	case 'a':
		return t.elem.hasBits()
	case 'r':
		return slices.ContainsFunc(t.fields, func(f cField) bool { return f.bits > 0 || f.t.hasBits() })
	}
	return false
}

// record declares a struct or a union.
func (g *cGen) record() {
	t := &cType{kind: 'r', padded: true}
	switch g.below(5) {
	case 0:
		g.wordUnion(t)
	case 1:
		g.signUnion(t)
	case 2: // without padding
		e := g.integer()
		for e.enum {
			e = g.integer()
		}
		t.padded = e.name == "_Bool"
		for range 1 + g.below(3) {
			t.fields = append(t.fields, cField{g.name("m"), e, 0})
		}
		if g.oneIn(3) {
			t.fields = append(t.fields, cField{g.name("m"), array(e, 2), 0})
		}
	default:
		for range 1 + g.below(4) {
			g.field(t)
		}
	}
	t.name = "struct T"
	if t.union {
		t.name = "union T"
	}
	t.name = fmt.Sprintf("%s%d%s", t.name, len(g.types), g.id)
	fmt.Fprintf(&g.file, "%s {\n%s};\n", t.name, t.body("\t"))
	if g.oneIn(4) {
		fmt.Fprintf(&g.file, "typedef %s A%d%s;\n", t.name, len(g.types), g.id)
		t.name = fmt.Sprintf("A%d%s", len(g.types), g.id)
	}
	g.types = append(g.types, t)
}

func (t *cType) body(indent string) string {
	var b strings.Builder
	for _, f := range t.fields {
		switch {
		case f.name == "" && f.t.union:
			fmt.Fprintf(&b, "%sunion {\n%s%s};\n", indent, f.t.body(indent+"\t"), indent)
		case f.name == "" && f.t.kind == 'r':
			fmt.Fprintf(&b, "%sstruct {\n%s%s};\n", indent, f.t.body(indent+"\t"), indent)
		case f.bits > 0:
			fmt.Fprintf(&b, "%s%s : %d;\n", indent, f.t.declare(f.name), f.bits)
		default:
			fmt.Fprintf(&b, "%s%s;\n", indent, f.t.declare(f.name))
		}
	}
	return b.String()
}

// field adds a member, or a run of bit-fields, to a struct.
func (g *cGen) field(t *cType) {
	switch g.below(6) {
	case 0:
		for range 1 + g.below(3) {
			e := g.integer()
			for e.name == "size_t" || strings.HasSuffix(e.name, "_t") {
				e = g.integer()
			}
			width := 1 + g.below(8*e.size)
			if e.name == "_Bool" {
				width = 1
			}
			if e.enum {
				width = max(width, 10)
			}
			t.fields = append(t.fields, cField{g.name("b"), e, width})
		}
	case 1:
		inner := &cType{kind: 'r', padded: true}
		if g.oneIn(2) {
			g.signUnion(inner)
		} else {
			g.field(inner)
		}
		t.fields = append(t.fields, cField{"", inner, 0})
	default:
		t.fields = append(t.fields, cField{g.name("m"), g.member(2), 0})
	}
}

// wordUnion is a union of a word and its parts.
func (g *cGen) wordUnion(t *cType) {
	t.union, t.padded = true, false
	word, half, part := cIntegers[g.below(2)], cIntegers[6+g.below(2)], cIntegers[4+g.below(2)]
	t.fields = []cField{{g.name("w"), word, 0}, {g.name("h"), array(half, 2), 0}}
	if g.oneIn(2) {
		t.fields = []cField{{g.name("w"), word, 0}, {g.name("h"), array(part, 4), 0}}
	}
	if g.oneIn(3) {
		s := &cType{kind: 'r', fields: []cField{{g.name("l"), half, 0}, {g.name("u"), half, 0}}}
		t.fields = append(t.fields, cField{"", s, 0})
	}
}

// signUnion is a union of integers of one size.
func (g *cGen) signUnion(t *cType) {
	t.union, t.padded = true, false
	i := 2 * g.below(4)
	t.fields = []cField{{g.name("m"), cIntegers[i], 0}, {g.name("m"), cIntegers[i+1], 0}}
}
