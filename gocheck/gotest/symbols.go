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

// registries are variables of the standard library that programs change for all their
// tests, by what they register in init functions or set. They are put back as those of
// the program are. The value is the package that initializes them.
var registries = map[string]string{
	"database/sql.drivers":     "database/sql",
	"expvar.vars":              "expvar",
	"log.std":                  "log",
	"log/slog.defaultLogger":   "log/slog",
	"log/slog.logLoggerLevel":  "log/slog",
	"net/http.defaultServeMux": "net/http/pprof",
}

// writeSpans writes the memory of package variables, as the hooks read it. Those that are
// put back are marked: the program's, and registries. A line "init P" names a package of the
// standard library that is initialized again. A program in a format
// that is not ELF has none: its variables are not put back.
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
		if pkg, ok := registries[s.Name]; ok {
			fmt.Fprintf(&b, "init %s\n", pkg)
			mark = " program"
		} else if isOfProgram(s.Name, standard) {
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
