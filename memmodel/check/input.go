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
	said() string   // the file's own "Result:"
	inputs() string // the inputs besides its own text; see csource.Source.Inputs
	C11() bool      // it uses C11's atomics or threads, and nothing of the kernel's
	compile(*primitive.Macros) (*ir.Test, error)
}

// parse reads a file: C if its name says so, else a litmus test.
func parse(path string, src []byte, c csource.Options) (in input, err error) {
	err = guard(func() error {
		if isC(path) || path == Stdin && !titled.Match(src) {
			s, err := csource.Parse(path, src, c)
			in = cInput{s, filepath.Base(path)}
			return err
		}
		ast, err := litmus.Parse(path, src)
		in = litmusInput{ast}
		return err
	})
	return in, err
}

// titled matches the first line of a litmus test, which no C program has.
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
	base string
}

func (in cInput) name() string { return in.base }

func (in cInput) said() string { return "" }

func (in cInput) inputs() string { return in.Inputs() }

func (in cInput) compile(m *primitive.Macros) (*ir.Test, error) { return in.Compile(m, nil) }
