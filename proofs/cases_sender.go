package proofs

// maskCases are those of Q1.
func maskCases() []Case {
	const ends = "the call ends, and each CPU that is called runs it once"
	one := func(variant string, fails []string, defines ...string) Case {
		return Case{Question: "Q1", Variant: variant, Scenario: "mask", Defines: define(defines...), Property: ends, Fails: fails}
	}
	fixed := func(c Case) Case {
		c.Property = ends + "; nobody changes the mask"
		return c
	}
	return []Case{
		one("V2", models),
		one("VR", models, "IPI_ORDERS"),
		one("V3", nil),
		fixed(one("V2", nil, "CONSTANT_MASK")),
		fixed(one("VR", nil, "CONSTANT_MASK", "IPI_ORDERS")),
	}
}

// ipiCases are those of Q2.
func ipiCases() []Case {
	const (
		orders  = "a CPU that is interrupted finds the call; an IPI orders like a message with a full barrier on each side"
		nothing = "a CPU that is interrupted finds the call; an IPI orders nothing"
		locks   = "a CPU that is interrupted finds the call; an IPI orders nothing, and the layer below takes a lock for it"
		merged  = "a CPU that is interrupted once by two IPIs finds the call; an IPI orders nothing, and the layer below takes a lock for it"
	)
	var list []Case
	add := func(variant, change, scenario, property string, fails []string, defines []string, edits ...Edit) {
		list = append(list, Case{Question: "Q2", Variant: variant, Change: change, Edits: edits, Scenario: scenario,
			Defines: define(defines...), Property: property, Fails: fails})
	}
	ordered := []string{"IPI_ORDERS"}
	locked := []string{"IPI_LOCKS"}
	const noSend, noTop = "without smp_mb before the IPI", "without smp_mb in the handler"
	add("V3", "", "interrupt", orders, nil, ordered)
	add("V3", noSend, "interrupt", orders, nil, ordered, noSendBarrier)
	add("V3", noTop, "interrupt", orders, nil, ordered, noTopBarrier)
	add("VR", "", "interrupt", orders, nil, ordered)
	add("V3", "", "interrupt", nothing, nil, nil)
	add("V3", noSend, "interrupt", nothing, []string{"lkmm", "armv8"}, nil, noSendBarrier)
	add("V3", noTop, "interrupt", nothing, weak, nil, noTopBarrier)
	add("VR", "", "interrupt", nothing, []string{"lkmm", "armv8"}, nil)
	add("V3", noSend, "interrupt", locks, nil, locked, noSendBarrier)
	add("VR", "", "interrupt", locks, nil, locked)
	add("V3", "", "merged", merged, nil, locked)
	add("VR", "", "merged", merged, []string{"lkmm", "power"}, locked)
	return list
}
