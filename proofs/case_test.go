package proofs

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"crosscall/internal/golden"
)

// Edits change the text that they name, and no line numbers.
func TestEdits(t *testing.T) {
	for _, c := range Cases() {
		got, err := c.Source()
		if err != nil {
			t.Error(err)
			continue
		}
		plain, err := (&Case{Variant: c.Variant}).Source()
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Edits) > 0 == (got == plain) {
			t.Errorf("%s, %s: the edits change nothing", c.Question, c.Name())
		}
		if strings.Count(got, "\n") != strings.Count(plain, "\n") {
			t.Errorf("%s, %s: the edits move lines", c.Question, c.Name())
		}
	}
	c := Case{Question: "Q1", Variant: "V3", Edits: []Edit{{"smp_mb();", ""}}}
	if _, err := c.Source(); err == nil || err.Error() != `Q1: v3.c: "smp_mb();" is there 4 times, not once` {
		t.Errorf("an edit that is not clear: %v", err)
	}
}

// Every question has cases, and every scenario and every variant is used.
func TestCasesAreWhole(t *testing.T) {
	asked := map[string]bool{}
	used := map[string]bool{"unasked.h": true, "call.h": true, "harness.h": true}
	for _, c := range Cases() {
		asked[c.Question] = true
		used[c.File()], used[c.Scenario+".h"] = true, true
		if c.Bound() == "" {
			t.Errorf("%s: the scenario %s has no bound in words", c.Question, c.Scenario)
		}
		for _, m := range append(c.Fails, c.Models...) {
			if !slices.Contains(models, m) {
				t.Errorf("%s: no model %s", c.Question, m)
			}
		}
	}
	for _, q := range Questions() {
		if !asked[q.ID] {
			t.Errorf("nothing asks %s", q.ID)
		}
	}
	files, err := fs.Glob(Files(), "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if !used[name] {
			t.Errorf("nothing uses %s", name)
		}
	}
}

// The answers, with the expected verdicts below them, as a document.
func TestAnswers(t *testing.T) {
	var b strings.Builder
	for _, q := range questions {
		var rows []Row
		for _, c := range Cases() {
			for _, m := range models {
				if c.Question == q.ID && (c.Models == nil || slices.Contains(c.Models, m)) {
					row := c.row(m)
					row.Verdict = row.Expected
					rows = append(rows, row)
				}
			}
		}
		writeBlock(&b, rows)
	}
	text := regexp.MustCompile(` *(executions  seconds|0     0\.00)\n`).ReplaceAllString(b.String(), "\n")
	golden.Compare(t, "testdata/answers.txt", text)
}
