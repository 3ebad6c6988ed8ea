//go:build gocheck

package main

import (
	"flag"
	"testing"

	"crosscall/gocheck"
)

var full = flag.Bool("full", false, "explore the large scenarios too")

func TestScenarios(t *testing.T) {
	for _, d := range designs {
		for _, s := range d.scenarios {
			t.Run(d.name+"/"+s.name, func(t *testing.T) {
				if s.large && !*full {
					t.Skip("large: use -full")
				}
				t.Log(gocheck.Check(t, gocheck.Options{}, s.body))
			})
		}
	}
}

// Each question gets its row, and each name leads to its scenario.
func TestRows(t *testing.T) {
	asked := map[string]bool{}
	for _, d := range designs {
		seen := map[string]bool{}
		var found []finding
		for i := range d.scenarios {
			s := &d.scenarios[i]
			if got, err := find(d.name + "/" + s.name); err != nil || got != s || seen[s.name] {
				t.Errorf("%s/%s: %v, or there are two of that name", d.name, s.name, err)
			}
			seen[s.name] = true
			for _, id := range s.asks {
				if order(id) < 0 {
					t.Errorf("%s: no question %s", s.name, id)
				}
			}
			found = append(found, finding{s, gocheck.Result{Executions: 1}})
		}
		for _, q := range questions {
			r, ok := d.row(q, found)
			asked[q.id] = asked[q.id] || ok
			if ok && r.Verdict != "incomplete" {
				t.Errorf("%s: %q, and nothing was complete", q.id, r.Verdict)
			}
		}
	}
	for _, q := range questions {
		if !asked[q.id] {
			t.Errorf("%s is asked of no scenario", q.id)
		}
	}
	if _, err := find("lanes/none"); err == nil {
		t.Error("found what is not there")
	}
}
