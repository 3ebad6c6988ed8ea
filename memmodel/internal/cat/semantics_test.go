package cat

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/rel"
)

var someTags = []string{"once", "mb"}

// drawUniverse makes an execution that few models would allow, but whose
// relations are well formed: rf and co relate events of one location, and so
// on.
func drawUniverse(t *rapid.T) *universe {
	const locs = 2
	var events []event
	for l := range locs {
		events = append(events, event{thread: graph.InitThread, kind: graph.Write, loc: l})
	}
	for th := range 2 {
		for range rapid.IntRange(0, 3).Draw(t, "length") {
			e := event{thread: th, loc: rapid.IntRange(0, locs-1).Draw(t, "loc")}
			e.kind = rapid.SampledFrom([]graph.Kind{
				graph.Read, graph.Read, graph.Write, graph.Write, graph.Fence, graph.LockRead, graph.Unlock, graph.SeeFree,
			}).Draw(t, "kind")
			if e.kind == graph.Fence {
				e.loc = graph.NoLoc
			}
			if rapid.Bool().Draw(t, "tagged") {
				e.tags = []string{rapid.SampledFrom(someTags).Draw(t, "tag")}
			}
			events = append(events, e)
			if e.kind == graph.LockRead {
				e.kind = graph.LockWrite
				events = append(events, e)
			}
		}
	}
	u := newUniverse(events, someTags)
	drawChoices(t, u, events, locs)
	return u
}

func drawChoices(t *rapid.T, u *universe, events []event, locs int) {
	rf := make(map[int]int)
	co := make([][]int, locs)
	for l := range locs {
		var later []int
		for i, e := range events[locs:] {
			if e.loc == l && e.kind.Writes() {
				later = append(later, i+locs)
			}
		}
		co[l] = append([]int{l}, rapid.Permutation(later).Draw(t, "co")...)
	}
	dependent := func(i, j int) bool {
		return events[i].kind.Reads() && u.rels["po"][i][j] && rapid.Bool().Draw(t, "depends")
	}
	for _, name := range []string{"addr", "data", "ctrl"} {
		u.rels[name] = where(u.n, dependent)
	}
	for i, e := range events {
		if e.kind.Reads() {
			rf[i] = rapid.SampledFrom(co[e.loc]).Draw(t, "rf")
		}
		if i > 0 && events[i-1].kind == graph.Read && e.kind == graph.Write && e.loc == events[i-1].loc && e.thread == events[i-1].thread {
			u.rels["rmw"][i-1][i] = rapid.Bool().Draw(t, "atomic")
		}
	}
	u.sets["RMW"] = union(apply(rel.Domain, true, u.n, []matrix{u.rels["rmw"]}), apply(rel.Range, true, u.n, []matrix{u.rels["rmw"]}))
	u.choose(rf, co)
	u.rels["same-value"] = u.rels["id"]
}

// drawExpr makes an expression of a set or a relation. names are variables of
// a recursion, which must not stand under ~ or on the right of \.
func drawExpr(t *rapid.T, isSet bool, depth int, names []string) string {
	sub := func(set bool) string { return "(" + drawExpr(t, set, depth-1, names) + ")" }
	fixed := func(set bool) string { return "(" + drawExpr(t, set, depth-1, nil) + ")" }
	leaf := depth == 0 || rapid.IntRange(0, 4).Draw(t, "leaf") == 0
	switch {
	case isSet && leaf:
		return rapid.SampledFrom([]string{"R", "W", "M", "F", "IW", "FW", "LKR", "LKW", "UL", "RU", "_", "RMW", "Once", "Mb", "emptyset"}).Draw(t, "set")
	case leaf:
		return rapid.SampledFrom(append([]string{
			"po", "rf", "co", "fr", "loc", "int", "ext", "id", "addr", "data", "rmw", "lkrmw", "0", "po-loc",
		}, names...)).Draw(t, "relation")
	case isSet:
		switch rapid.IntRange(0, 5).Draw(t, "op") {
		case 0:
			return sub(true) + " | " + sub(true)
		case 1:
			return sub(true) + " & " + sub(true)
		case 2:
			return sub(true) + ` \ ` + fixed(true)
		case 3:
			return "~" + fixed(true)
		case 4:
			return "domain " + sub(false)
		}
		return "range " + sub(false)
	}
	switch rapid.IntRange(0, 11).Draw(t, "op") {
	case 0:
		return sub(false) + " | " + sub(false)
	case 1:
		return sub(false) + " & " + sub(false)
	case 2:
		return sub(false) + ` \ ` + fixed(false)
	case 3:
		return "~" + fixed(false)
	case 4:
		return sub(false) + "^-1"
	case 5:
		return sub(false) + "+"
	case 6:
		return sub(false) + "*"
	case 7:
		return sub(false) + "?"
	case 8:
		return "[" + sub(true) + "]"
	case 9:
		return sub(true) + " * " + sub(true)
	}
	return sub(false) + " ; " + sub(false)
}

