package page

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"crosscall/proofs"
)

// A Stop of the tour is a question of the review of 2011.
type Stop struct {
	ID     string    `json:"id"` // "Q4"
	Asks   string    `json:"asks"`
	Answer string    `json:"answer"`
	Looks  []Example `json:"looks"` // what decides, to look at and to change
}

// tour lists the questions, each with the cases that decide it, those that go wrong first,
// and with what it boils down to as a litmus test.
func (s *Site) tour() ([]Stop, error) {
	var stops []Stop
	for _, q := range proofs.Questions() {
		stop := Stop{ID: q.ID, Asks: q.Asks, Answer: q.Answer}
		var fine []Example
		for _, c := range proofs.Cases() {
			if c.Question != q.ID || c.Large || c.RaceFree {
				continue // it takes long, or asks for what the page cannot
			}
			look, err := s.look(&c)
			if err != nil {
				return nil, err
			}
			if len(c.Fails) > 0 {
				stop.Looks = append(stop.Looks, look)
			} else {
				fine = append(fine, look)
			}
		}
		litmus, err := s.boiledDown(q.ID)
		if err != nil {
			return nil, err
		}
		stop.Looks = slices.Concat(stop.Looks, fine, litmus)
		stops = append(stops, stop)
	}
	return stops, nil
}

// look is a case, under one model that decides and all the others.
func (s *Site) look(c *proofs.Case) (Example, error) {
	text, err := c.Source()
	if err != nil {
		return Example{}, err
	}
	models := c.Models
	if models == nil {
		models = proofs.Models()
	}
	expect, words := "holds", "holds"
	if len(c.Fails) > 0 {
		expect, words = "fails", "fails under "+strings.Join(c.Fails, ", ")
		models = slices.Clone(models)
		slices.SortStableFunc(models, func(a, b string) int { return rankOf(c, a) - rankOf(c, b) })
	}
	return Example{
		Title: c.Name() + " (" + strings.Join(slices.Concat([]string{c.Scenario}, slices.Sorted(maps.Keys(c.Defines))), " ") + ")",
		About: fmt.Sprintf("%s: %s. %s.", c.Property, words, c.Bound()),
		File:  c.File(), Source: s.text(text), Cat: -1, Models: models, Defines: c.Macros(), Expect: expect,
	}, nil
}

// rankOf puts first the models under which a case fails.
func rankOf(c *proofs.Case, model string) int {
	if slices.Contains(c.Fails, model) {
		return 0
	}
	return 1
}

// boiledDown lists the litmus tests of a question.
func (s *Site) boiledDown(id string) (list []Example, err error) {
	number := strings.TrimPrefix(id, "Q")
	names, err := fs.Glob(proofs.Litmus(), fmt.Sprintf("Q%02s-*.litmus", number))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := fs.ReadFile(proofs.Litmus(), name)
		if err != nil {
			return nil, err
		}
		list = append(list, Example{
			Title: "boiled down: " + strings.TrimSuffix(path.Base(name), ".litmus"), About: "The question as a litmus test.",
			File: name, Source: s.text(string(text)), Cat: -1, Models: proofs.Models(),
		})
	}
	return list, nil
}
