// Package memmodel checks litmus tests and C programs under memory models: it explores
// every execution that a model allows, and says whether the test's condition holds.
//
//	r, err := memmodel.Check(ctx, "mp.litmus", src, memmodel.Options{Model: "lkmm"})
//	if err != nil { ... } // src or a model is wrong; errors have their place, file:line:col
//	switch r.Verdict {
//	case memmodel.Holds:
//	case memmodel.Fails:      // r.Execution shows it
//	case memmodel.Incomplete: // r.Reason says why; never take it for Holds
//	}
//
// The name of a source says what it is: NAME.c is a program in kernel-style C or C11, all
// else a litmus test in the dialect of the Linux kernel and herd7. The documents say what
// is read, in docs/quickstart-c.md, docs/quickstart-litmus.md and docs/limits.md.
//
// The packages beside this one are for programs that need more: check runs many files
// and reports, audit says which barriers are needed, render draws executions.
package memmodel

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
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
	Vacuous    Verdict = "vacuous"    // nothing fails, but in vain: no execution comes to an end, or none reaches a cover
	Incomplete Verdict = "incomplete" // a bound, a timeout or the context ended the exploration
)

// Options of Check. The zero value checks under the Linux kernel's model, without a
// limit on time.
type Options struct {
	// Model is a built-in one (see Models) or the path of a cat or cfg file. "": lkmm, or
	// rc11 for what uses C11's atomics or threads.
	Model string

	// Bound is how often a loop may jump back. 0: 2 in litmus tests, 10 in C.
	Bound int

	// Timeout ends the exploration, as incomplete. 0: never.
	Timeout time.Duration

	// Workers is how many goroutines explore. 0: one.
	Workers int

	// VerdictOnly ends at the first execution that settles the condition. States, flags
	// and the other executions are not looked for.
	VerdictOnly bool

	// NoSymmetry looks for all executions of C programs: else, of those that differ only in
	// which of several threads with the same code does what, one is looked for.
	NoSymmetry bool

	// Defines and Include are for C, as cc has them with -D and -I. Files, if not nil,
	// is where #include looks before the disk.
	Defines map[string]string
	Include []string
	Files   fs.FS
}

// A Result is what came of a test under a model. As JSON it is a line of "crosscall
// check --json". What was not looked for (Options.VerdictOnly) is nil.
type Result struct {
	File    string  `json:"file"`
	Test    string  `json:"test"` // its name in the source
	Model   string  `json:"model"`
	Verdict Verdict `json:"verdict"`

	// Observation is Always, Sometimes or Never: in how many executions the condition's
	// proposition is true, whatever its quantifier. "": not known.
	Observation string `json:"observation"`

	States     *int     `json:"states"`   // distinct final states
	Positive   int64    `json:"positive"` // executions in which the proposition is true
	Negative   int64    `json:"negative"` // and in which it is false
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

	// Execution settles the condition; if there is none, it is one that would, and that
	// the model forbids. It may be nil.
	Execution *Execution `json:"-"`
}

// A Cover is a cover(e) in a C program: a place that some execution is to pass. Its
// status is "reached", "not reached" or, where not all was explored, "not known".
type Cover struct {
	Place  string `json:"place"` // file:line:col
	Text   string `json:"text"`
	Status string `json:"status"`
}

// A Race is two accesses that race in some execution, where the model flags that
// ("data-race"). The first comes first in the source.
type Race struct {
	Place      string `json:"place"` // file:line:col
	Text       string `json:"text"`
	OtherPlace string `json:"other_place"`
	OtherText  string `json:"other_text"`
}

// An Execution is one that can be drawn. It is immutable.
type Execution struct{ graph *graph.Execution }

// Forbidden is the name of the model's check that fails; "": the model allows it.
func (x *Execution) Forbidden() string { return x.graph.Violated }

// String is the execution as text: a column for each thread, its relations below.
func (x *Execution) String() string {
	var b strings.Builder
	if err := render.Text(&b, x.graph, render.TextOptions{}); err != nil {
		return err.Error()
	}
	return b.String()
}

// SVG writes the execution as a picture.
func (x *Execution) SVG(w io.Writer) error { return render.SVG(w, x.graph) }

// HTML writes a page with the execution.
func (x *Execution) HTML(w io.Writer) error {
	return render.HTML(w, []*graph.Execution{x.graph}, x.graph.Name)
}

// Models returns the names of the built-in models, the Linux kernel's first.
func Models() []string { return check.ModelNames() }

// Check explores the executions of a test. name says what src is (see above) and stands
// in places of errors. An error says what is wrong with src, or with the model, or that
// the model does not have a primitive that src uses. That ctx has ended is no error:
// the result is incomplete then, unless what was found settles the condition.
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
	return newResult(r)
}

func newResult(r *check.Result) (*Result, error) {
	var b bytes.Buffer
	if err := r.WriteJSON(&b); err != nil {
		return nil, err
	}
	result := new(Result)
	if err := json.Unmarshal(b.Bytes(), result); err != nil {
		return nil, err
	}
	if r.Picture != nil {
		result.Execution = &Execution{r.Picture}
	}
	return result, nil
}
