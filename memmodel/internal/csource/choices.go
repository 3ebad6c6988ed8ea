package csource

import (
	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/primitive"
)

// decided is the choice among n values in code that runs by itself. That code runs
// once for each Program, so each choice makes a Program of its own. A main that chooses in
// a loop, of which the number of rounds is not known here, is a thread instead.
func (l *lowerer) decided(n int64, at graph.Pos) int64 {
	if l.loops > 0 && l.creates {
		panic(notByItself{})
	}
	if l.loops > 0 {
		fail(at, "code that runs before or after the threads cannot choose in a loop")
	}
	return l.unit.choices.next(n)
}

// choices are those of the code of a program that runs by itself, in the order of the source.
type choices struct {
	chosen []int64 // the branches to take; the first of those that are not here
	asked  []int64 // the number of branches that each of these is one of
}

// next is the branch to take, of n.
func (c *choices) next(n int64) int64 {
	i := len(c.asked)
	c.asked = append(c.asked, n)
	if i < len(c.chosen) {
		return c.chosen[i]
	}
	return 0
}

// maxVariants bounds the number of programs that choices in code which runs by itself
// make.
const maxVariants = 256

// Compile makes a program of the file. m defines the primitives. At each place
// in replace, the primitive of that name is used instead; "" leaves a fence
// out. Errors are of type *Error.
//
// The test has no condition: see ir.Test.Safety. It must be free of data races
// (ir.Test.RaceFree) if the program is one of C11, with a main. If code that runs
// by itself has choices, each further choice is an alternative of the test.
func (s *Source) Compile(m *primitive.Macros, replace map[graph.Pos]string) (t *ir.Test, err error) {
	defer catch(&err)
	t, asked := s.compile(m, replace, nil)
	chosen := make([]int64, len(asked))
	for more := next(chosen, asked); more; more = next(chosen, asked) {
		if len(t.Alternatives) == maxVariants && len(s.nondets) > len(fewValues) {
			few := *s
			few.nondets = fewValues
			return few.Compile(m, replace)
		}
		if len(t.Alternatives) == maxVariants {
			fail(graph.Pos{File: s.file, Line: 1, Col: 1}, "the choices in code that runs before or after the threads make more than %d programs", maxVariants)
		}
		other, _ := s.compile(m, replace, chosen)
		t.Alternatives = append(t.Alternatives, other)
	}
	return t, nil
}

// next adds one to a number whose digits each have their limit. It returns false after the
// largest.
func next(digits, limits []int64) bool {
	for i := range digits {
		if digits[i]++; digits[i] < limits[i] {
			return true
		}
		digits[i] = 0
	}
	return false
}
