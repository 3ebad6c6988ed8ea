package ir

import (
	"strconv"
	"strings"
)

// A Test is a litmus test that is ready to be explored.
type Test struct {
	Name string
	Arch string // "C"
	Prog *Program

	Quant    Quantifier
	Cond     *Prop
	Filter   *Prop  // nil if there is none
	CondText string // the condition as herd7 prints it after "Condition "

	// Safety is set if there is no condition: the test holds if in no execution an
	// assertion fails, a thread waits forever, memory is misused, or an access is
	// to no variable. Quant is ForAll then, and Cond is true.
	Safety bool
	// RaceFree is set, with Safety, if an execution that the model flags as having a
	// data race is a failure: in C11 a program with a data race has no defined
	// behaviour.
	RaceFree bool

	// Alternatives are further tests, which all have to hold: one for each further
	// way in which the code before the threads can run.
	Alternatives []*Test
	Flags        []string // flags of every result of the test

	Covers []Cover // with Safety; the same places in each alternative

	// Sections are the kinds of sections that the table knows.
	Sections []Sections

	// Observed is the list, in herd7's order, of what it prints of each final
	// state: all that the condition and the list of locations name. Registers
	// come first, by thread and name, then variables by name, then elements of
	// arrays. An array named as a whole is listed element by element.
	Observed      []Obs
	ObservedNames []string // as herd7 prints them: "0:r1", "[x]", "a[0]"

	Arrays   []Span // of Observed: those that are arrays named as a whole
	Unsigned []bool // of a cell: negative values are printed as unsigned ones of 32 bits
	// Types are the types in which values of Observed are printed, by their numbers (Printed);
	// 0: as they are. nil: all as they are.
	Types []uint8
}

// Quantifier says how many final states must satisfy a condition.
type Quantifier uint8

const (
	Exists    Quantifier = iota // some final state satisfies the condition
	NotExists                   // none does
	ForAll                      // all do
)

// A Span is Size elements of a list, starting at index From.
type Span struct{ From, Size int }

// Punctuation is the text that herd7 prints before and after the value of
// Observed[o] in a line of states: "0:r1=" and ";". An array that is named as a
// whole is printed as one: "a={1,2};".
func (t *Test) Punctuation(o int) (before, after string) {
	for _, a := range t.Arrays {
		if i := o - a.From; i >= 0 && i < a.Size {
			if i == 0 {
				before = strings.TrimSuffix(t.ObservedNames[o], "[0]") + "={"
			}
			if i < a.Size-1 {
				return before, ","
			}
			return before, "};"
		}
	}
	return t.ObservedNames[o] + "=", ";"
}

// FormatValue is v as herd7 prints it for Observed[o]: a number, or the name of
// the variable whose address v is. If ok is false, the value is not determined,
// and the text is "?".
func (t *Test) FormatValue(o int, v int64, ok bool) string {
	obs, cells := t.Observed[o], t.Prog.Cells
	if obs.Kind == CellObs && cells[obs.Cell].Lock {
		return strconv.FormatInt(cells[obs.Cell].Init, 10) // herd7 gives locks no value
	}
	if !ok {
		return "?"
	}
	if cell := v - AddrBase; cell >= 0 && cell <= int64(len(cells)) && len(cells) > 0 {
		return addressText(cells, int(cell))
	}
	if v < 0 && obs.Kind == CellObs && t.Unsigned != nil && t.Unsigned[obs.Cell] {
		v = int64(uint32(v))
	}
	if t.Types != nil && t.Types[o] != 0 {
		return typedText(v, t.Types[o])
	}
	return strconv.FormatInt(v, 10)
}

// Printed is the number of a type for Test.Types: that of Cell.Type, and one of its own for
// 8 bytes without a sign, whose values are printed in another way.
func Printed(size uint8, unsigned bool) uint8 {
	switch {
	case size == 8 && unsigned:
		return unsigned8
	case size == 8 || unsigned:
		return size
	}
	return size + signed
}

const unsigned8 = 16

// Int is the number of a type for Test.Types that is an int where the value is one of 32
// bits, with or without a sign, and else as it is.
const Int = 17

// typedText is v as a value of the type with a number of Printed.
func typedText(v int64, t uint8) string {
	switch {
	case t == Int && v == int64(uint32(v)):
		return strconv.FormatInt(int64(int32(v)), 10)
	case t == Int:
		return strconv.FormatInt(v, 10)
	case t == unsigned8:
		return strconv.FormatUint(uint64(v), 10)
	case t == signed:
		return strconv.FormatInt(v, 10)
	}
	shift := 64 - 8*(t&^signed)
	if t&signed == 0 {
		return strconv.FormatUint(uint64(v)<<shift>>shift, 10)
	}
	return strconv.FormatInt(v<<shift>>shift, 10)
}

// addressText is the address of a cell, or of the place after the last, which
// may be some way beyond a variable.
func addressText(cells []Cell, cell int) string {
	past := 0
	for ; cell == len(cells) || cells[cell].Name == ""; cell-- { // the first cell has a name
		past++
	}
	if past > 0 {
		return cells[cell].Name + "+" + strconv.Itoa(past)
	}
	return strings.TrimSuffix(cells[cell].Name, "[0]") // an array's address is that of its first element
}
