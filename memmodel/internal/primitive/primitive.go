package primitive

import (
	"slices"

	"crosscall/memmodel/internal/ir"
)

// A primitive is an occurrence in a table of one of the names that begin with
// two underscores: the events that programs are made of.
type primitive struct {
	kind primKind
	at   Place
	name string

	annotated bool
	bare      []string // the tags without a key
	// Fences around, each a list of tags; those of a failure apart.
	before, after, failBefore, failAfter [][]string
	// Fences after, with a control dependency from the read to them.
	ctrl, failCtrl [][]string
	// Tags of the halves; an access that is no read-modify-write has one half.
	read, write []string
	// Tags of the read of an attempt that fails, read where not given.
	fail      []string
	failGiven bool

	op       ir.ExprOp // atomicOp and the like: the operator
	inverted bool      // from the complement of its operand
}

type primKind uint8

const (
	loadPrim primKind = iota
	storePrim
	fencePrim
	srcuPrim
	xchgPrim
	cmpxchgPrim
	atomicOp
	atomicOpReturn
	atomicFetchOp
	addUnlessPrim
	lockPrim
	unlockPrim
	trylockPrim
	isLockedPrim
)

var primitives = map[string]primKind{
	"__load": loadPrim, "__store": storePrim, "__fence": fencePrim, "__srcu": srcuPrim,
	"__xchg": xchgPrim, "__cmpxchg": cmpxchgPrim,
	"__atomic_op": atomicOp, "__atomic_op_return": atomicOpReturn, "__atomic_fetch_op": atomicFetchOp,
	"__atomic_add_unless": addUnlessPrim,
	"__lock":              lockPrim, "__unlock": unlockPrim, "__trylock": trylockPrim, "__islocked": isLockedPrim,
}

func primitiveNamed(word string) (primKind, bool) {
	if len(word) < 2 || word[:2] != "__" {
		return 0, false
	}
	k, ok := primitives[word]
	return k, ok
}

// primArgs is the number of operands, without the operator.
var primArgs = [...]int{
	loadPrim: 1, storePrim: 2, fencePrim: 0, srcuPrim: 1, xchgPrim: 2, cmpxchgPrim: 3,
	atomicOp: 2, atomicOpReturn: 2, atomicFetchOp: 2, addUnlessPrim: 3,
	lockPrim: 1, unlockPrim: 1, trylockPrim: 1, isLockedPrim: 1,
}

// isOp reports whether an operator is among the operands.
func (p *primitive) isOp() bool {
	return p.kind == atomicOp || p.kind == atomicOpReturn || p.kind == atomicFetchOp
}

// isRMW reports whether p reads and writes ordinary memory in one go.
func (p *primitive) isRMW() bool {
	return p.isOp() || p.kind == xchgPrim || p.kind == cmpxchgPrim || p.kind == addUnlessPrim
}

func (p *primitive) reads() bool {
	return p.isRMW() || p.kind == loadPrim || p.kind == lockPrim || p.kind == trylockPrim || p.kind == isLockedPrim
}

func (p *primitive) writes() bool {
	return p.isRMW() || p.kind == storePrim || p.kind == lockPrim || p.kind == trylockPrim || p.kind == unlockPrim
}

func (p *primitive) canFail() bool {
	return p.kind == cmpxchgPrim || p.kind == addUnlessPrim || p.kind == trylockPrim
}

// hasValue reports whether p is an expression; otherwise it is a statement.
func (p *primitive) hasValue() bool {
	switch p.kind {
	case storePrim, fencePrim, atomicOp, lockPrim, unlockPrim:
		return false
	}
	return true
}

// set takes one item of an annotation. It returns false if p has no such key.
func (p *primitive) set(key string, list [][]string) bool {
	one := slices.Concat(list...)
	switch key {
	case "":
		if one != nil {
			p.bare = append(p.bare, one...)
		}
		return true
	case "before":
		p.before = list
		return p.reads() || p.writes()
	case "after":
		p.after = list
		return p.reads() || p.writes()
	case "ctrl":
		p.ctrl = list
		return p.kind == loadPrim || p.isRMW()
	case "failctrl":
		p.failCtrl = list
		return p.kind == cmpxchgPrim || p.kind == addUnlessPrim
	case "read":
		p.read = one
		return p.reads()
	case "write":
		p.write = one
		return p.writes()
	case "both":
		p.read, p.write = one, one
		return p.reads() && p.writes()
	case "fail":
		p.fail, p.failGiven = one, true
		return p.canFail()
	case "failbefore":
		p.failBefore = list
		return p.canFail()
	case "failafter":
		p.failAfter = list
		return p.canFail()
	}
	return false
}

var (
	once     = []string{"once"}
	noReturn = []string{"noreturn"}
	mb       = [][]string{{"mb"}}
)

// placeBareTags assigns the tags without a key to the halves. For a
// read-modify-write that depends on the kind of table: herd/CSem.ml of herd7 is
// the reference.
func (p *primitive) placeBareTags(file string, perHalf bool) {
	switch {
	case !p.isRMW():
		if p.reads() {
			p.read = append(p.read, p.bare...)
		}
		if p.writes() {
			p.write = append(p.write, p.bare...)
		}
		if !p.reads() && !p.writes() && len(p.bare) == 0 {
			Fail(file, p.at, "%s needs a tag, as in %s{mb}", p.name, p.name)
		}
	case p.kind == atomicOp && !p.annotated:
		p.read, p.write = noReturn, once
	case p.bare != nil && perHalf:
		p.read = append(p.read, p.bare...)
		p.write = append(p.write, p.bare...)
	case p.bare != nil:
		p.placeOldTag(file)
	}
	if !p.failGiven {
		p.fail = p.read
	}
}

// placeOldTag assigns the tag of a read-modify-write as it is meant in the
// kernel's table up to Linux 6.12.
func (p *primitive) placeOldTag(file string) {
	read, write := once, once
	switch {
	case len(p.bare) != 1:
		read = nil
	case p.kind == addUnlessPrim, p.bare[0] == "mb":
		p.before = append(slices.Clone(mb), p.before...)
		p.after = append(slices.Clone(mb), p.after...)
	case p.bare[0] == "acquire":
		read = p.bare
	case p.bare[0] == "release":
		write = p.bare
	case p.bare[0] != "once":
		read = nil
	}
	if read == nil {
		Fail(file, p.at, "without a key, %s has one of the tags once, acquire, release, mb: for others say read=, write= or both=", p.name)
	}
	p.read = append(slices.Clone(read), p.read...)
	p.write = append(slices.Clone(write), p.write...)
	if !p.failGiven {
		p.fail, p.failGiven = once, true
	}
}
