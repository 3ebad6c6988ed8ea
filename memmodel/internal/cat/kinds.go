package cat

import "crosscall/memmodel/internal/rel"

// A kindSet says which kinds of events may be in a set: those of graph.Kind.
type kindSet uint16

const (
	kR kindSet = 1 << iota
	kW
	kF
	kLKR
	kLKW
	kUL
	kLF
	kRL
	kRU

	kNone      kindSet = 0
	kAll               = 1<<iota - 1
	kLockReads         = kLKR | kLF | kRL | kRU
	kReads             = kR | kLockReads
	kWrites            = kW | kLKW | kUL
	kMemory            = kReads | kWrites
)

// baseKinds has the sets that hold exactly the events of some kind.
var baseKinds = map[string]kindSet{
	"_": kAll, "R": kR, "W": kW, "F": kF, "LKR": kLKR, "LKW": kLKW, "UL": kUL, "LF": kLF, "RL": kRL, "RU": kRU, "M": kR | kW,
}

// ends says which kinds of events a relation may begin and end with. For a set,
// both are the kinds that it may hold. If nothing is known, they are all kinds.
//
// For a set, exact has the kinds of which it holds every event.
type ends struct{ from, to, exact kindSet }

func both(k kindSet) ends { return ends{k, k, kNone} }

// relEnds has the base relations whose ends have kinds of their own.
var relEnds = map[string]ends{
	"rf": {from: kWrites, to: kReads}, "co": both(kWrites), "fr": {from: kReads, to: kWrites},
	"rmw": {from: kR, to: kW}, "lkrmw": {from: kLKR, to: kLKW},
	// A dependency may begin at a store-conditional: its status is one.
	"addr": {from: kReads | kW, to: kAll}, "data": {from: kReads | kW, to: kAll}, "ctrl": {from: kReads | kW, to: kAll},
}

// setEnds are the ends of a base set.
func setEnds(name string) ends {
	if k, ok := baseKinds[name]; ok {
		return ends{k, k, k}
	}
	switch name {
	case "IW", "FW":
		return both(kWrites)
	case "RMW":
		return both(kR | kW)
	}
	return both(kAll)
}

// endsOf works out the ends of a node from those of its arguments.
func (b *builder) endsOf(n *rel.Node) ends {
	arg := func(i int) ends { return b.kinds[n.Args[i]] }
	switch n.Op {
	case rel.BaseSet:
		return setEnds(n.Name)
	case rel.BaseRel:
		if e, ok := relEnds[n.Name]; ok {
			return e
		}
	case rel.EmptySet, rel.EmptyRel:
		return ends{}
	case rel.Union:
		var e ends
		for i := range n.Args {
			a := arg(i)
			e = ends{e.from | a.from, e.to | a.to, e.exact | a.exact}
		}
		return e
	case rel.Inter:
		e := ends{kAll, kAll, kAll}
		for i := range n.Args {
			a := arg(i)
			e = ends{e.from & a.from, e.to & a.to, e.exact & a.exact}
		}
		return e
	case rel.Diff:
		e, less := arg(0), arg(1)
		if n.IsSet {
			k := e.from &^ less.exact
			return ends{k, k, e.exact &^ less.from}
		}
		return e
	case rel.Compl:
		if n.IsSet {
			a := arg(0)
			return ends{kAll &^ a.exact, kAll &^ a.exact, kAll &^ a.from}
		}
	case rel.Seq, rel.Cross:
		return ends{arg(0).from, arg(1).to, kNone}
	case rel.Inverse:
		return ends{arg(0).to, arg(0).from, kNone}
	case rel.Plus:
		return arg(0)
	case rel.Linear:
		return both(arg(0).from)
	case rel.Ident, rel.Domain:
		return both(arg(0).from)
	case rel.Range:
		return both(arg(0).to)
	}
	return both(kAll)
}
