package primitive

import (
	"fmt"

	"crosscall/memmodel/graph"
)

// An Error says what is wrong with a test or with a table of primitives, and
// where.
type Error struct {
	Pos graph.Pos
	Msg string
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.Pos.File, e.Pos.Line, e.Pos.Col, e.Msg)
}

// Catch turns a panic with an *Error into the error that its caller returns.
// Other panics go on.
func Catch(err *error) {
	switch r := recover().(type) {
	case nil:
	case *Error:
		*err = r
	default:
		panic(r)
	}
}

// Place is a position in a file whose name the user of the Place knows.
type Place struct{ line, col int32 }

func (at Place) In(file string) graph.Pos {
	return graph.Pos{File: file, Line: int(at.line), Col: int(at.col)}
}

// Fail panics with an error at a place. See Catch.
func Fail(file string, at Place, format string, args ...any) {
	panic(&Error{at.In(file), fmt.Sprintf(format, args...)})
}

// PlaceAt is the place in a line and a column.
func PlaceAt(line, col int) Place { return Place{int32(line), int32(col)} }