// meaning evaluates an expression of operators straight from its syntax, with
// no algebra.
func (u *universe) meaning(x Expr, names map[string]matrix) (m matrix, isSet bool) {
	switch x := x.(type) {
	case *Empty:
		return newMatrix(u.n), false
	case *Universe:
		return identity(u.n), true
	case *Name:
		if m, ok := names[x.Name]; ok {
			return m, false
		}
		switch x.Name {
		case "emptyset":
			return newMatrix(u.n), true
		case "po-loc":
			return apply(rel.Inter, false, u.n, []matrix{u.rels["po"], u.rels["loc"]}), false
		}
		if m, ok := u.sets[x.Name]; ok {
			return m, true
		}
		return u.rels[x.Name], false
	case *App:
		m, _ := u.meaning(x.Arg, names)
		return apply(map[string]rel.Op{"domain": rel.Domain, "range": rel.Range}[x.Fun.(*Name).Name], true, u.n, []matrix{m}), true
	case *Unary:
		m, isSet := u.meaning(x.X, names)
		op := map[string]rel.Op{"[]": rel.Ident, "~": rel.Compl, "^-1": rel.Inverse, "+": rel.Plus, "*": rel.Star, "?": rel.Opt}[x.Op]
		return apply(op, isSet, u.n, []matrix{m}), isSet && op != rel.Ident
	case *Binary:
		a, isSet := u.meaning(x.X, names)
		b, _ := u.meaning(x.Y, names)
		op := map[string]rel.Op{"|": rel.Union, "&": rel.Inter, `\`: rel.Diff, ";": rel.Seq, "*": rel.Cross}[x.Op]
		return apply(op, isSet, u.n, []matrix{a, b}), isSet && op != rel.Cross
	}
	panic(fmt.Sprintf("%T", x))
}

// compileDefinition compiles a model that begins with a let.
func compileDefinition(t *rapid.T, src string) (*rel.Plan, []Bind) {
	bell := `enum B = 'once || 'mb instructions F[B]`
	p, err := Compile("m.cat", []byte(src), Options{Bell: []byte(bell)})
	if err != nil {
		t.Fatalf("%s\n%v", src, err)
	}
	f, err := Parse("m.cat", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return p, f.Ins[0].(*Define).Binds
}

// TestMeaning: a plan computes the value of the expression; sharing and algebra
// do not change it.
func TestMeaning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src := "let x = "
		if rapid.Bool().Draw(t, "is a set") {
			src += "range([" + drawExpr(t, true, 4, nil) + "])"
		} else {
			src += drawExpr(t, false, 4, nil)
		}
		p, binds := compileDefinition(t, src)
		u := drawUniverse(t)
		want, _ := u.meaning(binds[0].X, nil)
		if got := u.values(p)[p.Names["x"]]; !got.equal(want) {
			t.Fatalf("%s\n%s\nis %v\nnot %v", src, dump(p), got, want)
		}
	})
}

// TestRecursion: a recursive definition has the value that herd computes by
// evaluating the definitions one after the other, again and again, until
// nothing is added.
func TestRecursion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := []string{"a", "b", "c"}
		var defs []string
		for _, name := range names {
			defs = append(defs, name+" = "+drawExpr(t, false, 3, names))
		}
		src := "let rec " + strings.Join(defs, " and ")
		p, binds := compileDefinition(t, src)
		u := drawUniverse(t)
		want := u.rounds(binds)
		vals := u.values(p)
		for _, name := range names {
			if got := vals[p.Names[name]]; !got.equal(want[name]) {
				t.Fatalf("%s\n%s\n%s is %v\nnot %v", src, dump(p), name, got, want[name])
			}
		}
	})
}

// rounds is the fixed point of recursive definitions, as herd finds it.
func (u *universe) rounds(binds []Bind) map[string]matrix {
	vals := make(map[string]matrix)
	for _, b := range binds {
		vals[b.Pattern.Names[0]] = newMatrix(u.n)
	}
	for stable := false; !stable; {
		stable = true
		for _, b := range binds {
			name := b.Pattern.Names[0]
			m, _ := u.meaning(b.X, vals)
			stable = stable && m.equal(vals[name])
			vals[name] = m
		}
	}
	return vals
}

// TestMatching: the recursion of the kernel's bell file that pairs brackets is
// not monotone. It pairs nested brackets correctly.
func TestMatching(t *testing.T) {
	events := []event{}
	for _, tag := range []string{"cs-begin", "cs-begin", "cs-end", "cs-begin", "cs-end", "cs-end", "cs-end"} {
		events = append(events, event{kind: graph.Fence, loc: graph.NoLoc, tags: []string{tag}})
	}
	u := newUniverse(events, []string{"cs-begin", "cs-end"})
	u.choose(nil, nil)
	p := lockModel(t)
	for _, name := range []string{"Once", "Acquire", "Release", "Dom-begin", "Dom-end", "Dom-wait"} {
		u.sets[name] = newMatrix(u.n)
	}
	got := u.values(p)[p.Names["sections"]]
	pairs := [][2]int{{0, 5}, {1, 2}, {3, 4}}
	want := where(u.n, func(i, j int) bool { return slices.Contains(pairs, [2]int{i, j}) })
	if !got.equal(want) {
		t.Errorf("pairs are %v, not %v", got, want)
	}
}

// TestLocks counts, for small programs with locks, the choices of rf and co
// that the lock model of testdata allows, and compares with a count by hand. So
// generators are read correctly.
func TestLocks(t *testing.T) {
	p := lockModel(t)
	lock := []graph.Kind{graph.LockRead, graph.LockWrite}
	section := append(slices.Clone(lock), graph.Unlock)
	for _, c := range []struct {
		what    string
		threads [][]graph.Kind
		want    int
	}{
		{"one section", [][]graph.Kind{section}, 1},
		{"two in a thread", [][]graph.Kind{append(slices.Clone(section), section...)}, 1},
		{"two threads, either first", [][]graph.Kind{section, section}, 2},
		{"the one that never ends is last", [][]graph.Kind{section, lock}, 1},
		{"two that never end", [][]graph.Kind{lock, lock}, 0},
		{"locked twice", [][]graph.Kind{append(slices.Clone(lock), section...)}, 0},
		{"a try that fails needs a holder", [][]graph.Kind{{graph.LockFail}}, 0},
		{"it may be any other", [][]graph.Kind{section, {graph.LockFail}}, 1},
		{"one of two", [][]graph.Kind{append(slices.Clone(section), section...), {graph.LockFail}}, 2},
		{"in a section it is that one", [][]graph.Kind{{graph.LockRead, graph.LockWrite, graph.LockFail, graph.Unlock}, section}, 2},
		{"is_locked that says yes is like it", [][]graph.Kind{section, {graph.SeeLock}}, 1},
		{"is_locked that says no: initially or after", [][]graph.Kind{section, {graph.SeeFree}}, 2},
		{"after its own section: that one or a later one", [][]graph.Kind{append(slices.Clone(section), graph.SeeFree), section}, 3},
		{"in its own section", [][]graph.Kind{{graph.LockRead, graph.LockWrite, graph.SeeFree, graph.Unlock}}, 0},
	} {
		if got := countLocks(p, c.threads); got != c.want {
			t.Errorf("%s: %d executions, not %d", c.what, got, c.want)
		}
	}
}

// countLocks counts the choices of rf and co that p allows for threads that
// use one lock.
func countLocks(p *rel.Plan, threads [][]graph.Kind) int {
	events := []event{{thread: graph.InitThread, kind: graph.Write}}
	var reads, writes []int
	for th, kinds := range threads {
		for _, k := range kinds {
			if k.Reads() {
				reads = append(reads, len(events))
			} else {
				writes = append(writes, len(events))
			}
			events = append(events, event{thread: th, kind: k})
		}
	}
	u := newUniverse(events, nil)
	for _, n := range p.Nodes {
		if n.Op == rel.BaseSet && u.sets[n.Name] == nil {
			u.sets[n.Name] = newMatrix(u.n)
		}
	}
	count := 0
	permutations(writes, func(order []int) {
		co := [][]int{append([]int{0}, order...)}
		rf := make(map[int]int)
		var pick func(i int)
		pick = func(i int) {
			if i == len(reads) {
				u.choose(rf, co)
				if u.consistent(p) {
					count++
				}
				return
			}
			for _, w := range co[0] {
				rf[reads[i]] = w
				pick(i + 1)
			}
		}
		pick(0)
	})
	return count
}

// permutations calls visit with each order of list.
func permutations(list []int, visit func([]int)) {
	var order []int
	var extend func()
	extend = func() {
		if len(order) == len(list) {
			visit(order)
		}
		for _, x := range list {
			if !slices.Contains(order, x) {
				order = append(order, x)
				extend()
				order = order[:len(order)-1]
			}
		}
	}
	extend()
}
