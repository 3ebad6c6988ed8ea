package proofs

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"strings"
)

// A Case is a variant of the protocol in a scenario, with a property that no
// execution may violate.
type Case struct {
	Question string
	Variant  string            // "V3"; its file is protocol/v3.c
	Change   string            // the change to it, in words; "" if there is none
	Edits    []Edit            // the same change, as edits of the text
	Scenario string            // protocol/SCENARIO.h
	Defines  map[string]string // of the scenario
	Property string
	// Fails are the models under which the property is expected to fail.
	Fails []string
	// Models, if not nil, are the models under which the question makes sense.
	Models []string
	// RaceFree: a data race that the model flags is a failure, too.
	RaceFree bool
	// Large cases are left out of the quick form.
	Large bool
}

// An Edit replaces text that a variant has exactly once.
type Edit struct{ Old, New string }

// Name is the variant with its change.
func (c *Case) Name() string {
	if c.Change == "" {
		return c.Variant
	}
	return c.Variant + " " + c.Change
}

// Bound says how much is explored.
func (c *Case) Bound() string { return scenarios[c.Scenario] }

//go:embed protocol
var protocolFiles embed.FS

// Files has the headers that a case's source includes.
func Files() fs.FS {
	files, err := fs.Sub(protocolFiles, "protocol")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return files
}

//go:embed litmus
var litmusFiles embed.FS

// Litmus has what some of the questions boil down to, as litmus tests whose names begin
// with the question's: Q04-v1.litmus.
func Litmus() fs.FS {
	files, err := fs.Sub(litmusFiles, "litmus")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return files
}

// File is the name of the variant's file.
func (c *Case) File() string { return strings.ToLower(c.Variant) + ".c" }

// Source is the text of the variant, with the edits.
func (c *Case) Source() (string, error) {
	text, err := fs.ReadFile(Files(), c.File())
	if err != nil {
		return "", err
	}
	src := string(text)
	for _, e := range c.Edits {
		if n := strings.Count(src, e.Old); n != 1 {
			return "", fmt.Errorf("%s: %s: %q is there %d times, not once", c.Question, c.File(), e.Old, n)
		}
		src = strings.Replace(src, e.Old, e.New, 1)
	}
	return src, nil
}

// Macros are the definitions that the source is read with.
func (c *Case) Macros() map[string]string {
	all := maps.Clone(c.Defines)
	if all == nil {
		all = map[string]string{}
	}
	all["SCENARIO"] = fmt.Sprintf("%q", c.Scenario+".h")
	return all
}
