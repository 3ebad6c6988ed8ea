package cat

import (
	"slices"

	"crosscall/memmodel/internal/rel"
)

// finish makes the plan, with the nodes that its checks, its shown relations
// and the names of the model need.
func (c *compiler) finish(title string) *rel.Plan {
	plan := &rel.Plan{Title: title, Show: make(map[string]rel.ID), Names: make(map[string]rel.ID)}
	alive := c.alive()
	to := make([]rel.ID, len(c.nodes))
	move := func(list []rel.ID) []rel.ID {
		var moved []rel.ID
		for _, id := range list {
			moved = append(moved, to[id])
		}
		return moved
	}
	for id, n := range c.nodes {
		if n.Op == rel.BaseSet {
			plan.Sets = append(plan.Sets, n.Name)
		}
		if !alive[id] {
			continue
		}
		to[id] = rel.ID(len(plan.Nodes))
		n.Args = move(n.Args)
		plan.Nodes = append(plan.Nodes, n)
	}
	for _, r := range c.recs {
		if alive[r.Vars[0]] {
			plan.Recs = append(plan.Recs, rel.Rec{Vars: move(r.Vars), Bodies: move(r.Bodies), At: r.At})
		}
	}
	for _, k := range c.checks {
		k.Node = to[k.Node]
		plan.Checks = append(plan.Checks, k)
	}
	for name, id := range c.shown {
		plan.Show[name] = to[id]
	}
	for name, v := range c.root.vals {
		if n, ok := v.(nodeValue); ok && n.of == nil && alive[n.id] {
			plan.Names[name] = to[n.id]
		}
	}
	return plan
}

// alive marks the nodes that are needed.
func (c *compiler) alive() []bool {
	marks := make([]bool, len(c.nodes))
	var mark func(id rel.ID)
	mark = func(id rel.ID) {
		if marks[id] {
			return
		}
		marks[id] = true
		for _, a := range c.args(id) {
			mark(a)
		}
		if c.op(id) == rel.Var {
			c.eachOfRec(id, mark)
		}
	}
	for _, k := range c.checks {
		mark(k.Node)
	}
	for _, id := range c.shown {
		mark(id)
	}
	for name := range c.named {
		if n, ok := c.root.vals[name].(nodeValue); ok && n.of == nil {
			mark(n.id)
		}
	}
	return marks
}

// eachOfRec visits the variables and bodies of the recursion that v is in.
func (c *compiler) eachOfRec(v rel.ID, visit func(rel.ID)) {
	for _, r := range c.recs {
		if slices.Contains(r.Vars, v) {
			for i := range r.Vars {
				visit(r.Vars[i])
				visit(r.Bodies[i])
			}
		}
	}
}
