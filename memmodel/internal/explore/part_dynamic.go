package explore

import (
	"fmt"
	"slices"
)

// The dynamic explorer asks its walk before each node whether to explore the node. If not,
// the walk has the node's outcome. The nodes on the path to the start of the part are visited
// again, with the replies of their explored children. No execution is reported there.
//
// Claim: a walk and the parts that it leaves together explore each execution of the walk's
// part once.
//
// Proof: the children of a node are numbered in the order in which the explorer visits them.
// The replies of earlier children change this order only where a read is postponed
// (depends). Such a child is explored after all these replies have arrived. The other
// children are the same for all replies: a reply only decides whether a later read may have
// to be postponed, and without the reply the explorer assumes that it may.
type dynamicWalk struct {
	levels    []node // the nodes from the root to the current node
	chain     int    // how many of these are on the path in Part.Levels
	restored  bool   // Part.Pays were restored
	dependent bool   // the next child depends on the replies of its earlier siblings
	rest      []node // the nodes at the end of the walk, the deepest first
	waits     bool   // the walk cannot go on before other parts reply
	done      *Reply
	pays      []bool
}

// A node is a node of the tree that the walk is in.
type node struct {
	next     int // number of the next child
	children level
	check    uint32
	waits    bool  // a child that another part explores has not replied
	decides  int   // the number of reads that are decided in it
	closed   bool  // the children after fresh may depend on replies
	fresh    []int // the independent children that were not explored
}

// enter reports whether to explore the next node. If not, o is the node's outcome.
func (w *Walk) enter(d *dynamic) (o outcome, explores bool) {
	dependent := w.dependent
	w.dependent = false
	n := len(w.levels)
	if n == 0 {
		return outcome{}, w.push(d, 0)
	}
	l := &w.levels[n-1]
	number := l.next
	l.next++
	if w.ended {
		l.closed = l.closed || dependent || l.decides > 1
		if !l.closed && number >= len(l.children) {
			l.fresh = append(l.fresh, number)
		}
		return outcome{}, false
	}
	if w.chain == n && number < len(l.children) {
		switch c := l.children[number]; {
		case c == open && n < len(w.Part.Levels):
			return outcome{}, w.push(d, n)
		case c == open: // it is new, and is gone on with
		case c == offloaded:
			l.waits = true
			return outcome{}, false
		case c == past:
			return outcome{}, false
		default:
			return c.outcome(d), false
		}
	}
	w.restore(d)
	switch {
	case l.waits && dependent:
		w.end(d)
		w.waits = true
		return outcome{}, false
	case w.stops():
		w.end(d)
		w.stopped = true
		if l.closed = dependent || l.decides > 1; !l.closed {
			l.fresh = append(l.fresh, number)
		}
		return outcome{}, false
	}
	if w.Left.From == nil {
		w.Left.From = append(w.position(), number)
	}
	return outcome{}, w.push(d, n)
}

// push enters a node at a depth.
func (w *Walk) push(d *dynamic, depth int) bool {
	if depth == cap(w.levels) {
		w.levels = append(w.levels, node{})
	} else {
		w.levels = w.levels[:depth+1]
	}
	l := &w.levels[depth]
	*l = node{check: d.partial.check(), children: l.children[:0]}
	if w.chain == depth && depth < len(w.Part.Levels) {
		l.children = append(l.children, w.Part.Levels[depth]...)
		if l.check != w.Part.Checks[depth] {
			panic(fmt.Sprintf("a part of an exploration leads elsewhere at depth %d", depth))
		}
		w.chain = depth + 1
	}
	return true
}

// restore has in force what frames had noticed where the part goes on.
func (w *Walk) restore(d *dynamic) {
	if w.restored {
		return
	}
	w.restored = true
	for i := range min(len(d.frames.list), len(w.Part.Pays)) {
		d.frames.list[i].mayPay = d.frames.list[i].mayPay || w.Part.Pays[i]
	}
}

// leave ends a node that was entered, of which o came.
func (w *Walk) leave(d *dynamic, o outcome) outcome {
	n := len(w.levels) - 1
	l := w.levels[n]
	if n < len(w.Part.Levels) && !w.ended {
		w.restore(d)
		w.Part.Levels = w.Part.Levels[:n] // what else comes so deep is new
	}
	if l.waits && !w.ended {
		w.end(d)
		w.waits = true
	}
	w.levels = w.levels[:n]
	if w.ended {
		w.rest = append(w.rest, l)
		return outcome{}
	}
	w.chain = min(w.chain, n)
	if n == w.Part.Root {
		w.done = &Reply{Outcome: uint8(replyOf(d, o)), Pays: d.frames.pays()}
		w.ended = true
		return outcome{}
	}
	parent := &w.levels[n-1]
	parent.set(parent.next-1, replyOf(d, o))
	return o
}

// set notes what became of a child.
func (l *node) set(number int, c child) {
	for len(l.children) <= number {
		l.children = append(l.children, past)
	}
	l.children[number] = c
}

// end ends the walk. What is left begins here.
func (w *Walk) end(d *dynamic) {
	w.ended = true
	w.pays = d.frames.pays()
}

// isOver reports whether the walk has ended.
func (w *Walk) isOver() bool { return w != nil && w.ended }

// depends says that the next child depends on the replies of those before it.
func (w *Walk) depends() {
	if w != nil {
		w.dependent = true
	}
}

