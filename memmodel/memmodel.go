// Package memmodel checks litmus tests and C programs under memory models: it explores
// every execution that a model allows, and says whether the test's condition holds.
//
//	r, err := memmodel.Check(ctx, "mp.litmus", src, memmodel.Options{Model: "lkmm"})
//	if err != nil { ... } // an error in src or in a model, with its place, file:line:col
//	switch r.Verdict {
//	case memmodel.Holds:
//	case memmodel.Fails:      // r.Execution shows it
//	case memmodel.Incomplete: // r.Reason says why; never take it for Holds
//	}
//
// The name of a source says what it is: NAME.c is a program in kernel-style C or C11; any
// other name is of a litmus test, in C, the dialect of the Linux kernel and herd7, or in
// assembly. See docs/quickstart-c.md, docs/quickstart-litmus.md,
// docs/quickstart-assembly.md and docs/limits.md for the language that is read.
//
// The packages beside this one are for programs that need more: check runs many files
// and reports, audit says which barriers are needed, minimize drops from a source that
// fails what the failure does not need, render draws executions.
package memmodel

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"crosscall/memmodel/check"
	"crosscall/memmodel/graph"
	"crosscall/memmodel/render"
)

// A Verdict says whether a test's condition holds: for "exists" that there is a witness,
// for "~exists" that there is none, for "forall" that every execution satisfies it. A C
// program holds if nothing goes wrong in any execution.
type Verdict string

const (
	Holds      Verdict = "holds"
	Fails      Verdict = "fails"
	Vacuous    Verdict = "vacuous"    // nothing fails, but in vain: no execution ends, or none reaches a cover
	Incomplete Verdict = "incomplete" // a bound, a timeout or the context ended the exploration
)

// Options of Check. The zero value checks under the Linux kernel's model, without a
// limit on time.
type Options struct {
	// Model is the name of a built-in model (see Models) or the path of a cat or cfg
	// file. "" is rc11 for sources that use C11's atomics or threads, the model of the
	// machine for assembly, and otherwise lkmm.
	Model string

	// Bound is how many times a loop may jump back. 0: 2 in litmus tests, 10 in C.
	Bound int

	// Timeout ends the exploration, as incomplete. 0: never.
	Timeout time.Duration

	// Workers is how many goroutines explore. 0: one.
	Workers int

	// VerdictOnly ends at the first execution that decides the condition. States, flags
	// and other executions are not looked for.
	VerdictOnly bool

	// NoSymmetry, for C programs, explores all executions. Without it, one is explored of those
	// that differ only in which of several threads with the same code does what.
	NoSymmetry bool

	// Defines and Include are for C, like -D and -I of cc. Files, if not nil, is where
	// #include looks before the disk.
	Defines map[string]string
	Include []string
	Files   fs.FS
}

// A Result is the result of a test under a model. As JSON it is a line of
// "crosscall check --json". Parts that were not looked for (Options.VerdictOnly)
// are nil.
type Result struct {
	File    string  `json:"file"`
	Test    string  `json:"test"` // its name in the source
	Model   string  `json:"model"`
	Verdict Verdict `json:"verdict"`

	// Observation is Always, Sometimes or Never: whether the condition's proposition, without
	// its quantifier, is true in all executions, in some, or in none. "": not known.
	Observation string `json:"observation"`

	States     *int     `json:"states"`   // distinct final states
	Positive   int64    `json:"positive"` // executions in which the proposition is true
	Negative   int64    `json:"negative"` // executions in which it is false
	Flags      []string `json:"flags"`    // of the model, as "data-race"
	Races      []Race   `json:"races,omitempty"`
	Executions int64    `json:"executions"`

	// Failure is what goes wrong in a C program, with its place; FailureKind is one of
	// assertion, bad address, memory, deadlock, livelock, lock, data race.
	Failure     string `json:"failure,omitempty"`
	FailureKind string `json:"failure_kind,omitempty"`

	Covers []Cover `json:"covers,omitempty"`

	Seconds  float64 `json:"seconds"`
	Complete bool    `json:"complete"`         // everything was explored
	Reason   string  `json:"reason,omitempty"` // why not

	NotLookedFor []string `json:"not_looked_for,omitempty"`
	Otherwise    string   `json:"or,omitempty"`        // another Observation that is possible, with VerdictOnly
	BoundHit     bool     `json:"bound_hit,omitempty"` // because of Options.Bound

	// Execution is one that decides the condition. If there is none, it is one that
	// would decide it and that the model forbids. It may be nil.
	Execution *Execution `json:"-"`
}

