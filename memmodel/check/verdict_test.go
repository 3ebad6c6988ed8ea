package check

import (
	"testing"

	"crosscall/memmodel/internal/ir"
)

func TestVerdictOfCounts(t *testing.T) {
	const all, cut = true, false
	for _, c := range []struct {
		quant              ir.Quantifier
		positive, negative int64
		complete           bool
		want               Verdict
		observation        Observation
	}{
		{ir.Exists, 0, 0, all, Fails, Never},
		{ir.Exists, 0, 3, all, Fails, Never},
		{ir.Exists, 2, 0, all, Holds, Always},
		{ir.Exists, 2, 3, all, Holds, Sometimes},
		{ir.Exists, 0, 0, cut, Incomplete, Unknown},
		{ir.Exists, 0, 3, cut, Incomplete, Unknown},
		{ir.Exists, 2, 0, cut, Holds, Unknown},
		{ir.Exists, 2, 3, cut, Holds, Sometimes},

		{ir.NotExists, 0, 0, all, Holds, Never},
		{ir.NotExists, 0, 3, all, Holds, Never},
		{ir.NotExists, 2, 0, all, Fails, Always},
		{ir.NotExists, 2, 3, all, Fails, Sometimes},
		{ir.NotExists, 0, 0, cut, Incomplete, Unknown},
		{ir.NotExists, 0, 3, cut, Incomplete, Unknown},
		{ir.NotExists, 2, 0, cut, Fails, Unknown},
		{ir.NotExists, 2, 3, cut, Fails, Sometimes},

		{ir.ForAll, 0, 0, all, Holds, Never},
		{ir.ForAll, 0, 3, all, Fails, Never},
		{ir.ForAll, 2, 0, all, Holds, Always},
		{ir.ForAll, 2, 3, all, Fails, Sometimes},
		{ir.ForAll, 0, 0, cut, Incomplete, Unknown},
		{ir.ForAll, 0, 3, cut, Fails, Unknown},
		{ir.ForAll, 2, 0, cut, Incomplete, Unknown},
		{ir.ForAll, 2, 3, cut, Fails, Sometimes},
	} {
		verdict := decide(c.quant, c.positive, c.negative, c.complete)
		observation := observe(c.positive, c.negative, c.complete)
		if verdict != c.want || observation != c.observation {
			t.Errorf("quantifier %v, %d positive, %d negative, complete %t: %s %q, want %s %q",
				c.quant, c.positive, c.negative, c.complete, verdict, observation, c.want, c.observation)
		}
	}
}

func TestObservationOfOneExecution(t *testing.T) {
	for _, c := range []struct {
		quant              ir.Quantifier
		positive, negative int64
		complete           bool
		want, or           Observation
	}{
		{ir.Exists, 1, 0, true, Sometimes, Always},
		{ir.Exists, 0, 0, true, Never, Unknown},
		{ir.Exists, 0, 0, false, Unknown, Unknown},
		{ir.NotExists, 1, 0, true, Sometimes, Always},
		{ir.NotExists, 0, 0, true, Never, Unknown},
		{ir.ForAll, 0, 1, true, Sometimes, Never},
		{ir.ForAll, 1, 0, true, Always, Unknown},
		{ir.ForAll, 0, 0, true, Never, Unknown},
		{ir.ForAll, 0, 0, false, Unknown, Unknown},
	} {
		got, or := observeOne(c.quant, c.positive, c.negative, c.complete)
		if got != c.want || or != c.or {
			t.Errorf("quantifier %v, %d positive, %d negative, complete %t: %q or %q, want %q or %q",
				c.quant, c.positive, c.negative, c.complete, got, or, c.want, c.or)
		}
	}
}