// decides says that a read is to be decided. Of a second one in a node, the numbers of the
// children depend on what came of the first.
func (w *Walk) decides() {
	if w != nil && len(w.levels) > 0 {
		w.levels[len(w.levels)-1].decides++
	}
}

// entersLeaf reports whether to report the executions of a node: they count as a child.
func (w *Walk) entersLeaf() bool {
	if w == nil {
		return true
	}
	l := &w.levels[len(w.levels)-1]
	number := l.next
	l.next++
	if w.ended {
		l.closed = true
		return false
	}
	if w.chain == len(w.levels) && number < len(l.children) {
		return false
	}
	if w.Left.From == nil {
		w.Left.From = append(w.position(), number)
	}
	l.set(number, replied)
	return true
}

// mayLook reports whether to search for a livelock.
func (w *Walk) mayLook() bool {
	if w == nil {
		return true
	}
	w.Left.Late, w.Left.Looked = w.Part.Late, !w.Part.Late
	return !w.Part.Late
}

// position is the current position of the walk.
func (w *Walk) position() (at []int) {
	for i := range len(w.levels) - 1 {
		at = append(at, w.levels[i].next-1)
	}
	return at
}

// divideDynamic makes parts of the rest. The largest parts are near the root. So it hands out
// the unexplored children of the first node that has any.
func (w *Walk) divideDynamic() {
	w.Left.Reply = w.done
	if w.done != nil || !w.ended || len(w.rest) == 0 {
		return
	}
	slices.Reverse(w.rest)
	from := len(w.rest)
	if i := slices.IndexFunc(w.rest[w.Part.Root:], func(l node) bool { return len(l.fresh) > 0 }); i >= 0 {
		from = w.Part.Root + i
	}
	rest := Part{Root: w.Part.Root, Pays: w.pays, Late: true}
	for depth := range w.rest {
		l := &w.rest[depth]
		if depth+1 < len(w.rest) {
			l.set(l.opened(), open)
		}
		if depth == from {
			l.offload(depth+1 == len(w.rest))
		}
		rest.Levels, rest.Checks = append(rest.Levels, l.children), append(rest.Checks, l.check)
	}
	if from < len(w.rest) {
		for number, c := range w.rest[from].children {
			if c == offloaded && slices.Contains(w.rest[from].fresh, number) {
				w.Left.Parts = append(w.Left.Parts, rest.way(from, number))
			}
		}
	}
	w.Left.Rest, w.Left.Waits = &rest, w.waits
}

// opened is the number of the child in which the walk ended. The unexplored children come
// after it.
func (l *node) opened() int {
	if i := slices.Index(l.children, open); i >= 0 {
		return i
	}
	return len(l.children)
}

// offload marks the unexplored children as handed out. At the last node the walk keeps one
// to continue with.
func (l *node) offload(last bool) {
	if last {
		l.fresh = l.fresh[1:]
	}
	for _, number := range l.fresh {
		l.set(number, offloaded)
	}
	if last && len(l.fresh) > 0 {
		l.children[l.fresh[0]-1] = open
	}
}

// way returns the part of child number of the node at depth.
func (p *Part) way(depth, number int) Part {
	q := Part{Root: depth + 1, Pays: p.Pays, Late: true, Checks: p.Checks[:depth+1]}
	for i := range depth {
		q.Levels = append(q.Levels, p.Levels[i])
	}
	last := slices.Clone(p.Levels[depth][:number])
	for i, c := range last {
		if c == offloaded || c == open {
			last[i] = past
		}
	}
	q.Levels = append(q.Levels, append(last, open))
	return q
}

func replyOf(d *dynamic, o outcome) child {
	c := replied
	add := func(bit child, set bool) {
		if set {
			c |= bit
		}
	}
	add(repliedConsistent, o.consistent)
	add(repliedBlocks, o.blocks)
	add(repliedNotAwaited, o.notAwaited)
	add(repliedDead, o.dead)
	add(repliedPruned, o.prunedUnknown)
	add(repliedPays, len(d.frames.list) > 0 && d.frames.list[len(d.frames.list)-1].mayPay)
	return c
}

// outcome is what came of a child, which is noted in the last frame.
func (c child) outcome(d *dynamic) outcome {
	if n := len(d.frames.list); n > 0 && c&repliedPays != 0 {
		d.frames.list[n-1].mayPay = true
	}
	return outcome{
		consistent: c&repliedConsistent != 0, blocks: c&repliedBlocks != 0, notAwaited: c&repliedNotAwaited != 0,
		dead: c&repliedDead != 0, prunedUnknown: c&repliedPruned != 0,
	}
}

func (fs *frames) pays() (list []bool) {
	for _, f := range fs.list {
		list = append(list, f.mayPay)
	}
	return list
}

// check is the same for two walks that are at the same node, if it is for the nodes on
// the way to it.
func (px *partial) check() uint32 {
	h := uint32(len(px.decided)<<8 + len(px.postponed))
	put := func(n int) { h = (h ^ uint32(n)) * 16777619 }
	if n := len(px.decided); n > 0 {
		x := px.decided[n-1]
		put(x.read.thread)
		put(x.read.event)
		put(x.write.thread)
		put(x.write.event)
	}
	for _, r := range px.th.runners {
		put(len(r.Path().Events))
		put(int(r.Status()))
	}
	return h
}
