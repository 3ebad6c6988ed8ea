package gotest

import (
	"debug/elf"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// writeSpans writes the address ranges of package variables, in the form that the
// hooks read. Those of the program, not of the standard library, are marked. For a
// binary that is not ELF it writes none: its variables are not reset.
func writeSpans(binary, to string, standard map[string]bool) error {
	f, err := elf.Open(binary)
	if err != nil {
		return nil
	}
	defer f.Close()
	if f.Type != elf.ET_EXEC {
		return errors.New("the test binary is position-independent: where its variables are is not known")
	}
	symbols, err := f.Symbols()
	if err != nil {
		return fmt.Errorf("the test binary has no symbols, which say where its variables are (a linker flag -s leaves them out): %w", err)
	}
	var b strings.Builder
	slices.SortFunc(symbols, func(a, b elf.Symbol) int { return int(int64(a.Value - b.Value)) })
	for _, s := range symbols {
		if s.Size == 0 || !isVariable(f, s) {
			continue
		}
		mark := ""
		if isOfProgram(s.Name, standard) {
			mark = " program"
		}
		fmt.Fprintf(&b, "%x %x%s\n", s.Value, s.Value+s.Size, mark)
	}
	return os.WriteFile(to, []byte(b.String()), 0o666)
}

func isVariable(f *elf.File, s elf.Symbol) bool {
	if elf.ST_TYPE(s.Info) != elf.STT_OBJECT || int(s.Section) >= len(f.Sections) {
		return false
	}
	switch f.Sections[s.Section].Name {
	case ".data", ".bss", ".noptrdata", ".noptrbss":
		return true
	}
	return false
}

// isOfProgram reports whether a symbol is a variable of a package that is
// explored. The linker writes dots after the last slash of the package's path
// as %2e.
func isOfProgram(symbol string, standard map[string]bool) bool {
	if strings.ContainsAny(symbol, ":(") {
		return false // go:, type:; sections of C objects
	}
	slash := strings.LastIndexByte(symbol, '/') + 1
	pkg, name, ok := strings.Cut(symbol[slash:], ".")
	pkg = symbol[:slash] + strings.ReplaceAll(pkg, "%2e", ".")
	return ok && pkg != "main" && !standard[pkg] && name != ".inittask"
}

// hasTestMain reports whether p's tests have a TestMain.
func hasTestMain(p *pkg) bool {
	for _, name := range slices.Concat(p.TestGoFiles, p.XTestGoFiles) {
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "TestMain" {
				return true
			}
		}
	}
	return false
}
