package check

import (
	"testing"

	"crosscall/memmodel/internal/litmus"
)

func TestVerdictOfCounts(t *testing.T) {
	const all, cut = true, false
	for _, c := range []struct {
		quant              litmus.Quantifier
		positive, negative int64
		complete           bool
		want               Verdict
		observation        Observation
	}{
		{litmus.Exists, 0, 0, all, Fails, Never},
		{litmus.Exists, 0, 3, all, Fails, Never},
		{litmus.Exists, 2, 0, all, Holds, Always},
		{litmus.Exists, 2, 3, all, Holds, Sometimes},
		{litmus.Exists, 0, 0, cut, Incomplete, Unknown},
		{litmus.Exists, 0, 3, cut, Incomplete, Unknown},
		{litmus.Exists, 2, 0, cut, Holds, Unknown},
		{litmus.Exists, 2, 3, cut, Holds, Sometimes},

		{litmus.NotExists, 0, 0, all, Holds, Never},
		{litmus.NotExists, 0, 3, all, Holds, Never},
		{litmus.NotExists, 2, 0, all, Fails, Always},
		{litmus.NotExists, 2, 3, all, Fails, Sometimes},
		{litmus.NotExists, 0, 0, cut, Incomplete, Unknown},
		{litmus.NotExists, 0, 3, cut, Incomplete, Unknown},
		{litmus.NotExists, 2, 0, cut, Fails, Unknown},
		{litmus.NotExists, 2, 3, cut, Fails, Sometimes},

		{litmus.ForAll, 0, 0, all, Holds, Never},
		{litmus.ForAll, 0, 3, all, Fails, Never},
		{litmus.ForAll, 2, 0, all, Holds, Always},
		{litmus.ForAll, 2, 3, all, Fails, Sometimes},
		{litmus.ForAll, 0, 0, cut, Incomplete, Unknown},
		{litmus.ForAll, 0, 3, cut, Fails, Unknown},
		{litmus.ForAll, 2, 0, cut, Incomplete, Unknown},
		{litmus.ForAll, 2, 3, cut, Fails, Sometimes},
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
		quant              litmus.Quantifier
		positive, negative int64
		complete           bool
		want, or           Observation
	}{
		{litmus.Exists, 1, 0, true, Sometimes, Always},
		{litmus.Exists, 0, 0, true, Never, Unknown},
		{litmus.Exists, 0, 0, false, Unknown, Unknown},
		{litmus.NotExists, 1, 0, true, Sometimes, Always},
		{litmus.NotExists, 0, 0, true, Never, Unknown},
		{litmus.ForAll, 0, 1, true, Sometimes, Never},
		{litmus.ForAll, 1, 0, true, Always, Unknown},
		{litmus.ForAll, 0, 0, true, Never, Unknown},
		{litmus.ForAll, 0, 0, false, Unknown, Unknown},
	} {
		got, or := observeOne(c.quant, c.positive, c.negative, c.complete)
		if got != c.want || or != c.or {
			t.Errorf("quantifier %v, %d positive, %d negative, complete %t: %q or %q, want %q or %q",
				c.quant, c.positive, c.negative, c.complete, got, or, c.want, c.or)
		}
	}
}
