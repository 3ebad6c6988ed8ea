package condition

import (
	"strconv"

	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/primitive"
)

// A Space gives cells to the variables of a test, and turns locations into what can be
// observed.
type Space struct {
	File string
	Prog *ir.Program
	// Gap is how many cells that cannot be accessed come between two variables.
	Gap int
	// Stride is how many cells there are from one element of an array to the next. nil: 1.
	Stride  func(in *Initial) int
	Threads Threads
	// CompareRegs orders the registers of a thread in a list of states. nil: by name.
	CompareRegs func(a, b string) int
	Missing     string // why there may be no variable of a name, for errors
	Vars        []Variable
}

// Threads are the threads of a test, as far as conditions speak of them.
type Threads interface {
	Len() int
	Has(thread int, register string) bool
	Reg(thread int, register string) ir.Reg // which it adds if there is none
}

// A Variable is shared; it has one cell, or several if it is an array.
type Variable struct {
	primitive.Extent
	List   bool     // it is an array
	Init   *Initial // nil if it has none
	Stride int      // cells from one element to the next
}

// Element is the cell of element i.
func (v *Variable) Element(i int) int { return v.Cell + i*v.Stride }

// maxCells bounds the memory that a test of a few lines can ask for.
const maxCells = 1 << 14

// Declare gives cells to the variables of an initial state.
func (s *Space) Declare(state []Initial) {
	for i := range state {
		in := &state[i]
		if in.Loc.Thread != SharedVar {
			s.checkThread(in.Loc)
			continue
		}
		if s.find(in.Loc.Name) != nil {
			primitive.Fail(s.File, in.At, "%s has an initial value already", in.Loc.Name)
		}
		s.add(Variable{Extent: primitive.Extent{Name: in.Loc.Name, Size: max(in.Size, 1)}, List: in.Size > 0, Init: in, Stride: s.stride(in)}, in.Lock)
	}
}

func (s *Space) stride(in *Initial) int {
	if s.Stride == nil {
		return 1
	}
	return s.Stride(in)
}

// SetInitial gives the variables of an initial state their values. Variables that these
// are the addresses of are added.
func (s *Space) SetInitial(state []Initial) {
	for i := range state {
		in := &state[i]
		if in.Loc.Thread != SharedVar {
			continue
		}
		for k, v := range in.Values {
			value := s.Constant(v) // which may add a cell
			s.Prog.Cells[s.find(in.Loc.Name).Element(k)].Init = value
		}
	}
}

// Unsigned tells the cells that are declared with an unsigned type. It is nil if there are
// none.
func (s *Space) Unsigned() []bool {
	var cells []bool
	for i := range s.Vars {
		v := &s.Vars[i]
		if v.Init == nil || !v.Init.Unsigned {
			continue
		}
		if cells == nil {
			cells = make([]bool, len(s.Prog.Cells))
		}
		for i := range v.Size {
			cells[v.Element(i)] = true
		}
	}
	return cells
}

func (s *Space) checkThread(loc Location) {
	if loc.Thread >= s.Threads.Len() {
		primitive.Fail(s.File, loc.At, "there is no thread P%d", loc.Thread)
	}
}

// find finds the variable of a name; nil if there is none.
func (s *Space) find(name string) *Variable {
	for i := range s.Vars {
		if s.Vars[i].Name == name {
			return &s.Vars[i]
		}
	}
	return nil
}

// Variable finds the variable of a name, or makes it.
func (s *Space) Variable(name string) *Variable {
	if v := s.find(name); v != nil {
		return v
	}
	return s.add(Variable{Extent: primitive.Extent{Name: name, Size: 1}, Stride: 1}, false)
}

func (s *Space) add(v Variable, lock bool) *Variable {
	if len(s.Prog.Cells) > maxCells {
		primitive.Fail(s.File, primitive.PlaceAt(1, 1), "the test has more than %d variables and elements of arrays", maxCells)
	}
	if len(s.Prog.Cells) > 0 {
		s.Prog.Cells = append(s.Prog.Cells, make([]ir.Cell, s.Gap)...)
	}
	v.Cell = len(s.Prog.Cells)
	for i := range v.Size {
		cell := ir.Cell{Name: v.Name, Lock: lock}
		if v.List {
			cell.Name = elementName(v.Name, i)
		}
		if i > 0 {
			s.Prog.Cells = append(s.Prog.Cells, make([]ir.Cell, v.Stride-1)...)
		}
		s.Prog.Cells = append(s.Prog.Cells, cell)
	}
	s.Vars = append(s.Vars, v)
	return &s.Vars[len(s.Vars)-1]
}

// Constant is the value of a number or an address.
func (s *Space) Constant(v Operand) int64 {
	if v.Kind == AddrOperand {
		return ir.AddrOf(s.cell(v.Loc))
	}
	return v.Num
}

// cell is that of a variable or of an element of an array.
func (s *Space) cell(loc Location) int {
	if loc.Thread != SharedVar {
		primitive.Fail(s.File, loc.At, "%d:%s is a register: it has no address", loc.Thread, loc.Name)
	}
	v := s.Variable(loc.Name)
	if loc.Index == Whole {
		return v.Cell
	}
	if !v.List || loc.Index >= v.Size {
		primitive.Fail(s.File, loc.At, "%s has no element %d", loc.Name, loc.Index)
	}
	return v.Element(loc.Index)
}

// elementName is how an element of an array is written.
func elementName(array string, i int) string { return array + "[" + strconv.Itoa(i) + "]" }
