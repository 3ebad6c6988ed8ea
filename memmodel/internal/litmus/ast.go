package litmus

import (
	"crosscall/memmodel/internal/condition"
	"crosscall/memmodel/internal/primitive"
)

// An AST is a litmus test as it is written.
type AST struct {
	Name   string
	Result string // the author's expectation, from a "Result:" comment: "Never", "Sometimes", "Always", "DEADLOCK" ...; "" if there is none

	condition.Final

	file  string
	src   string
	start int // of the initial state, in src
	init  []condition.Initial
	procs []proc

	calls []string // the names of what is called, each once
	arith bool     // an operator computes something that may be an address
	edits []edit   // what CompileReplaced makes of the words, by place
}

// InitialState is the offset of the "{" that opens the initial state, in the source
// without a byte order mark.
func (a *AST) InitialState() int { return a.start }

// A proc is the code of one thread.
type proc struct {
	at     primitive.Place
	params []param
	primitive.Code
}

type param struct {
	at      primitive.Place
	name    string
	pointer bool
	lock    bool
}
