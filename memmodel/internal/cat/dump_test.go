package cat

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"crosscall/memmodel/internal/rel"
)

// dump prints a plan as a cat-like text: each node once, on a line of its own
// if it has a name or is used more than once, otherwise where it is used.
func dump(p *rel.Plan) string {
	d := &dumper{plan: p, uses: make([]int, len(p.Nodes)), names: make([]string, len(p.Nodes))}
	d.count()
	taken := make(map[string]bool)
	var b strings.Builder
	if p.Title != "" {
		fmt.Fprintf(&b, "%q\n", p.Title)
	}
	for id, n := range p.Nodes {
		switch {
		case n.Op == rel.BaseSet || n.Op == rel.BaseRel:
			d.names[id] = n.Name
			continue
		case n.Op == rel.EmptySet || n.Op == rel.EmptyRel || n.Name == "" && d.uses[id] < 2 && n.Op != rel.Var:
			continue
		}
		name := n.Name
		if name == "" {
			name = fmt.Sprintf("n%d", id)
		}
		for taken[name] || isBaseName(p, name) {
			name += "'"
		}
		if n.Op == rel.Var {
			fmt.Fprintf(&b, "var %s\n", name)
		} else {
			fmt.Fprintf(&b, "let %s = %s\n", name, d.text(rel.ID(id)))
		}
		d.names[id], taken[name] = name, true
	}
	for _, r := range p.Recs {
		for i, v := range r.Vars {
			fmt.Fprintf(&b, "%s %s = %s\n", map[bool]string{true: "rec", false: "and"}[i == 0], d.names[v], d.arg(r.Bodies[i]))
		}
	}
	for _, k := range p.Checks {
		fmt.Fprintf(&b, "%s%s%s %s as %s\n", word(k.Flag, "flag "), word(k.Negated, "~"), checkWord(k.Kind), d.arg(k.Node), k.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(p.Show)) {
		fmt.Fprintf(&b, "show %s as %s\n", d.arg(p.Show[name]), name)
	}
	return b.String()
}

func isBaseName(p *rel.Plan, name string) bool {
	return slices.ContainsFunc(p.Nodes, func(n rel.Node) bool {
		return (n.Op == rel.BaseSet || n.Op == rel.BaseRel) && n.Name == name
	})
}

func word(on bool, s string) string {
	if on {
		return s
	}
	return ""
}

type dumper struct {
	plan  *rel.Plan
	uses  []int
	names []string
}

func (d *dumper) count() {
	use := func(list []rel.ID) {
		for _, id := range list {
			d.uses[id]++
		}
	}
	for _, n := range d.plan.Nodes {
		use(n.Args)
	}
	for _, r := range d.plan.Recs {
		use(r.Bodies)
	}
}

func (d *dumper) arg(id rel.ID) string {
	if d.names[id] != "" {
		return d.names[id]
	}
	switch s := d.text(id); d.plan.Nodes[id].Op {
	case rel.Ident, rel.Domain, rel.Range, rel.EmptySet, rel.EmptyRel:
		return s
	default:
		return "(" + s + ")"
	}
}

var infix = map[rel.Op]string{rel.Union: " | ", rel.Inter: " & ", rel.Diff: ` \ `, rel.Seq: " ; ", rel.Cross: " * "}

var affix = map[rel.Op][2]string{
	rel.Compl: {"~", ""}, rel.Inverse: {"", "^-1"}, rel.Plus: {"", "+"}, rel.Star: {"", "*"}, rel.Opt: {"", "?"},
	rel.Ident: {"[", "]"}, rel.Domain: {"domain(", ")"}, rel.Range: {"range(", ")"},
	rel.EmptySet: {"{}", ""}, rel.EmptyRel: {"0", ""},
}

func (d *dumper) text(id rel.ID) string {
	n := d.plan.Nodes[id]
	var args []string
	for _, a := range n.Args {
		args = append(args, d.arg(a))
	}
	if n.Op == rel.Linear {
		return "linear(" + strings.Join(args, ", ") + ")"
	}
	if op, ok := infix[n.Op]; ok {
		return strings.Join(args, op)
	}
	a := affix[n.Op]
	return a[0] + strings.Join(args, "") + a[1]
}
