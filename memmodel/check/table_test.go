package check

import (
	"errors"
	"strings"
	"testing"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/explore"

	"github.com/google/go-cmp/cmp"
)

func TestTable(t *testing.T) {
	table := newTable([]string{"lkmm", "x86-tso", "armv8"}, 0)
	done := func(test, file, model string, o Observation, flags ...string) *Result {
		return &Result{Test: test, File: file, Model: model, Observation: o, Verdict: Holds, Complete: true, Flags: flags}
	}
	failed := func(line int, what string) *explore.Failure {
		return explore.NewFailure(explore.AssertionFails, graph.Pos{File: "c.c", Line: line, Col: 2}, "assert("+what+") fails")
	}
	table.Add(&Row{File: File{Path: "mp.litmus"}, Results: []*Result{
		done("MP", "mp.litmus", "lkmm", Sometimes, "data-race"),
		done("MP", "mp.litmus", "x86-tso", Never),
		done("MP", "mp.litmus", "armv8", Sometimes),
	}})
	table.Add(&Row{File: File{Path: "gp.litmus"}, Results: []*Result{
		done("RCU+a-long-name", "gp.litmus", "lkmm", Never),
		{File: "gp.litmus", Test: "RCU+a-long-name", Model: "x86-tso", Verdict: Error, NotApplicable: true, Err: errors.New("gp.litmus:4:2: no synchronize_rcu here")},
		{File: "gp.litmus", Test: "RCU+a-long-name", Model: "armv8", Verdict: Incomplete, Reason: "interrupted"},
	}})
	table.Add(&Row{File: File{Path: "bad.litmus"}, Results: []*Result{
		{File: "bad.litmus", Model: "lkmm", Verdict: Error, Err: errors.New("bad.litmus:1:1: not a test")},
		{File: "bad.litmus", Model: "x86-tso", Verdict: Error, Err: errors.New("bad.litmus:1:1: not a test")},
		{Test: "", File: "bad.litmus", Model: "armv8", Verdict: Holds, Observation: Sometimes, Otherwise: Always, Complete: true},
	}})
	table.Add(&Row{File: File{Path: "c.c"}, Results: []*Result{
		{File: "c.c", Model: "lkmm", Safety: true, Verdict: Fails, Observation: Never, Complete: true, Failure: failed(7, "x")},
		{File: "c.c", Model: "x86-tso", Safety: true, Verdict: Fails, Observation: Never, Complete: true, Failure: failed(8, "y")},
		{File: "c.c", Model: "armv8", Safety: true, Verdict: Fails, Observation: Never, Complete: true, Failure: failed(7, "x")},
	}})
	var b strings.Builder
	if err := table.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	const want = `Test             lkmm                 x86-tso  armv8
MP               Sometimes data-race  Never    Sometimes
RCU+a-long-name  Never                n/a      incomplete
bad.litmus       error                error    Sometimes*
c.c              fails                fails    fails
* or Always (for forall: or Never): not looked for
gp.litmus:4:2: n/a under x86-tso: no synchronize_rcu here
gp.litmus: incomplete under armv8: interrupted
c.c:7:2: fails under lkmm, armv8: assert(x) fails
c.c:8:2: fails under x86-tso: assert(y) fails
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

// A table is no wider than the terminal: names are shortened, then models are in blocks.
func TestATableFitsTheTerminal(t *testing.T) {
	models := []string{"lkmm", "sc", "x86-tso", "armv8"}
	for _, c := range []struct {
		width int
		want  string
	}{
		{0, `Test                             lkmm    sc      x86-tso  armv8
a-test-with-quite-a-long-name-1  always  always  always   always
short                            always  always  always   always
`},
		{56, `Test                     lkmm    sc      x86-tso  armv8
a-test-with…long-name-1  always  always  always   always
short                    always  always  always   always
`},
		{40, `Test              lkmm    sc
a-test-…g-name-1  always  always
short             always  always

Test              x86-tso  armv8
a-test-…g-name-1  always   always
short             always   always
`},
		{3, `Test              lkmm
a-test-…g-name-1  always
short             always

Test              sc
a-test-…g-name-1  always
short             always

Test              x86-tso
a-test-…g-name-1  always
short             always

Test              armv8
a-test-…g-name-1  always
short             always
`},
	} {
		table := newTable(models, c.width)
		for _, name := range []string{"a-test-with-quite-a-long-name-1", "short"} {
			table.rows = append(table.rows, []string{name, "always", "always", "always", "always"})
		}
		var b strings.Builder
		if err := table.WriteText(&b); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, b.String()); diff != "" {
			t.Errorf("width %d: %s", c.width, diff)
		}
	}
}
