package cat

import (
	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/rel"
)

// A File is one cat or bell file. Arch and Title are the words at its top;
// where there is only one word, it is both.
type File struct {
	Arch, Title string
	// Catdep: the model computes dependencies itself.
	Catdep bool
	Ins    []Ins
}

// An Expr is an expression; the types below say which.
type Expr interface{ Pos() graph.Pos }

// An Ins is an instruction: a definition, a check ...
type Ins interface{ Pos() graph.Pos }

// At is a place in a source.
type At graph.Pos

// Pos is the place.
func (a At) Pos() graph.Pos { return graph.Pos(a) }

// Expressions.
type (
	// Empty is 0, the empty relation.
	Empty struct{ At }
	// Universe is _, all events or all pairs of events.
	Universe struct{ At }
	// Name is a variable.
	Name struct {
		At
		Name string
	}
	// Tag is 'name.
	Tag struct {
		At
		Name string
	}
	// SetOf is {a, b}.
	SetOf struct {
		At
		Elems []Expr
	}
	// Tuple is (a, b), or () if it has no elements.
	Tuple struct {
		At
		Elems []Expr
	}
	// Unary is an operator on one argument: "~", "+", "*", "?", "^-1", or "[]"
	// for the identity on a set.
	Unary struct {
		At
		Op string
		X  Expr
	}
	// Binary is an operator on two: "|", "++", ";", "\", "&", "*".
	Binary struct {
		At
		Op   string
		X, Y Expr
	}
	// App is the function Fun applied to Arg.
	App struct {
		At
		Fun, Arg Expr
	}
	// Fn is a function.
	Fn struct {
		At
		Param Pattern
		Body  Expr
	}
	// Let is "let ... in Body".
	Let struct {
		At
		Rec   bool
		Binds []Bind
		Body  Expr
	}
	// Match is a choice by the name of a tag. Default is nil if there is none.
	Match struct {
		At
		X       Expr
		Cases   []Case
		Default Expr
	}
	// MatchSet takes a set apart: into one element and the rest, or, if Split,
	// into the part before an element, the element, and the part after it.
	// A part without a name has the name "".
	MatchSet struct {
		At
		X                   Expr
		Empty               Expr
		Split               bool
		Before, Elem, After string
		More                Expr
	}
	// Try is Y where X has a name in it that is not bound, otherwise X.
	Try struct {
		At
		X, Y Expr
	}
	// If is a choice by a condition.
	If struct {
		At
		Cond       *Cond
		Then, Else Expr
	}
)

// A Pattern is what a definition or a function binds: one name, or a tuple of
// names. "" is a value that is not named.
type Pattern struct {
	Tuple bool
	Names []string
}

// A Bind is "pattern = X" in a let.
type Bind struct {
	At
	Pattern Pattern
	X       Expr
}

// A Case of a Match.
type Case struct {
	Tag  string
	Body Expr
}

// A Cond is a condition: Op is "=", "subset" or "in" on X and Y; or "variant"
// for whether Name is asked for, or "not", "&&", "||" on Kids.
type Cond struct {
	At
	Op   string
	X, Y Expr
	Name string
	Kids []*Cond
}

// A Test is what a check or a flag asks. Name is "" if it has none.
type Test struct {
	At
	Kind    rel.CheckKind
	Negated bool
	X       Expr
	Name    string
}

// Instructions.
type (
	// Define is a let. When is nil, or a test that stops a recursion.
	Define struct {
		At
		Rec   bool
		Binds []Bind
		When  *Test
	}
	// Check is a test. Role is "", "flag", "undefined_unless" or "assert".
	Check struct {
		At
		Role string
		Test *Test
	}
	// MatchIns is a choice by the name of a tag.
	MatchIns struct {
		At
		X          Expr
		Cases      []InsCase
		HasDefault bool
		Default    []Ins
	}
	// Show names relations for pictures; Hide takes them away again.
	Show struct {
		At
		Hide  bool
		Names []string
	}
	// ShowAs is "show X as Name".
	ShowAs struct {
		At
		X    Expr
		Name string
	}
	// Include reads another file.
	Include struct {
		At
		File string
	}
	// Procedure is a list of instructions with a parameter.
	Procedure struct {
		At
		Rec   bool
		Name  string
		Param Pattern
		Body  []Ins
	}
	// Call runs a procedure.
	Call struct {
		At
		Name string
		Arg  Expr
		As   string
	}
	// Debug prints a value in herd; here it does nothing.
	Debug struct {
		At
		X Expr
	}
	// ForAll runs its body for each element of a set.
	ForAll struct {
		At
		Var  string
		X    Expr
		Body []Ins
	}
	// WithFrom binds a name to each element of a set in turn, in executions of
	// their own.
	WithFrom struct {
		At
		Name string
		X    Expr
	}
	// IfIns is a choice by a variant.
	IfIns struct {
		At
		Cond       *Cond
		Then, Else []Ins
	}
	// Enum declares tags.
	Enum struct {
		At
		Name string
		Tags []string
	}
	// Instructions says which tags events of a kind may have; Default, which
	// they have if none is given.
	Instructions struct {
		At
		Default bool
		Kind    string
		Args    []Expr
	}
)

// An InsCase of a MatchIns.
type InsCase struct {
	Tag  string
	Body []Ins
}
