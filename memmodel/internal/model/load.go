package model

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"crosscall/memmodel/internal/cat"
)

// Load returns a model: one that is shipped, by name (see Names), or one in a
// file. A shipped model is compiled once, and is shared: do not change it.
//
// A file is one of two kinds:
//
//   - DIR/linux-kernel.cfg, the kernel's own, or another in herd's language for
//     configurations. It names a cat file and a table of primitives, and may
//     name a bell file; all are looked for beside it.
//   - a cat file, DIR/NAME.cat. The table is DIR/NAME.def if there is one, and
//     the declarations of tags are in DIR/NAME.bell if there is one. Without a
//     table of its own it is read with that of the machine that its first line
//     names (SC, X86, AArch64, PPC, RISCV, Alpha, C); if it names none of
//     these, with the table and the bell file of lkmm.
//
// Files that a cat file includes are looked for beside it, then among those of
// package cat. Errors in a file are *cat.Error,
// *ConfigError, or, in a table, *primitive.Error.
func Load(name string) (*Model, error) {
	if s := find(name); s != nil {
		return s.load()
	}
	switch filepath.Ext(name) {
	case ".cfg":
		return loadConfig(name)
	case ".cat":
		return loadCat(name)
	}
	return nil, fmt.Errorf("no model %q: there are %s, and files (.cat, .cfg)", name, strings.Join(Names(), ", "))
}

func loadCat(path string) (*Model, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	stem := strings.TrimSuffix(path, ".cat")
	m := &Model{Name: path, DefFile: stem + ".def"}
	if m.Def, err = beside(m.DefFile); err != nil {
		return nil, err
	}
	options := cat.Options{BellFile: stem + ".bell", Loader: loaderOf(path)}
	if options.Bell, err = beside(options.BellFile); err != nil {
		return nil, err
	}
	return m.ofCat(path, src, options)
}

// Parse returns the model of a cat file that is in memory, as Load does of one that has no
// other files beside it: what it includes is looked for among those of package cat only.
func Parse(name string, src []byte) (*Model, error) {
	return (&Model{Name: name}).ofCat(name, src, cat.Options{})
}

// ofCat completes m with a cat file, and with the table of its machine if m has none.
func (m *Model) ofCat(name string, src []byte, options cat.Options) (*Model, error) {
	f, err := cat.Parse(name, src)
	if err != nil {
		return nil, err
	}
	m.machine = ofArch(f.Arch)
	m.coarse = m.machine == nil || m.machine.name == "sc"
	if m.Def == nil {
		s := m.machine
		if s == nil {
			s = find("lkmm")
		}
		m.DefFile, m.Def = s.table()
		if options.Bell == nil {
			own := s.options()
			options.Bell, options.BellFile = own.Bell, own.BellFile
		}
	}
	return m.compile(name, src, options)
}

// loaderOf reads what a cat file includes, from beside it.
func loaderOf(path string) func(string) ([]byte, string, error) {
	dir := filepath.Dir(path)
	return func(name string) ([]byte, string, error) {
		file := filepath.Join(dir, filepath.FromSlash(name))
		src, err := os.ReadFile(file)
		return src, file, err
	}
}

// beside reads a file that need not be there; then it is nil.
func beside(path string) ([]byte, error) {
	src, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return src, err
}
