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

// Unknown reports whether the error is a name that is not bound.
func (e *Error) Unknown() bool { return e.unknown }

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
