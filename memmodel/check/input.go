package check

import (
	"path/filepath"
	"regexp"

	"crosscall/memmodel/internal/csource"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/litmus"
	"crosscall/memmodel/internal/primitive"
)

// An input is a file that was read, and can be made a test for any model.
type input interface {
	name() string
	said() string   // what the file says will come of it
	inputs() string // what it was made of besides its own text
	C11() bool      // it uses C11's atomics or threads, and nothing of the kernel's
	compile(*primitive.Macros) (*ir.Test, error)
}

// parse reads a file: C if its name says so, else a litmus test.
func parse(path string, src []byte, c csource.Options) (in input, err error) {
	err = guard(func() error {
		if isC(path) || path == Stdin && !titled.Match(src) {
			s, err := csource.Parse(path, src, c)
			in = cInput{s, filepath.Base(path), saidInC(src)}
			return err
		}
		ast, err := litmus.Parse(path, src)
		in = litmusInput{ast}
		return err
	})
	return in, err
}

// titled is the first line of a litmus test, as no C program has it.
var titled = regexp.MustCompile(`(?m)^[ \t]*C[ \t]+[^ \t\r\n=;(]+[ \t\r]*$`)

// isC says whether a file is a C program, by its name.
func isC(path string) bool { return filepath.Ext(path) == ".c" }

type litmusInput struct{ *litmus.AST }

func (in litmusInput) name() string { return in.Name }

func (in litmusInput) said() string { return in.Result }

func (in litmusInput) inputs() string { return "" }

func (in litmusInput) compile(m *primitive.Macros) (*ir.Test, error) { return in.Compile(m) }

type cInput struct {
	*csource.Source
	base    string
	results string // what its comments say will come of it
}

func (in cInput) name() string { return in.base }

func (in cInput) said() string { return in.results }

func (in cInput) inputs() string { return in.Inputs() }

func (in cInput) compile(m *primitive.Macros) (*ir.Test, error) { return in.Compile(m, nil) }
