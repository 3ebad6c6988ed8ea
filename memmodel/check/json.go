package check

import (
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/viewer/printable"
)

// A jsonResult is a Result as JSON. Parts that were not looked for are null.
type jsonResult struct {
	File         string      `json:"file"`
	Test         string      `json:"test"`
	Model        string      `json:"model"`
	Verdict      Verdict     `json:"verdict"`
	Observation  Observation `json:"observation"`
	States       *int        `json:"states"`
	Positive     int64       `json:"positive"`
	Negative     int64       `json:"negative"`
	Flags        []string    `json:"flags"`
	Races        []jsonRace  `json:"races,omitempty"`
	Executions   int64       `json:"executions"`
	Failure      string      `json:"failure,omitempty"`
	FailureKind  string      `json:"failure_kind,omitempty"`
	Covers       []jsonCover `json:"covers,omitempty"`
	Seconds      float64     `json:"seconds"`
	Complete     bool        `json:"complete"`
	Reason       string      `json:"reason,omitempty"`
	Error        string      `json:"error,omitempty"`
	NotLookedFor []string    `json:"not_looked_for,omitempty"`
	Otherwise    Observation `json:"or,omitempty"`
	BoundHit     bool        `json:"bound_hit,omitempty"`
	NotApplic    bool        `json:"not_applicable,omitempty"`
}

// A jsonCover is a Cover as JSON.
type jsonCover struct {
	Place  string      `json:"place"` // file:line:col
	Text   string      `json:"text"`
	Status CoverStatus `json:"status"`
}

// A jsonRace is a DataRace as JSON.
type jsonRace struct {
	Place      string `json:"place"` // file:line:col
	Text       string `json:"text"`
	OtherPlace string `json:"other_place"`
	OtherText  string `json:"other_text"`
}

// WriteJSON writes r as one line.
func (r *Result) WriteJSON(w io.Writer) error {
	return printable.WriteJSON(w, r.toJSON())
}

func (r *Result) toJSON() *jsonResult {
	j := &jsonResult{
		File: r.File, Test: r.Test, Model: r.Model,
		Verdict: r.Verdict, Observation: r.Observation, Otherwise: r.Otherwise,
		Positive: r.Positive, Negative: r.Negative, Executions: r.Executions,
		Seconds:  r.Elapsed.Seconds(),
		Complete: r.Complete, Reason: r.Reason, BoundHit: r.BoundHit,
		NotLookedFor: r.notLookedFor(), NotApplic: r.NotApplicable,
	}
	if !r.VerdictOnly {
		states := r.States()
		j.States = &states
		j.Flags = append([]string{}, r.Flags...) // [], not null
	}
	if r.Failure != nil {
		j.Failure, j.FailureKind = r.Failure.String(), string(r.Failure.Kind)
	}
	for _, c := range r.Covers {
		j.Covers = append(j.Covers, jsonCover{placeOf(c.Pos), c.Text, c.Status})
	}
	for _, race := range r.Races {
		j.Races = append(j.Races, jsonRace{placeOf(race.First.Pos), race.First.Text, placeOf(race.Second.Pos), race.Second.Text})
	}
	if r.Err != nil {
		j.Error = r.Err.Error()
	}
	return j
}

// wellFormed reports whether j can be the result of a finished test. It is checked
// because results that are read back decide exit codes.
func (j *jsonResult) wellFormed() bool {
	states := 0
	if j.States != nil {
		states = *j.States
	}
	return j.File != "" && j.Test != "" && j.Model != "" && j.Error == "" &&
		min(int64(states), j.Positive, j.Negative, j.Executions) >= 0 && j.Executions == j.Positive+j.Negative &&
		j.observed() && j.reasoned() && j.decided()
}

// observed reports whether the counts have the observation. A result that is not complete may
// have that of the parts which are.
func (j *jsonResult) observed() bool {
	if j.States == nil { // Options.VerdictOnly stops at the first execution that decides
		return slices.Contains([]Observation{Always, Sometimes, Never, Unknown}, j.Observation)
	}
	return j.Observation == observe(j.Positive, j.Negative, j.Complete) || j.Observation == observe(j.Positive, j.Negative, true)
}

// decided reports whether some condition has the verdict with the counts, and a failure what
// fails.
func (j *jsonResult) decided() bool {
	if j.Failure != "" && j.Verdict != Fails || IsC(j.File) && j.Failure == "" && j.Verdict == Fails {
		return false
	}
	verdict := j.Verdict
	if verdict == Vacuous {
		verdict = Holds
	}
	return slices.ContainsFunc([]ir.Quantifier{ir.Exists, ir.NotExists, ir.ForAll}, func(q ir.Quantifier) bool {
		return decide(q, j.Positive, j.Negative, j.Complete) == verdict
	})
}

// reasoned reports whether there is a reason if there must be one: for a result that is not
// complete, or vacuous.
func (j *jsonResult) reasoned() bool {
	switch {
	case j.Verdict == Vacuous:
		return j.Complete && j.Reason != "" && (j.Executions == 0 || len(j.Covers) > 0)
	case j.Complete && j.Executions == 0:
		return true
	}
	return j.Complete == (j.Reason == "")
}

// result is the Result that j was made from, without its states.
func (j *jsonResult) result() *Result {
	r := &Result{
		File: j.File, Test: j.Test, Model: j.Model,
		Verdict: j.Verdict, Observation: j.Observation, Otherwise: j.Otherwise,
		Positive: j.Positive, Negative: j.Negative, Executions: j.Executions, Flags: j.Flags,
		Elapsed:  time.Duration(j.Seconds * float64(time.Second)),
		Complete: j.Complete, Reason: j.Reason, BoundHit: j.BoundHit,
		VerdictOnly: j.States == nil, NotApplicable: j.NotApplic,
		Safety: IsC(j.File),
	}
	if j.States != nil {
		r.stateCount = *j.States
	}
	if j.Failure != "" {
		r.Failure = &explore.Failure{Kind: explore.FailureKind(j.FailureKind), Text: j.Failure}
	}
	for _, c := range j.Covers {
		r.Covers = append(r.Covers, Cover{parsePlace(c.Place), c.Text, c.Status})
	}
	for _, x := range j.Races {
		r.Races = append(r.Races, DataRace{Access{parsePlace(x.Place), x.Text}, Access{parsePlace(x.OtherPlace), x.OtherText}})
	}
	if j.Error != "" {
		r.Err = errors.New(j.Error)
	}
	return r
}

// parsePlace reads file:line:col. Text of another form is the name of a file.
func parsePlace(s string) graph.Pos {
	i := strings.LastIndexByte(s, ':')
	k := strings.LastIndexByte(s[:max(i, 0)], ':')
	if k < 0 {
		return graph.Pos{File: s}
	}
	line, err := strconv.Atoi(s[k+1 : i])
	col, err2 := strconv.Atoi(s[i+1:])
	if err != nil || err2 != nil {
		return graph.Pos{File: s}
	}
	return graph.Pos{File: s[:k], Line: line, Col: col}
}
