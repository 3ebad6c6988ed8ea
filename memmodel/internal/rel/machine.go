package rel

import (
	"errors"
	"fmt"
	"slices"
)

// A Machine evaluates a compiled plan on one structure at a time. rf and co are
// added to it pair by pair and removed in the opposite order. It updates every
// relation that a check needs by the new pairs only ("semi-naive" evaluation),
// so the cost of a decision is proportional to the changes.
//
// A machine is for one goroutine.
type Machine struct {
	c       *Compiled
	skip    []bool // checks that the caller guarantees
	skipped []int  // checks left out while the structure grows
	// Value returns the value that an event of a complete execution reads or
	// writes, if it has one. Only models that use same-value call it.
	Value func(event int) (int64, bool)
	// Stopped, if it is not nil, reports whether to give up looking for an order; the
	// result of Complete is then of no use. Only models with linear.go's orders call it.
	Stopped func() bool

	n, w int // events, words in a row
	all  row

	stat    arena    // exact values of nodes that do not depend on rf and co
	exact   arena    // exact values on complete executions
	inc     []uint64 // lower bounds, kept up to date
	scratch []uint64
	zero    []uint64 // is never changed
	// diverged is a recursive definition that has no fixed point; nil if none was found.
	diverged *group
	masks    []uint64

	info   []nodeInfo
	of     *shape
	shapes map[shapeKey]*shape
	// loose: no check rules anything out; all are evaluated when the execution
	// is complete.
	loose            bool
	writers, readers row // events that can have a place in co; that can read
	finals           row // writers of cells whose last values are observed
	reach
	delta
	leaf
}

// nodeInfo is a machine's data on a node for the present structure.
type nodeInfo struct {
	static bool  // value in stat, or empty; set if not active
	active bool  // may be other than empty
	late   bool  // inc has a lower bound; the exact value needs the whole execution
	rep    int32 // the node whose matrix in inc is also that of this one
	kept   bool  // inc has it
}

// An arena has the matrices of nodes, at most one for each.
type arena struct {
	off  []int32 // by node, in words; -1 for none
	mem  []uint64
	free []int32 // where there are matrices that are not used any more
	size int     // words of a matrix
	most int     // so many matrices there have been
}

// none has the offsets of nodes without a matrix. It is copied.
var none = func() (list [1024]int32) {
	for i := range list {
		list[i] = -1
	}
	return
}()

// reset frees all; matrices have size words from now on.
func (a *arena) reset(nodes, size int) {
	if cap(a.off) < nodes {
		a.off = make([]int32, nodes)
	}
	a.off = a.off[:nodes]
	copy(a.off, none[:min(nodes, len(none))])
	for i := len(none); i < nodes; i++ {
		a.off[i] = -1
	}
	if a.size > 0 {
		a.most = max(a.most, (len(a.mem)+a.size-1)/a.size)
	}
	a.mem, a.free, a.size = a.mem[:0], a.free[:0], size
}

// roomFor is the number of matrices for which an arena has room at first.
const roomFor = 24

// alloc reserves size words for node i. Their content is arbitrary.
func (a *arena) alloc(i int32, size int) {
	if n := len(a.free); n > 0 && size == a.size {
		a.off[i], a.free = a.free[n-1], a.free[:n-1]
		return
	}
	at := len(a.mem)
	if at+size > cap(a.mem) {
		bigger := make([]uint64, at, max(at+at/2, at+size, max(a.most, roomFor)*a.size))
		copy(bigger, a.mem)
		a.mem = bigger
	}
	a.mem = a.mem[:at+size]
	a.off[i] = int32(at)
}

// drop frees the matrix of node i.
func (a *arena) drop(i int32) {
	a.free = append(a.free, a.off[i])
	a.off[i] = -1
}

// NewMachine returns a machine for c. With native, the caller guarantees
// coherence and atomicity where the plan has checks for both (Compiled.Native).
func NewMachine(c *Compiled, native bool) *Machine {
	m := &Machine{c: c, skip: make([]bool, len(c.checks)), info: make([]nodeInfo, len(c.nodes)), shapes: map[shapeKey]*shape{}}
	if native && c.Native() {
		m.skip[c.coherence], m.skip[c.atomicity] = true, true
	}
	return m
}

// Another returns a machine like m, for the same goroutine. The two share what they have
// computed about the plan.
func (m *Machine) Another() *Machine {
	return &Machine{
		c: m.c, skip: m.skip, skipped: m.skipped, Value: m.Value, Stopped: m.Stopped, loose: m.loose,
		info: make([]nodeInfo, len(m.c.nodes)), shapes: m.shapes,
	}
}

// NewLoose returns a machine that rules nothing out, and that can say which
// check a complete execution violates.
func NewLoose(c *Compiled) *Machine {
	m := NewMachine(c, false)
	m.loose = true
	return m
}

// Native reports whether the plan demands coherence (SC per location) and the
// atomicity of read-modify-writes, each by a check of its own in the usual form.
func (c *Compiled) Native() bool { return c.coherence >= 0 && c.atomicity >= 0 }

// Err returns an error if a recursive definition of the plan turned out to have
// no fixed point (let rec a = po \ a). Earlier results are then not reliable.
func (m *Machine) Err() error {
	g := m.diverged
	switch {
	case g == nil:
		return nil
	case g.at.Line == 0:
		return errors.New(noFixedPoint)
	}
	return fmt.Errorf("%s:%d:%d: %s", g.at.File, g.at.Line, g.at.Col, noFixedPoint)
}

const noFixedPoint = "this recursive definition goes round in a circle: it has no fixed point"

func (m *Machine) size(i int32) int {
	if m.c.nodes[i].isSet {
		return m.w
	}
	return m.n * m.w
}

// static is the value of a node that rf and co do not change. An empty node has
// no matrix of its own.
func (m *Machine) static(i int32) []uint64 {
	at := m.stat.off[i]
	if at < 0 {
		return m.zero[:m.size(i)]
	}
	return m.stat.mem[at : int(at)+m.size(i)]
}

// Load prepares m for a structure, with rf and co empty. It returns false if
// the structure alone violates a check.
func (m *Machine) Load(s *Structure) bool {
	m.n = len(s.Events)
	m.w = words(m.n)
	m.all = append(m.all[:0], make([]uint64, m.w)...)
	m.writers = append(m.writers[:0], m.all...)
	m.readers = append(m.readers[:0], m.all...)
	m.finals = append(m.finals[:0], m.all...)
	fill(m.all, m.n)
	for i, e := range s.Events {
		if e.Kind.Writes() {
			set(m.writers, i)
			if slices.Contains(s.Finals, e.Loc) {
				set(m.finals, i)
			}
		}
		if e.Kind.Reads() {
			set(m.readers, i)
		}
	}
	if need := m.n * m.w; len(m.scratch) < need {
		m.scratch, m.zero = make([]uint64, need), make([]uint64, need)
	}
	m.evaluate(s)
	m.findLate()
	for k := range m.c.checks {
		ch := &m.c.checks[k]
		if !ch.Flag && !m.loose && !m.skip[k] && m.info[ch.node].static &&
			m.holds(ch.Kind, m.c.nodes[ch.node].isSet, m.static(ch.node)) == ch.Negated {
			return false
		}
	}
	m.plan()
	return m.seed()
}
