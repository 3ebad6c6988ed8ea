package docs

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schemaOf is the schema of a command's JSON.
func schemaOf(t *testing.T, command string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile(filepath.Join("schema", command+".schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// printed are the JSON values that a command prints on stdout.
func printed(t *testing.T, bin, dir string, args ...string) (list []map[string]any) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), filepath.Join(bin, "crosscall"), args...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(out))
	d.UseNumber()
	for d.More() {
		var v map[string]any
		if err := d.Decode(&v); err != nil {
			t.Fatalf("%v: %v", args, err)
		}
		list = append(list, v)
	}
	if len(list) == 0 {
		t.Fatalf("%v prints no JSON; stderr:\n%s", args, &stderr)
	}
	return list
}

// The JSON of the commands fits the schemas, and these are complete: a field
// that they do not name is refused.
func TestJSONIsAsTheSchemasSay(t *testing.T) {
	bin := buildCommand(t)
	dir := t.TempDir()
	for name, src := range map[string]string{
		"race.litmus":  "C race\n{}\nP0(int *x) { *x = 1; }\nP1(int *x) { *x = 2; }\nexists (x=1)\n",
		"never.litmus": "C never\n{}\nP0(int *a, spinlock_t *l) { spin_lock(l); spin_lock(l); WRITE_ONCE(*a, 1); }\n~exists (a=1)\n",
		"loop.litmus":  "C loop\n{}\nP0(int *x) { int r; do { r = READ_ONCE(*x); WRITE_ONCE(*x, r + 1); } while (r < 9); }\nexists (x=11)\n",
		"rcu.litmus":   "C rcu\n{}\nP0(int *x) { synchronize_rcu(); WRITE_ONCE(*x, 1); }\n~exists (x=2)\n",
		"bad.litmus":   "no test\n",
		"fails.c":      "#include <linux/atomic.h>\n#include <crosscall.h>\nint x, y;\nvoid P0(void) { WRITE_ONCE(x, 1); smp_wmb(); WRITE_ONCE(y, 1); }\nvoid P1(void) { if (READ_ONCE(y)) assert(READ_ONCE(x)); }\n",
		"holds.c":      "#include <linux/atomic.h>\n#include <crosscall.h>\nint x, y;\nvoid P0(void) { WRITE_ONCE(x, 1); smp_store_release(&y, 1); cover(x == 1); }\nvoid P1(void) { if (smp_load_acquire(&y)) assert(READ_ONCE(x)); }\n",
		"covers.c":     "#include <crosscall.h>\nint x;\nvoid P0(void) { cover(x == 3); }\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(src), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		command string
		dir     string
		args    []string
	}{
		{"check", dir, []string{"race.litmus", "never.litmus", "loop.litmus", "rcu.litmus", "bad.litmus", "fails.c", "holds.c", "covers.c", "--model", "lkmm,sc"}},
		{"check", dir, []string{"--verdict", "race.litmus", "never.litmus", "fails.c"}},
		{"audit", dir, []string{"holds.c", "--model", "lkmm,x86-tso"}},
		{"audit", dir, []string{"fails.c"}},
		{"audit", dir, []string{"rcu.litmus", "--model", "lkmm,sc"}},
		{"audit", dir, []string{"never.litmus"}},
		{"audit", dir, []string{"holds.c", "--with", "A", "--with", "B=1"}},
		{"bench", dir, []string{"--only", "call-awake,matrix", "--time", "5ms"}},
		{"bench", dir, []string{"--only", "call-awake", "--time", "5ms", "--cpus", "0"}},
		{"run", dir, []string{"--model", "--size", "1", "--runs", "50", "race.litmus", "loop.litmus", "rcu.litmus", "bad.litmus"}},
		{"run", dir, []string{"--size", "1", "--runs", "50", "race.litmus", "fails.c"}},
		{"gotest", filepath.Join(root, "gocheck", "gotest", "testdata", "failures"), []string{"-run", "TestSendOnClosed"}},
	} {
		if c.command == "run" && (runtime.GOOS != "linux" || runtime.GOARCH != "amd64" && runtime.GOARCH != "arm64") {
			continue // machine code that is made at run time is not for every platform
		}
		if c.command == "gotest" && testing.Short() {
			continue // the standard library of a test is built first
		}
		flag := "--json"
		if c.command == "gotest" {
			flag = "-json"
		}
		schema := schemaOf(t, c.command)
		for _, v := range printed(t, bin, c.dir, append([]string{c.command, flag}, c.args...)...) {
			if err := schema.Validate(v); err != nil {
				t.Errorf("%s %v: %v\n%v", c.command, c.args, err, v)
			}
			more := maps.Clone(v)
			more["no such field"] = true
			if schema.Validate(more) == nil {
				t.Errorf("%s: the schema lets in any field", c.command)
			}
			delete(more, "no such field")
		}
	}
}
