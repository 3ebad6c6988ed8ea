package proofs

import "slices"

// Models are the models under which the questions are explored: the kernel's,
// and machines with the kernel's own mapping of its primitives.
func Models() []string { return slices.Clone(models) }

var models = []string{"lkmm", "x86-tso", "armv8", "power", "riscv", "alpha"}

// Those that reorder reads. On Alpha the kernel's READ_ONCE has had a barrier
// behind it since Linux 4.15.
var weak = []string{"lkmm", "armv8", "power", "riscv"}

// scenarios are bounds in words, by the file of the scenario.
var scenarios = map[string]string{
	"interrupt": "2 CPUs: 1 call to 1 CPU, which walks at its IPI",
	"merged":    "3 CPUs: 1 call to 1 CPU, whose IPI another CPU's may swallow; it walks once",
	"mask":      "3 CPUs: 1 call to 2 CPUs, each with 1 walk at its IPI",
	"reuse":     "3 CPUs: 1 call that ends and 1 that begins, by one record; 2 CPUs walk, once each, unasked",
	"last":      "3 CPUs: 1 call to 2 CPUs that ends and 1 that begins, by one record; 2 CPUs walk once each",
	"moved":     "3 CPUs: 2 records, one of which ends a call and begins another; 2 CPUs walk once each",
	"twice":     "3 CPUs: 2 calls by one record, to 2 CPUs and to 1, from beginning to end; 1 walk at each IPI",
	"unasked":   "3 CPUs: 2 calls by one record, to 2 CPUs and to 1, from beginning to end; 1 walk at each IPI and 1 unasked",
	"wait":      "2 CPUs: 1 call to 1 CPU, which walks at its IPI",
	"senders":   "3 CPUs: 2 calls by 2 records to 1 CPU, which walks at each IPI",
	"three":     "4 CPUs: 1 call to 3 CPUs, each with 1 walk at its IPI",
	"targets":   "3 CPUs: 1 call to 2 CPUs, which walk once each, unasked",
}

// right is the property of most questions.
const right = "a CPU runs a function only when it is called, once, with the info that goes with it"

// define returns macros of a scenario with the value 1.
func define(names ...string) map[string]string {
	all := map[string]string{}
	for _, name := range names {
		all[name] = "1"
	}
	return all
}

// Cases lists them in the order of the questions.
func Cases() []Case {
	return slices.Concat(maskCases(), ipiCases(), barrierCases(), listCases(), atomicCases(), reuseCases(), lifeCases(), waitCases())
}

// lifeCases are those of Q11 to Q13.
func lifeCases() []Case {
	const (
		once   = "each target runs each call once, before the wait for it ends, and the record is then free"
		noRace = "nothing is written while it is read: there is no data race"
		asked  = "a CPU runs the call that it is interrupted for"
		ends   = "every wait for a record ends, and all records are free and off the list"
	)
	lkmm := []string{"lkmm"}
	butAlpha := []string{"lkmm", "x86-tso", "armv8", "power", "riscv"} // it takes minutes there
	return []Case{
		{Question: "Q11", Variant: "V3", Scenario: "last", Defines: define("CHECK_RAN", "ANY_CALL", "NO_WARN"),
			Property: "each target has run the call when the wait for it ends"},
		{Question: "Q11", Variant: "V3", Scenario: "three", Property: once, Large: true},
		{Question: "Q11", Variant: "V3", Scenario: "twice", Property: once, Large: true},
		{Question: "Q11", Variant: "V3", Scenario: "unasked", Property: once, Models: butAlpha, Large: true},
		{Question: "Q11", Variant: "V3", Scenario: "reuse", Property: noRace, Models: lkmm, RaceFree: true, Fails: lkmm},
		{Question: "Q11", Variant: "V3", Change: "with next marked in list_add_rcu", Edits: []Edit{markedNext},
			Scenario: "reuse", Property: noRace, Models: lkmm, RaceFree: true},
		{Question: "Q12", Variant: "V3", Scenario: "moved", Property: asked},
		{Question: "Q12", Variant: "V3", Change: "adding at the tail", Edits: []Edit{atTheTail}, Scenario: "moved",
			Property: asked, Fails: models},
		{Question: "Q13", Variant: "V3", Scenario: "senders", Property: ends},
	}
}

// waitCases are those of Q14 and Q15.
func waitCases() []Case {
	const (
		sees  = "the caller sees what the function wrote"
		same  = "the layer below gets the mask that refs was counted from"
		some  = "the layer below gets a mask that is not empty"
		apart = "with a copy from before publishing"
	)
	private := []Edit{privateMask, sendPrivate}
	six := map[string]string{"CHECK_SAME": "(CPU(1) | CPU(2))"}
	return []Case{
		{Question: "Q14", Variant: "V3", Scenario: "wait", Property: sees, Fails: weak},
		{Question: "Q14", Variant: "V3", Change: "with an acquire in csd_lock_wait", Edits: []Edit{lockAcquire}, Scenario: "wait", Property: sees},
		{Question: "Q15", Variant: "V3", Scenario: "targets", Defines: six, Property: same, Fails: models},
		{Question: "Q15", Variant: "V3", Change: apart, Edits: private, Scenario: "targets", Defines: six, Property: same},
		{Question: "Q15", Variant: "V3", Scenario: "targets", Defines: define("CHECK_NOT_EMPTY"), Property: some, Fails: models},
		{Question: "Q15", Variant: "V3", Change: apart, Edits: private, Scenario: "targets", Defines: define("CHECK_NOT_EMPTY"), Property: some},
	}
}
