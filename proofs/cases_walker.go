package proofs

// barrierCases are those of Q3 to Q5: the values that a CPU sees in a record
// that is being reused.
func barrierCases() []Case {
	const (
		same  = "two loads of func see the same, and it is the function of the call"
		today = right + "; list_add_rcu publishes by a store-release, as it does today"
		cure  = "with smp_rmb after the test of refs"
	)
	release := define("LIST_ADD_RELEASE")
	list := []Case{
		{Question: "Q3", Variant: "V3"},
		{Question: "Q3", Variant: "V3", Change: "with smp_mb there", Edits: []Edit{mbForRMB}},
		{Question: "Q3", Variant: "V3", Change: "with nothing there", Edits: []Edit{noBarrier}, Fails: weak},
		{Question: "Q3", Variant: "VR"},
		{Question: "Q3", Variant: "VR", Change: "with smp_rmb there", Edits: []Edit{rmbForMB}},
		{Question: "Q3", Variant: "VR", Change: "with nothing there", Edits: []Edit{noBarrierVR}, Fails: weak},

		{Question: "Q4", Variant: "V1", Fails: weak},
		{Question: "Q4", Variant: "V1", Change: cure, Edits: []Edit{rmbAfterRefs}},
		{Question: "Q4", Variant: "V2"},
		{Question: "Q4", Variant: "V3"},
		{Question: "Q4", Variant: "V1", Change: cure, Edits: []Edit{rmbAfterRefs}, Defines: release, Property: today,
			Fails: []string{"lkmm", "armv8"}},
		{Question: "Q4", Variant: "V3", Defines: release, Property: today},

		{Question: "Q5", Variant: "V1", Edits: []Edit{loadTwiceV1}, Property: same, Fails: weak},
		{Question: "Q5", Variant: "V1", Change: cure, Edits: []Edit{rmbAfterRefs, loadTwiceV1}, Property: same},
		{Question: "Q5", Variant: "V3", Edits: []Edit{loadTwice}, Property: same},
		{Question: "Q5", Variant: "V1", Change: "loading func once", Edits: []Edit{loadOnceV1}, Fails: weak},
	}
	return inReuse(list)
}

// inReuse completes cases of the scenario reuse.
func inReuse(list []Case) []Case {
	for i := range list {
		list[i].Scenario = "reuse"
		if list[i].Property == "" {
			list[i].Property = right
		}
	}
	return list
}

// listCases are those of Q6.
func listCases() []Case {
	const onList = "a record that is taken off the list is on it"
	alone := define("ANY_CALL", "NO_WARN")
	return inReuse([]Case{
		{Question: "Q6", Variant: "V0", Defines: alone, Property: onList, Fails: models},
		{Question: "Q6", Variant: "V1", Defines: alone, Property: onList},
	})
}

// atomicCases are those of Q7.
func atomicCases() []Case {
	var list []Case
	ask := func(property string, defines []string, bothRelaxed, decRelaxed []string, large bool) {
		for _, change := range []struct {
			words string
			edits []Edit
			fails []string
		}{
			{"", nil, nil},
			{"with test_and_clear relaxed", []Edit{relaxedClear}, nil},
			{"with dec_return relaxed", []Edit{relaxedDec}, decRelaxed},
			{"with both relaxed", []Edit{relaxedClear, relaxedDec}, bothRelaxed},
		} {
			list = append(list, Case{Question: "Q7", Variant: "V3", Change: change.words, Edits: change.edits, Scenario: "last",
				Defines: define(defines...), Property: property, Fails: change.fails, Large: large && change.words != ""})
		}
	}
	ask("the second call keeps the bit that is set for it", []string{"CHECK_CLEAR", "ANY_CALL", "NO_WARN"}, nil, nil, true)
	ask("what a function has done is seen when the record is given back", []string{"CHECK_RAN", "ANY_CALL", "NO_WARN"}, weak, nil, false)
	ask("cpumask is empty when refs is zero: no warning", []string{"ANY_CALL"}, weak, weak, false)
	return list
}

// reuseCases are those of Q8 to Q10.
func reuseCases() []Case {
	const (
		light   = "with light barriers"
		lightly = right + "; acquire and release in csd_lock and csd_unlock, and a count that is a release"
		plain   = right + "; the words of a cpumask are read and written by plain accesses, as they are in C"
		counted = right + "; refs is never less than zero"
	)
	other := map[string]string{"TARGETS2": "CPU(2)", "NO_WARN": "1"}
	quiet := define("NO_WARN")
	return inReuse([]Case{
		{Question: "Q8", Variant: "V3", Defines: other},
		{Question: "Q8", Variant: "V3", Change: "with a copy of the online mask, then and", Edits: []Edit{twoStores},
			Defines: other, Fails: models},
		{Question: "Q8", Variant: "V3", Defines: define("PLAIN_MASK"), Property: plain, Fails: []string{"lkmm"}},

		{Question: "Q9", Variant: "V3"},
		{Question: "Q9", Variant: "V3", Change: "without refs := 0", Edits: []Edit{noZero}},
		{Question: "Q9", Variant: "V3", Change: light, Edits: lightEdits, Defines: quiet, Property: lightly},
		{Question: "Q9", Variant: "V3", Change: light + ", without refs := 0", Edits: append([]Edit{noZero}, lightEdits...),
			Defines: quiet, Property: lightly, Fails: []string{"lkmm"}},

		{Question: "Q10", Variant: "V3", Property: counted},
		{Question: "Q10", Variant: "V3", Change: "with a count by load and store under a lock", Edits: []Edit{splitDec}, Property: counted},
	})
}
