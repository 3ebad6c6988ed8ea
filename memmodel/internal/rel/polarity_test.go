package rel

import "testing"

// TestRestrains: a tag does nothing but forbid if its set is taken away from nothing that a
// check is about, or twice.
func TestRestrains(t *testing.T) {
	for _, c := range []struct {
		name  string
		check func(p plan, tagged ID) Check
		want  bool
	}{
		{"in no check", func(p plan, tagged ID) Check { return Check{Kind: Acyclic, Node: p.rel("po")} }, true},
		{"added", func(p plan, tagged ID) Check { return Check{Kind: Acyclic, Node: p.op(Ident, tagged)} }, true},
		{"taken away", func(p plan, tagged ID) Check { return Check{Kind: Empty, Node: p.op(Diff, p.set("R"), tagged)} }, false},
		{"taken away twice", func(p plan, tagged ID) Check {
			return Check{Kind: Empty, Node: p.op(Diff, p.set("R"), p.op(Diff, p.set("W"), tagged))}
		}, true},
		{"in a complement", func(p plan, tagged ID) Check { return Check{Kind: Empty, Node: p.op(Compl, tagged)} }, false},
		{"demanded", func(p plan, tagged ID) Check { return Check{Kind: Empty, Negated: true, Node: tagged} }, false},
		{"flagged", func(p plan, tagged ID) Check {
			return Check{Kind: Empty, Negated: true, Flag: true, Node: p.op(Diff, p.set("R"), tagged)}
		}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPlan()
			x := c.check(p, p.set("Once"))
			x.Name = "check"
			p.Checks = append(p.Checks, x)
			compiled, err := Compile(p.Plan)
			if err != nil {
				t.Fatal(err)
			}
			if got := compiled.Restrains("once"); got != c.want {
				t.Errorf("%t, want %t", got, c.want)
			}
			if !compiled.Restrains("unknown") || compiled.Tells("unknown") {
				t.Error("a tag that the plan does not know is told")
			}
		})
	}
}
