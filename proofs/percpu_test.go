package proofs

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crosscall/gocheck/gotest"
)

// A change breaks package percpu by a replacement in a file. found is in the output that
// the test must then have.
type change struct{ file, from, to, test, found string }

var changes = map[string]change{
	"the any-goroutine add is a load and a store": {"counter.go", "v := cell.Add(n)", "v := cell.Load() + n\n\tcell.Store(v)",
		"TestSumBesideAdds", "assertion: Sum is "},
	"AddAny takes another's add back": {"counter.go", "!cell.CompareAndSwap(v, v)", "cell.Swap(v) != v",
		"TestSumBesideAdds", "assertion: Sum is "},
	"a shard that is in use is used": {"sharded.go", "\t\tsh = s.shards.at(c)\n\t\tsh.mu.Lock()", "\t\tsh = s.shards.at(c)\n\t\tsh.mu.TryLock()",
		"TestShardedOneShard", "race: "},
	"Each does not lock": {"sharded.go", "\tsh.mu.Lock()\n\tdefer sh.mu.Unlock()\n\tfn(&sh.v)", "\tfn(&sh.v)",
		"TestShardedOneShard", "race: "},
	"the value of an offline CPU is visited without a Stop": {"value.go", "return v.stopped(ctx, caller, &missed, fn)",
		"for cpu := range missed.All() {\n\t\tfn(cpu, &v.slots[cpu].v)\n\t}\n\treturn nil",
		"TestEachBesideHotplug", "race: "},
	"an offline CPU is left out": {"value.go", "missed.Set(cpu)", "",
		"TestEachBesideHotplug", "assertion: 0 visits"},
}

// Each way to break package percpu makes one of its own tests fail in some interleaving.
func TestPercpuMutants(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the library and its tests several times")
	}
	module := t.TempDir()
	copyLibrary(t, module)
	dir := filepath.Join(module, "percpu")
	for name, c := range changes {
		t.Run(name, func(t *testing.T) {
			c.apply(t, dir)
			o := gotest.Options{Dir: dir, Run: "^" + c.test + "$", Preemptions: -1, Time: time.Minute, Steps: gotest.DefaultSteps}
			var out bytes.Buffer
			code, err := gotest.Run(t.Context(), &o, nil, &out, &out)
			if err != nil || code != gotest.Failed || !strings.Contains(out.String(), "\n    "+c.found) {
				t.Errorf("exit code %d, %v, want %q:\n%s", code, err, c.found, out.String())
			}
		})
	}
}

// copyLibrary copies the sources of package percpu and its dependencies.
func copyLibrary(t *testing.T, to string) {
	t.Helper()
	files, err := filepath.Glob("../*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(files, "../go.mod", "../go.sum") {
		text, err := os.ReadFile(name)
		if err == nil {
			err = os.WriteFile(filepath.Join(to, filepath.Base(name)), text, 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range []string{"cpumask", "percpu", "internal"} {
		if err := os.CopyFS(filepath.Join(to, dir), os.DirFS(filepath.Join("..", dir))); err != nil {
			t.Fatal(err)
		}
	}
}

// apply changes the file until the test ends.
func (c *change) apply(t *testing.T, dir string) {
	t.Helper()
	name := filepath.Join(dir, c.file)
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.WriteFile(name, text, 0o666) }) // if it fails, so does the next build
	if n := strings.Count(string(text), c.from); n != 1 {
		t.Fatalf("%s has %q %d times, not once", c.file, c.from, n)
	}
	if err := os.WriteFile(name, []byte(strings.Replace(string(text), c.from, c.to, 1)), 0o666); err != nil {
		t.Fatal(err)
	}
}
