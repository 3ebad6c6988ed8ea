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
//     table of its own it has the table of the machine that its first line
//     names (SC, X86, AArch64, PPC, RISCV, Alpha, C). If it names none of
//     these, it has the table and the bell file of lkmm. If it does not compile
//     with those, it has the table of the first machine whose sets it knows
//     (MFENCE, DMB.SY, Fence.rw.rw ...).
//
// Files that a cat file includes are looked for beside it, then among those of
// package cat. Errors in a file are *cat.Error,
// *ConfigError, or, in a table, *primitive.Error.
func Load(name string) (*Model, error) { return LoadFrom(os.ReadFile, name) }

// LoadFrom is Load with another way to read files. A file that is not there is
// fs.ErrNotExist.
func LoadFrom(read Reader, name string) (*Model, error) {
	if s := find(name); s != nil {
		return s.load()
	}
	switch filepath.Ext(name) {
	case ".cfg":
		return read.loadConfig(name)
	case ".cat":
		return read.loadCat(name)
	}
	return nil, fmt.Errorf("no model %q: there are %s, and files (.cat, .cfg)", name, strings.Join(Names(), ", "))
}

// A Reader reads a file by its name.
type Reader func(name string) ([]byte, error)

func (read Reader) loadCat(path string) (*Model, error) {
	src, err := read(path)
	if err != nil {
		return nil, err
	}
	f, err := cat.Parse(path, src)
	if err != nil {
		return nil, err
	}
	m := &Model{Name: path}
	stem := strings.TrimSuffix(path, ".cat")
	m.DefFile = stem + ".def"
	if m.Def, err = read.beside(m.DefFile); err != nil {
		return nil, err
	}
	options := cat.Options{BellFile: stem + ".bell"}
	if options.Bell, err = read.beside(options.BellFile); err != nil {
		return nil, err
	}
	m.machine = machineOf(f)
	m.coarse = m.machine == nil || m.machine.name == "sc"
	if m.Def != nil {
		return m.compileWithTable(read, path, src, options)
	}
	if m.machine != nil {
		return read.compileFor(m.machine, *m, path, src, options)
	}
	loaded, err := read.compileFor(find("lkmm"), *m, path, src, options)
	if !unknownName(err) {
		return loaded, err
	}
	for _, s := range ship {
		if s.sets == "" {
			continue
		}
		options.Machine = s.sets
		if of, fails := read.compileFor(s, Model{Name: path, machine: s}, path, src, options); !unknownName(fails) {
			return of, fails
		}
	}
	return loaded, err
}

// unknownName reports whether a model does not compile because of a name that is not bound.
func unknownName(err error) bool {
	e := new(cat.Error)
	return errors.As(err, &e) && e.Unknown()
}

// compileFor makes m the model of a cat file, with the table of s and, if it has no bell
// file of its own, the bell file of s.
func (read Reader) compileFor(s *shipped, m Model, path string, src []byte, options cat.Options) (*Model, error) {
	m.DefFile, m.Def = s.table()
	if options.Bell == nil {
		of := s.options()
		options.Bell, options.BellFile = of.Bell, of.BellFile
	}
	return m.compileFile(read, path, src, options)
}

// machineOf is the machine that a model is of, or nil. Herd's aarch64.cat does not name it:
// it alone computes dependencies itself.
func machineOf(f *cat.File) *shipped {
	if f.Catdep && f.Arch == "" {
		return ofArch("AArch64")
	}
	return ofArch(f.Arch)
}

// compileWithTable is compileFile of a model with a table of its own.
func (m *Model) compileWithTable(read Reader, path string, src []byte, options cat.Options) (*Model, error) {
	m, err := m.compileFile(read, path, src, options)
	if err != nil {
		return nil, err
	}
	if err := m.Macros.CheckFences(m.Plan.TellsFence); err != nil {
		return nil, err
	}
	return m, nil
}

// compileFile makes m the model of a cat file, which may include others beside it or below.
func (m *Model) compileFile(read Reader, path string, src []byte, options cat.Options) (*Model, error) {
	dir := filepath.Dir(path)
	options.WholeAMOs = m.machine != nil && m.machine.whole
	options.Loader = func(name string) ([]byte, string, error) {
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			return nil, "", errors.New("it is not in the folder of the model")
		}
		file := filepath.Join(dir, filepath.FromSlash(name))
		src, err := read(file)
		return src, file, err
	}
	return m.compile(path, src, options)
}

// beside reads a file. The result is nil if there is no such file.
func (read Reader) beside(path string) ([]byte, error) {
	src, err := read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return src, err
}
