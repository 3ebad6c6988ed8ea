package cat

import (
	"fmt"

	"crosscall/memmodel/graph"
)

// An Error is an error in a model, with its place.
type Error struct {
	Pos graph.Pos
	Msg string
	// unknown: a name is not bound, which "try" catches.
	unknown bool
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.Pos.File, e.Pos.Line, e.Pos.Col, e.Msg)
}

// fail stops the parsing or the compilation. It is caught by catch.
func fail(pos graph.Pos, format string, args ...any) {
	panic(&Error{Pos: pos, Msg: fmt.Sprintf(format, args...)})
}

// catch turns a panic of fail into an error. Other panics go on.
func catch(err *error) {
	switch r := recover().(type) {
	case nil:
	case *Error:
		*err = r
	default:
		panic(r)
	}
}

// closest returns the one of names that s is most likely a misspelling of, or
// "".
func closest(s string, names func(yield func(string) bool)) string {
	best, limit := "", len(s)/3
	for name := range names {
		d := distance(s, name)
		if d < limit || d == limit && (best == "" || name < best) {
			best, limit = name, d
		}
	}
	return best
}

// distance is the number of letters to change, add or drop to make b from a,
// whatever their case.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if lower(a[i]) != lower(b[j]) {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
