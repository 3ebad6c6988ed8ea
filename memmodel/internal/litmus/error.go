package litmus

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

// catch turns the panic that carries an *Error out of the depths of a parser
// into the error that its caller returns. Other panics go on.
func catch(err *error) {
	switch r := recover().(type) {
	case nil:
	case *Error:
		*err = r
	default:
		panic(r)
	}
}

// place is a position in a file that is known from elsewhere.
type place struct{ line, col int32 }

func (at place) in(file string) graph.Pos {
	return graph.Pos{File: file, Line: int(at.line), Col: int(at.col)}
}

// fail stops whatever is going on with an error at a place.
func fail(file string, at place, format string, args ...any) {
	panic(&Error{at.in(file), fmt.Sprintf(format, args...)})
}
