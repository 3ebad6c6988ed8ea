package model

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"crosscall/memmodel/internal/cat"
)

func TestShipped(t *testing.T) {
	for _, name := range Names() {
		m, err := Load(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if m.Name != name || m.Title == "" || m.Plan == nil || m.DefFile != tableOf(name) {
			t.Errorf("%s: %q, title %q, table %q", name, m.Name, m.Title, m.DefFile)
		}
		for _, alias := range find(name).aliases {
			if other, err := Load(alias); other != m || err != nil {
				t.Errorf("%s is not %s: %v", alias, name, err)
			}
		}
	}
}

// tableOf is the file with a model's own table.
func tableOf(name string) string {
	file, _ := find(name).table()
	return file
}

func TestNoSuchModel(t *testing.T) {
	_, err := Load("arm9")
	if err == nil {
		t.Fatal("found")
	}
	for _, name := range Names() {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%q does not name %s", err, name)
		}
	}
	for _, path := range []string{"none.cat", "none.cfg"} {
		if _, err := Load(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestTags looks for tags in the tables that the models do not declare: such
// tags would have no effect.
func TestTags(t *testing.T) {
	braces := regexp.MustCompile(`__[a-z_]+\{([^}]*)\}`)
	keys := strings.Fields("before after read write both fail failbefore failafter ctrl failctrl")
	for _, name := range Names() {
		declared := declaredTags(t, name+".cat")
		if name == "lkmm" {
			declared = append(declared, declaredTags(t, "lkmm.bell")...)
		}
		for _, match := range braces.FindAllStringSubmatch(string(embedded(tableOf(name))), -1) {
			for item := range strings.SplitSeq(match[1], ";") {
				key, tags, ok := strings.Cut(item, "=")
				if !ok {
					tags = item
				} else if !slices.Contains(keys, strings.TrimSpace(key)) {
					t.Errorf("%s.def: %s: no key %q", name, match[0], key)
				}
				for _, tag := range strings.Fields(tags) {
					if !slices.Contains(declared, tag) {
						t.Errorf("%s.def: %s: %s is not declared in the model", name, match[0], tag)
					}
				}
			}
		}
	}
}

func declaredTags(t *testing.T, file string) (tags []string) {
	f, err := cat.Parse(file, embedded(file))
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range f.Ins {
		if e, ok := i.(*cat.Enum); ok {
			tags = append(tags, e.Tags...)
		}
	}
	return tags
}

// write puts files into a new directory.
func write(t *testing.T, files map[string]string) (dir string) {
	dir = t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestTableOfCat is about the table that a user's cat file is read with.
func TestTableOfCat(t *testing.T) {
	const def = "READ_ONCE(X) __load{once}(X)\n"
	tests := []struct {
		name, cat, neighbour, table string
	}{
		{"x86", "X86 TSO\nacyclic po | mf\nlet mf = 0", "", ""},
		{"x86", "X86 mine\nempty [MFENCE] & 0", "", "x86-tso.def"},
		{"ppc", "PPC\nempty [SYNC] & 0", "", "power.def"},
		{"riscv", "RISCV \"weak\"\nempty [Fence.rw.rw] & 0", "", "riscv.def"},
		{"arm", "AArch64\nempty [DMB.ISH] & 0", "", "armv8.def"},
		{"alpha", "Alpha\nempty [MB] & 0", "", "alpha.def"},
		{"c", "C RC11\nempty [RLX] & 0", "", "rc11.def"},
		{"kernel", "\"My kernel model\"\nempty [Rcu-lock] & 0", "", "lkmm.def"},
		{"lower", "LKMM\nempty [Mb] & 0", "", "lkmm.def"},
		{"own", "X86\nacyclic po", def, "own.def"},
		{"fences of RISC-V", "\"mine\"\nempty [Fence.rw.rw] & 0", "", "riscv.def"},
		{"fences of Arm", "\"mine\"\nempty [DMB.ISH] & 0", "", "armv8.def"},
	}
	for _, tt := range tests {
		files := map[string]string{tt.name + ".cat": tt.cat}
		if tt.neighbour != "" {
			files[tt.name+".def"] = tt.neighbour
		}
		m, err := Load(filepath.Join(write(t, files), tt.name+".cat"))
		if tt.table == "" {
			if catErr := (*cat.Error)(nil); !errors.As(err, &catErr) {
				t.Errorf("%s: %v, want a *cat.Error", tt.name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := filepath.Base(m.DefFile); got != tt.table {
			t.Errorf("%s: table %s, want %s", tt.name, got, tt.table)
		}
	}
}

func TestBellAndIncludeBeside(t *testing.T) {
	dir := write(t, map[string]string{
		"m.cat":    "\"mine\"\ninclude \"part.cat\"\nempty strange as none",
		"part.cat": "let strange = [Odd] ; po ; [Odd]",
		"m.bell":   "\"tags\"\nenum Odds = 'odd\ninstructions F[Odds]",
		"m.def":    "smp_mb() { __fence{odd}; }",
		"m.cfg":    "# a comment\nmacros m.def\nbell m.bell\nmodel m.cat\ngraph columns\n",
	})
	for _, name := range []string{"m.cat", "m.cfg"} {
		m, err := Load(filepath.Join(dir, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if m.Title != "mine" || filepath.Base(m.DefFile) != "m.def" || !strings.Contains(string(m.Def), "odd") {
			t.Errorf("%s: title %q, table %s", name, m.Title, m.DefFile)
		}
	}
}

// TestFencesThatTheModelDoesNotKnow: a fence with a tag of which the model has no set would order
// nothing, and a slip of the pen would go unnoticed.
func TestFencesThatTheModelDoesNotKnow(t *testing.T) {
	const byTag, byAny = "acyclic po & [Full] as none", "let f = fencerel(F)\nacyclic f as none"
	for _, c := range []struct{ check, def, want string }{
		{byTag, "smp_mb() { __fence{full}; }", ""},
		{byTag, "smp_mb() { __fence{ful}; }", "m.def:1:12: the model has no set of events with the tag 'ful'"},
		{byTag, "smp_mb() { __fence{full}; }\nxchg(X,V) __xchg{before=ful}(X,V)", "m.def:2:11: the model has no set of events with the tag 'ful'"},
		{byAny, "smp_mb() { __fence{ful}; }", ""},
	} {
		dir := write(t, map[string]string{
			"m.cat": "\"mine\"\nenum Fences = 'full\ninstructions F[Fences]\n" + c.check + "\n", "m.def": c.def,
			"m.cfg": "macros m.def\nmodel m.cat\n",
		})
		for _, name := range []string{"m.cat", "m.cfg"} {
			_, err := Load(filepath.Join(dir, name))
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%s, %s: %v, want %q", c.check, c.def, err, c.want)
			}
		}
	}
}

func TestAnIncludeStaysInTheModelsFolder(t *testing.T) {
	dir := write(t, map[string]string{"m.cat": "\"mine\"\ninclude \"../m.cat\"\n"})
	if _, err := Load(filepath.Join(dir, "m.cat")); err == nil || !strings.Contains(err.Error(), "m.cat:2:1: ") || !strings.Contains(err.Error(), "not in the folder of the model") {
		t.Error(err)
	}
}

func TestConfigErrors(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", "f: no model: add a line with model and the name of a cat file"},
		{"model a.cat", "f: no table of primitives: add a line with macros and the name of a def file"},
		{"model a.cat\nmacros a.def\nvariant lkmmv3", `f:3:1: no variant "lkmmv3": there are lkmmv1, lkmmv2`},
		{"model a.cat\nmacros a.def\nvariants lkmmv2", `f:3:1: no key "variants": the keys are macros, bell, model and variant`},
		{"\nmodel", "f:2:1: model needs the name of one file"},
		{"macros a b", "f:1:1: macros needs the name of one file"},
	}
	for _, tt := range tests {
		_, err := parseConfig("f", []byte(tt.text))
		if err == nil || err.Error() != tt.want {
			t.Errorf("%q: %v, want %s", tt.text, err, tt.want)
		}
	}
	dir := write(t, map[string]string{"c.cfg": "model none.cat\nmacros none.def"})
	var e *ConfigError
	if _, err := Load(filepath.Join(dir, "c.cfg")); !errors.As(err, &e) || e.Line != 2 {
		t.Errorf("missing file: %v", err)
	}
}

func FuzzConfig(f *testing.F) {
	f.Add("macros linux-kernel.def\nbell linux-kernel.bell\nmodel linux-kernel.cat\ngraph columns\n")
	f.Add("edgeattr hb,color,indigo # comment\nmodel")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parseConfig("f", []byte(text))
		var e *ConfigError
		if err != nil {
			if !errors.As(err, &e) {
				t.Fatalf("%T", err)
			}
			return
		}
		again := "macros " + c.macros.value + "\nmodel " + c.model.value + "\n"
		if c.bell.value != "" {
			again += "bell " + c.bell.value + "\n"
		}
		d, err := parseConfig("f", []byte(again))
		if err != nil {
			t.Fatal(err)
		}
		names := func(c config) []string { return []string{c.macros.value, c.bell.value, c.model.value} }
		if diff := cmp.Diff(names(c), names(d)); diff != "" {
			t.Error(diff)
		}
	})
}

func BenchmarkCompile(b *testing.B) {
	for _, s := range ship {
		b.Run(s.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.compile(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
