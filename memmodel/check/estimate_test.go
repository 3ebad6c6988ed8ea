package check

import (
	"context"
	"strings"
	"testing"

	"crosscall/memmodel/internal/explore"
)

func TestEstimates(t *testing.T) {
	m := lkmm(t)
	b := &Batch{Models: nil, Files: nil}
	b.Models = append(b.Models, m)
	files, err := Find([]string{"../../examples/litmus/message.litmus"})
	if err != nil {
		t.Fatal(err)
	}
	b.Files = files
	var out strings.Builder
	if err := b.Estimates(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "Estimate message lkmm: 4 executions, give or take 0 ("; !strings.HasPrefix(got, want) {
		t.Errorf("got %q, want it to begin with %q", got, want)
	}
}

func TestEstimateInWords(t *testing.T) {
	for _, c := range []struct {
		e            explore.Estimate
		says, shorts string
	}{
		{explore.Estimate{Executions: 5040, Probes: 100, Reached: 100}, "5040 executions, give or take 0 (100 probes, 100 reach one)", " of some 5040"},
		{explore.Estimate{Executions: 34211.4, Error: 1234.5, Probes: 100, Reached: 80}, "34200 executions, give or take 2500 (100 probes, 80 reach one)", " of some 34200"},
		{explore.Estimate{Executions: 10, Error: 9, Probes: 100, Reached: 50}, "10 executions, give or take 18 (100 probes, 50 reach one); not to be trusted: the probes differ too much", " (of how many cannot be estimated)"},
		{explore.Estimate{Probes: 7}, "0 executions, give or take 0 (7 probes, 0 reach one); not to be trusted: few probes reach an execution", " (of how many cannot be estimated)"},
		{explore.Estimate{Executions: 4, Probes: 50, Reached: 50, BoundHit: true}, "4 executions, give or take 0 (50 probes, 50 reach one); not to be trusted: loops go on beyond the bound", " (of how many cannot be estimated)"},
	} {
		e := Estimate{c.e}
		if e.String() != c.says || of(&e) != c.shorts {
			t.Errorf("%+v: %q, %q; want %q, %q", c.e, e, of(&e), c.says, c.shorts)
		}
	}
	if of(nil) != "" {
		t.Error("an estimate that is not there is in the line of progress")
	}
}
