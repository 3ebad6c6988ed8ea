package check

import "crosscall/memmodel/internal/ir"

// A Verdict says whether a test's own condition holds: "exists" holds if there
// is a witness, "~exists" if there is none, "forall" if every execution is one.
type Verdict string

const (
	Holds      Verdict = "holds"
	Fails      Verdict = "fails"
	Incomplete Verdict = "incomplete" // not known: see Result.Reason
	Vacuous    Verdict = "vacuous"    // it would hold, but in vain: see Result.Reason
	Error      Verdict = "error"      // the test could not be run: see Result.Err
)

// An Observation says in how many of the executions a test's proposition
// (without its quantifier) is true. Unknown is that of an incomplete run which
// has seen only executions in which it is true, or only such in which it is
// false.
type Observation string

const (
	Always    Observation = "Always"
	Sometimes Observation = "Sometimes"
	Never     Observation = "Never"
	Unknown   Observation = ""
)

// decide returns the verdict for a condition that was true in positive
// executions and false in negative ones. If all executions were seen, the
// verdict is known. If not, only a witness or a counterexample decides:
//
//	           a positive one   a negative one   neither
//	exists     holds            -                incomplete
//	~exists    fails            -                incomplete
//	forall     -                fails            incomplete
func decide(q ir.Quantifier, positive, negative int64, complete bool) Verdict {
	switch {
	case q == ir.Exists && positive > 0:
		return Holds
	case q == ir.NotExists && positive > 0, q == ir.ForAll && negative > 0:
		return Fails
	case !complete:
		return Incomplete
	case q == ir.Exists:
		return Fails
	}
	return Holds
}

// observe is the observation for the counts, as in herd. A test without any
// execution is "Never", as in herd.
func observe(positive, negative int64, complete bool) Observation {
	switch {
	case positive > 0 && negative > 0:
		return Sometimes
	case !complete:
		return Unknown
	case positive == 0:
		return Never
	}
	return Always
}

// observeOne is the observation of a run that stopped at the first execution
// that decides the condition, if it found one. After one, Sometimes is
// reported; otherwise is the observation that it would be if all other
// executions were alike.
func observeOne(q ir.Quantifier, positive, negative int64, complete bool) (o, otherwise Observation) {
	switch {
	case q == ir.ForAll && negative > 0:
		return Sometimes, Never
	case q != ir.ForAll && positive > 0:
		return Sometimes, Always
	}
	return observe(positive, negative, complete), Unknown
}
