package rel

// Models define propagation as x ; h*, where h must be acyclic by an earlier
// check, and use h* ; (x ; h*)*. With u = h | x,
//
//	h* ; (x ; h*)*  is  u*
//	h and x ; h* are acyclic  if and only if  u is
//
// So u+ is enough: neither x ; h* nor its closure is needed.

// starOf returns x if i is x*.
func (c *compiler) starOf(i int32) (x int32, ok bool) {
	if n := &c.nodes[i]; n.op == iOpt && c.nodes[n.args[0]].op == iPlus {
		return c.nodes[n.args[0]].args[0], true
	}
	return 0, false
}

// splitStar returns x and h if i is x ; h*.
func (c *compiler) splitStar(i int32) (x, h int32, ok bool) {
	if c.nodes[i].op != iSeq {
		return 0, 0, false
	}
	first, last := c.nodes[i].args[0], c.nodes[i].args[1]
	if h, ok = c.starOf(last); ok {
		return first, h, true
	}
	if x, h, ok = c.splitStar(last); ok {
		return c.add(node{op: iSeq, args: []int32{first, x}}), h, true
	}
	return 0, 0, false
}

func (c *compiler) unionPlus(h, x int32) int32 {
	return c.add(node{op: iPlus, args: []int32{c.add(node{op: iUnion, args: []int32{h, x}})}})
}

// sequence makes a ; b.
func (c *compiler) sequence(a, b int32) int32 {
	if n := c.nodes[b]; n.op == iSeq {
		if joined, ok := c.joinStars(a, n.args[0]); ok {
			return c.sequence(joined, n.args[1])
		}
	}
	if joined, ok := c.joinStars(a, b); ok {
		return joined
	}
	return c.add(node{op: iSeq, args: []int32{a, b}})
}

// joinStars makes a ; b where a ends with h* and b is (x ; h*)*.
func (c *compiler) joinStars(a, b int32) (int32, bool) {
	p, ok := c.starOf(b)
	if !ok {
		return 0, false
	}
	x, h, ok := c.splitStar(p)
	if !ok {
		return 0, false
	}
	if last, ok := c.starOf(a); ok && last == h {
		return c.add(node{op: iOpt, args: []int32{c.unionPlus(h, x)}}), true
	}
	if first, last, ok := c.splitStar(a); ok && last == h {
		return c.add(node{op: iSeq, args: []int32{first, c.add(node{op: iOpt, args: []int32{c.unionPlus(h, x)}})}}), true
	}
	return 0, false
}

// joinChecks makes two checks, that h and x ; h* are acyclic, share a closure.
func (c *compiler) joinChecks() {
	acyclic := func(k *check) bool { return k.Kind == Acyclic && !k.Flag && !k.Negated }
	for i := range c.checks {
		x, h, ok := c.splitStar(c.checks[i].node)
		if !ok || !acyclic(&c.checks[i]) {
			continue
		}
		for j := range c.checks {
			if k := &c.checks[j]; acyclic(k) && k.node == h {
				k.plus = c.unionPlus(h, x)
				c.checks[i].plus = k.plus
			}
		}
	}
}
