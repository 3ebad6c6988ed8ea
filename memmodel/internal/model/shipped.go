package model

import (
	"cmp"
	"embed"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"crosscall/memmodel/internal/cat"
)

//go:embed models
var files embed.FS

// A shipped model is NAME.cat. Its primitives are in NAME.def, those that are
// the same for all models in generic.def. lkmm has a bell file as well.
type shipped struct {
	name    string
	aliases []string
	archs   []string // the first word of herd's models of the machine, in lower case
	sets    string   // the machine in cat.Options; "" if models of it declare their sets
	shares  string   // the model whose table it uses; "" if its own
	whole   bool     // in herd's executions of the machine an atomic instruction is one event
	load    func() (*Model, error)
}

var ship = []*shipped{
	{name: "lkmm", aliases: []string{"linux", "linux-kernel"}, archs: []string{"lkmm"}},
	{name: "sc", archs: []string{"sc"}},
	{name: "x86-tso", aliases: []string{"tso", "x86"}, archs: []string{"x86", "x86_64", "tso"}, sets: "x86"},
	{name: "armv8", aliases: []string{"aarch64", "arm64"}, archs: []string{"aarch64", "armv8"}, sets: "arm"},
	{name: "power", aliases: []string{"ppc", "powerpc"}, archs: []string{"ppc", "power"}, sets: "power"},
	{name: "riscv", aliases: []string{"rvwmo"}, archs: []string{"riscv"}, sets: "riscv", whole: true},
	{name: "alpha", archs: []string{"alpha"}, sets: "alpha"},
	{name: "rc11", aliases: []string{"c11"}, archs: []string{"c", "c11", "rc11"}, sets: "c11"},
	{name: "rc20", aliases: []string{"c20", "c23"}, archs: []string{"rc20"}, sets: "c11", shares: "rc11"},
}

func init() {
	for _, s := range ship {
		s.load = sync.OnceValues(s.compile)
	}
}

// Names returns the names of the shipped models, LKMM first.
func Names() []string {
	names := make([]string, len(ship))
	for i, s := range ship {
		names[i] = s.name
	}
	return names
}

func find(name string) *shipped {
	for _, s := range ship {
		if s.name == name || slices.Contains(s.aliases, name) {
			return s
		}
	}
	return nil
}

// ofArch returns the shipped model whose table fits a cat file that begins with
// the word arch, and nil if no machine is recognised.
func ofArch(arch string) *shipped {
	word, _, _ := strings.Cut(strings.ToLower(arch), " ")
	for _, s := range ship {
		if slices.Contains(s.archs, word) {
			return s
		}
	}
	return nil
}

func (s *shipped) compile() (*Model, error) {
	m := &Model{Name: s.name, machine: s, coarse: s.name == "sc"}
	m.DefFile, m.Def = s.table()
	return m.compile(s.name+".cat", embedded(s.name+".cat"), s.options())
}

// options are those with which a model that uses the table of s is compiled.
func (s *shipped) options() cat.Options {
	if s.name != "lkmm" {
		return cat.Options{}
	}
	return cat.Options{Bell: embedded("lkmm.bell"), BellFile: "lkmm.bell"}
}

// table is the table of s, and the part that all models share.
func (s *shipped) table() (file string, def []byte) {
	file = cmp.Or(s.shares, s.name) + ".def"
	return file, slices.Concat(embedded(file), []byte("\n"), embedded("generic.def"))
}

func embedded(name string) []byte {
	src, err := fs.ReadFile(files, "models/"+name)
	if err != nil {
		panic(err) // embedded: cannot fail
	}
	return src
}

// OfMachine is the name of the shipped model for tests in the assembly of a machine, "AArch64"
// or "X86_64".
func OfMachine(arch string) string {
	if s := ofArch(arch); s != nil {
		return s.name
	}
	return ""
}
