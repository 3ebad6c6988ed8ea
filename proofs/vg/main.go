//go:build gocheck

package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"time"

	"crosscall/gocheck"
)

func main() {
	quick := flag.Bool("quick", false, "leave out large cases")
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(), "usage: go run -tags gocheck ./proofs/vg [-quick] [DESIGN/SCENARIO ...]\n")
		flag.PrintDefaults()
	}
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	if flag.NArg() > 0 {
		err = show(ctx, flag.Args())
	} else {
		err = prove(ctx, *quick)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// A row is a line of the output, as crosscall prove has them.
type row struct {
	Question   string  `json:"question"`
	Variant    string  `json:"variant"`
	Model      string  `json:"model"`
	Property   string  `json:"property"`
	Verdict    string  `json:"verdict"`
	Executions int64   `json:"executions"`
	Bound      string  `json:"bound"`
	Seconds    float64 `json:"seconds"`
}

// prove explores the scenarios and prints a row for each question and design.
// Failures are printed on the standard error.
func prove(ctx context.Context, quick bool) error {
	var rows []row
	for _, d := range designs {
		found := d.explore(ctx, quick)
		for _, q := range questions {
			if r, ok := d.row(q, found); ok {
				rows = append(rows, r)
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int { return order(a.Question) - order(b.Question) })
	out := json.NewEncoder(os.Stdout)
	for _, r := range rows {
		if err := out.Encode(r); err != nil {
			return err
		}
	}
	return nil
}

func order(id string) int {
	return slices.IndexFunc(questions, func(q question) bool { return q.id == id })
}

// A finding is the result of a scenario.
type finding struct {
	*scenario
	gocheck.Result
}

func (d *design) explore(ctx context.Context, quick bool) []finding {
	var list []finding
	for i := range d.scenarios {
		s := &d.scenarios[i]
		if quick && s.large {
			continue
		}
		r := s.explore(ctx)
		if !r.Complete {
			fmt.Fprintf(os.Stderr, "%s/%s: %s\n", d.name, s.name, told(r))
		}
		list = append(list, finding{s, r})
	}
	return list
}

const tooLong = 10 * time.Minute // something is wrong: the scenarios are small

func (s *scenario) explore(ctx context.Context) gocheck.Result {
	r, err := gocheck.Explore(ctx, gocheck.Options{Timeout: tooLong}, s.body)
	if err != nil {
		panic(err) // the options are constant
	}
	return r
}

func told(r gocheck.Result) string {
	if r.Failure != nil {
		return r.Failure.String()
	}
	return r.String()
}

// row summarizes the results of a design's scenarios for a question. ok is false
// if no scenario is for it.
func (d *design) row(q question, found []finding) (r row, ok bool) {
	r = row{Question: q.id, Variant: "VG", Model: "go", Property: d.name + ": " + q.property, Verdict: "holds"}
	n := 0
	for _, f := range found {
		if q.own && !slices.Contains(f.asks, q.id) {
			continue
		}
		n++
		r.Executions += f.Executions
		r.Seconds += f.Elapsed.Seconds()
		if r.Verdict != "fails" && !f.Complete {
			r.Verdict = f.Verdict()
		}
	}
	r.Bound = fmt.Sprintf("%s; programs: %d", d.bound, n)
	return r, n > 0
}

// show explores the named scenarios and prints the result of each.
func show(ctx context.Context, names []string) error {
	failed := false
	for _, name := range names {
		s, err := find(name)
		if err != nil {
			return err
		}
		r := s.explore(ctx)
		failed = failed || !r.Complete
		fmt.Printf("%s: %s\n", name, told(r))
	}
	if failed {
		os.Exit(1)
	}
	return nil
}

func find(name string) (*scenario, error) {
	var names string
	for _, d := range designs {
		for i := range d.scenarios {
			s := &d.scenarios[i]
			if d.name+"/"+s.name == name {
				return s, nil
			}
			names += "\n  " + d.name + "/" + s.name
		}
	}
	return nil, fmt.Errorf("no scenario %q; there are:%s", name, names)
}
