package cat

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crosscall/internal/golden"
	"crosscall/memmodel/internal/rel"
)

// TestPlans compiles each source of the transcripts and compares the plan, or
// the error. A transcript is a list of
//
//	# what it is about
//	source, where "%% bell" lies between a bell file and the model
//	----
//	result
func TestPlans(t *testing.T) {
	for _, file := range []string{"testdata/plans.txt", "testdata/errors.txt"} {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		for i, block := range strings.Split("\n"+string(src), "\n# ") {
			if i == 0 {
				continue
			}
			head, _, _ := strings.Cut(block+"\n", "\n----\n")
			fmt.Fprintf(&out, "# %s\n----\n%s\n", head, compileBlock(head))
		}
		golden.Compare(t, file, out.String())
	}
}

func compileBlock(block string) string {
	_, src, _ := strings.Cut(block, "\n")
	options := Options{Loader: testLoader, Variants: []string{"on"}}
	if bell, model, ok := strings.Cut(src, "%% bell\n"); ok {
		src, options.Bell, options.BellFile = model, []byte(bell), "m.bell"
	}
	p, err := Compile("m.cat", []byte(src), options)
	if err != nil {
		return err.Error() + "\n"
	}
	return dump(p)
}

// testLoader has files beside the model.
func testLoader(name string) ([]byte, string, error) {
	files := map[string]string{
		"own.cat":   "let own = po | rf",
		"round.cat": `include "round.cat"`,
		"bad.cat":   "let x = \n",
		"uniproc.cat": `"uniproc"
			acyclic po-loc | rf | co | fr as uniproc`,
	}
	if src, ok := files[name]; ok {
		return []byte(src), "dir/" + name, nil
	}
	if name == "unreadable.cat" {
		return nil, "", errors.New("permission denied")
	}
	return nil, "", fs.ErrNotExist
}

// lockModel compiles the model of testdata that has the constructs of the
// kernel's lock.cat and bell file.
func lockModel(t *testing.T) *rel.Plan {
	t.Helper()
	read := func(name string) []byte {
		src, err := os.ReadFile(filepath.Join("testdata/models", name))
		if err != nil {
			t.Fatal(err)
		}
		return src
	}
	p, err := Compile("lockmodel.cat", read("lockmodel.cat"), Options{Bell: read("lockmodel.bell"), BellFile: "lockmodel.bell"})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestLockModel(t *testing.T) {
	golden.Compare(t, "testdata/models/lockmodel.plan", dump(lockModel(t)))
}

// TestLibrary: each file of the library compiles on its own, after the names
// that it takes from the model.
func TestLibrary(t *testing.T) {
	given := map[string]string{
		"ppo.cat":        "let ci0 = ctrl and ii0 = addr and cc0 = data and ic0 = 0",
		"ppc-checks.cat": "let strong = po and light = 0 and ppo = addr",
	}
	for _, name := range libraryNames() {
		src := fmt.Sprintf("%s\ninclude %q", given[name], name)
		options := Options{}
		if name == depsFile {
			options.Loader = withUtil
		}
		if _, err := Compile("m.cat", []byte(src), options); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// withUtil has the file that the library's aarch64deps.cat takes from the model.
func withUtil(string) ([]byte, string, error) {
	return []byte("let same-loc = loc"), "aarch64util.cat", nil
}

// TestCatdep: such a model has empty sets for what tests here do not have, may name events
// on registers, and is refused if a check depends on them.
func TestCatdep(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"let same-gpr = [Rreg | Wreg] ; loc\nacyclic po | rf", ""},
		{"include \"aarch64deps.cat\"\nacyclic addr | data | ctrl | rf", ""},
		{"let rec f (all, pairs) = match pairs with || {} -> all || p ++ rest -> f (all, rest) end\n" +
			"with r from f ({0}, TLBI * W)\nacyclic r | po | rf", ""},
		{"show isb \\ po as isb\nempty rf & (MMU * MMU)", ""},
		{"acyclic po | iico_data", `m.cat:1:1: the check "acyclic po | iico_data" depends on iico_data: executions here have no events on registers; ` +
			"dependencies are those of the library's aarch64deps.cat"},
		{"let dep = [R] ; iico_data ; [Wreg]\nempty dep & po as dep", `m.cat:1:1: the check "dep" depends on Wreg: executions here have no events on registers; ` +
			"dependencies are those of the library's aarch64deps.cat"},
	} {
		got := ""
		if _, err := Compile("m.cat", []byte("catdep\n"+c.src), Options{Loader: withUtil}); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.src, got, c.want)
		}
	}
}

func TestNodesAreShared(t *testing.T) {
	p := lockModel(t)
	seen := make(map[string]int)
	for id, n := range p.Nodes {
		if n.Op == rel.Var {
			continue
		}
		name := n.Name
		if n.Op != rel.BaseSet && n.Op != rel.BaseRel {
			name = ""
		}
		key := fmt.Sprint(n.Op, n.IsSet, name, n.Args)
		if other, ok := seen[key]; ok {
			t.Errorf("nodes %d and %d are the same", other, id)
		}
		seen[key] = id
		for _, a := range n.Args {
			if int(a) >= id {
				t.Errorf("node %d comes before its argument %d", id, a)
			}
		}
	}
}
