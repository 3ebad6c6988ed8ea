package overlay

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A source is a package of the standard library with the changes to it.
type source struct {
	path  string // "sync/atomic"
	fset  *token.FileSet
	files []*sourceFile
}

type sourceFile struct {
	name  string
	text  []byte
	ast   *ast.File
	edits []edit
}

// An edit replaces text[from:to].
type edit struct {
	from, to int
	text     string
}

// parsePackage reads the files of a package that are built on the platform.
func parsePackage(p listed) (*source, error) {
	s := &source{path: p.ImportPath, fset: token.NewFileSet()}
	for _, name := range p.GoFiles {
		if err := s.parse(p.Dir, name); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *source) parse(dir, name string) error {
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	f, err := parser.ParseFile(s.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	s.files = append(s.files, &sourceFile{name: name, text: text, ast: f})
	return nil
}

func (s *source) offset(p token.Pos) int { return s.fset.Position(p).Offset }

// function finds a function by its name, "f" or "(*T).f".
func (s *source) function(name string) (*sourceFile, *ast.FuncDecl) {
	for _, f := range s.files {
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && s.nameOf(fn) == name {
				return f, fn
			}
		}
	}
	return nil, nil
}

func (s *source) nameOf(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return fn.Name.Name
	}
	return "(" + s.print(fn.Recv.List[0].Type) + ")." + fn.Name.Name
}

func (s *source) print(n ast.Node) string {
	var b bytes.Buffer
	_ = printer.Fprint(&b, s.fset, n) // to a buffer
	return b.String()
}

// insert puts h at the beginning of its function's body, in the same line.
func (s *source) insert(h hook) error {
	f, fn := s.function(h.name)
	if fn == nil {
		return fmt.Errorf("%s has no function %s", s.path, h.name)
	}
	if fn.Body == nil {
		return fmt.Errorf("%s/%s: %s has no body", s.path, f.name, h.name)
	}
	if got := s.print(fn.Type); !slices.Contains(h.sigs, got) {
		return fmt.Errorf("%s/%s: %s is %q, not %q", s.path, f.name, h.name, got, strings.Join(h.sigs, `" or "`))
	}
	at := s.offset(fn.Body.Lbrace) + 1
	f.edits = append(f.edits, edit{at, at, " " + h.code + "; "})
	return nil
}

// importIn makes file f import path as name.
func (s *source) importIn(f *sourceFile, name, path string) {
	at := s.offset(f.ast.Name.End())
	f.edits = append(f.edits, edit{at, at, fmt.Sprintf("; import %s %q", name, path)})
}

// result is the file with its edits made.
func (f *sourceFile) result() []byte {
	edits := slices.Clone(f.edits)
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Compare(a.from, b.from) })
	var out []byte
	last := 0
	for _, e := range edits {
		out = append(out, f.text[last:e.from]...)
		out = append(out, e.text...)
		last = e.to
	}
	return append(out, f.text[last:]...)
}
