package rel

// closure makes a+.
func (c *compiler) closure(a int32) int32 {
	if at, ok := c.communication(a); ok {
		return at
	}
	return c.add(node{op: iPlus, args: []int32{a}})
}

// communication returns, for a union of rf, co and fr, the union that is its transitive
// closure, which C11 calls extended coherence order and other models com+.
//
// Claim: (rf | co | fr)+ is rf | co | fr | co ; rf | fr ; rf. Proof: rf leads from writes
// to reads, co from writes to writes, fr from reads to writes, and no event is both. So the
// only step after rf is fr, and rf ; fr is rf ; rf^-1 ; co, which is co because a read has
// one source. After co and fr, a step is co, which adds nothing because co is transitive, or
// rf. After that rf comes fr, which makes co again: co ; rf ; fr is within co ; co, and fr ;
// rf ; fr within fr ; co. This holds for every part of rf and co as long as co is
// transitive. Smallest execution: two reads that read the initial write of x, and one write
// to x, which is after both in fr and makes no cycle.
func (c *compiler) communication(at int32) (int32, bool) {
	fr, _ := c.base("fr")
	want := map[int32]bool{c.rf: true, c.co: true, fr: true}
	for _, x := range c.flatten(at, nil) {
		if x != c.rf && x != c.co && x != fr {
			return 0, false
		}
		delete(want, x)
	}
	if len(want) > 0 {
		return 0, false
	}
	seq := func(a int32) int32 { return c.add(node{op: iSeq, args: []int32{a, c.rf}}) }
	return c.add(node{op: iUnion, args: []int32{c.rf, c.co, fr, seq(c.co), seq(fr)}}), true
}