// A Cover is a cover(e) in a C program: a place that some execution should reach.
// Its status is "reached", "not reached" or, if not all executions were explored,
// "not known".
type Cover struct {
	Place  string `json:"place"` // file:line:col
	Text   string `json:"text"`
	Status string `json:"status"`
}

// A Race is two accesses that race in some execution, under a model that flags this
// ("data-race"). The first comes first in the source.
type Race struct {
	Place      string `json:"place"` // file:line:col
	Text       string `json:"text"`
	OtherPlace string `json:"other_place"`
	OtherText  string `json:"other_text"`
}

// An Execution is an execution of a program, for drawing. It is immutable.
type Execution struct {
	graph  *graph.Execution
	source render.Source
}

// Forbidden is the name of the model's check that the execution fails; "" if the model
// allows it.
func (x *Execution) Forbidden() string { return x.graph.Violated }

// String is the execution as text: a column for each thread, and the relations below.
func (x *Execution) String() string {
	var b strings.Builder
	if err := render.Text(&b, x.graph, render.TextOptions{}); err != nil {
		return err.Error()
	}
	return b.String()
}

// SVG writes the execution as a picture. Errors are those of w.
func (x *Execution) SVG(w io.Writer) error { return render.SVG(w, x.graph) }

// HTML writes a page on which the execution can be explored, beside the source. Errors are those
// of w.
func (x *Execution) HTML(w io.Writer) error {
	return render.HTML(w, []*graph.Execution{x.graph}, x.graph.Name, x.source)
}

// Models returns the names of the built-in models, the Linux kernel's first.
func Models() []string { return check.ModelNames() }

// Check explores the executions of a test. name says whether src is C (see the package
// comment), and places in errors begin with it. The error is one in src or in the model,
// or says that the model lacks a primitive of src. If ctx ends, that is no error: the
// result is incomplete, unless the executions found decide the condition.
//
// Check may be called by many goroutines at a time.
func Check(ctx context.Context, name, src string, o Options) (*Result, error) {
	if o.Model == "" {
		o.Model = check.DefaultModel(name, []byte(src), check.COptions{Defines: o.Defines, Include: o.Include, Files: o.Files})
	}
	m, err := check.LoadModel(o.Model)
	if err != nil {
		return nil, err
	}
	r := check.Source(ctx, name, []byte(src), m, check.Options{
		Bound: o.Bound, Timeout: o.Timeout, Workers: o.Workers, VerdictOnly: o.VerdictOnly, NoSymmetry: o.NoSymmetry, Picture: true,
	}, check.COptions{Defines: o.Defines, Include: o.Include, Files: o.Files})
	if r.Err != nil {
		return nil, r.Err
	}
	return newResult(r, src)
}

func newResult(r *check.Result, src string) (*Result, error) {
	var b bytes.Buffer
	if err := r.WriteJSON(&b); err != nil {
		return nil, err
	}
	result := new(Result)
	if err := json.Unmarshal(b.Bytes(), result); err != nil {
		return nil, err
	}
	if r.Picture != nil {
		result.Execution = &Execution{r.Picture, render.Source{File: filepath.ToSlash(r.File), Text: src}}
	}
	return result, nil
}
