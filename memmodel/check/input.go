package check

import (
	"fmt"
	"path/filepath"
	"regexp"
	"sync"

	"crosscall/memmodel/internal/asm"
	"crosscall/memmodel/internal/csource"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/litmus"
	"crosscall/memmodel/internal/model"
)

// An input is a file that was read, and can be made a test for any model.
type input interface {
	name() string
	said() string   // the file's own "Result:"
	inputs() string // the inputs besides its own text; see csource.Source.Inputs
	// own is the name of the model that it has if nobody names one; "": that of the Linux
	// kernel.
	own() string
	compile(*model.Model) (*ir.Test, error)
}

// parse reads a file: C if its name says so, else a litmus test.
func parse(path string, src []byte, c csource.Options) (in input, err error) {
	err = guard(func() error {
		if IsC(path) || path == Stdin && !titled().Match(src) && !asm.Is(src) {
			s, err := csource.Parse(path, src, c)
			in = cInput{s, filepath.Base(path), saidInC(src)}
			return err
		}
		if asm.Is(src) {
			ast, err := asm.Parse(path, src)
			in = asmInput{ast}
			return err
		}
		ast, err := litmus.Parse(path, src)
		in = litmusInput{ast}
		return err
	})
	return in, err
}

// titled matches the first line of a litmus test, which no C program has.
var titled = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^[ \t]*C[ \t]+[^ \t\r\n=;(]+[ \t\r]*$`) })

// IsC says whether a file is a C program, by its name: FILE.c, or FILE.i from a preprocessor.
func IsC(path string) bool {
	ext := filepath.Ext(path)
	return ext == ".c" || ext == ".i"
}

type litmusInput struct{ *litmus.AST }

func (in litmusInput) name() string { return in.Name }

func (in litmusInput) said() string { return in.Result }

func (in litmusInput) inputs() string { return "" }

func (in litmusInput) own() string { return ownOfC(in.C11()) }

func (in litmusInput) compile(m *model.Model) (*ir.Test, error) { return in.Compile(m.Macros) }

// ownOfC is the own model of what is written in C.
func ownOfC(c11 bool) string {
	if c11 {
		return "rc11"
	}
	return ""
}

type asmInput struct{ *asm.AST }

func (in asmInput) name() string { return in.Name }

func (in asmInput) said() string { return "" }

func (in asmInput) inputs() string { return "" }

func (in asmInput) own() string { return model.OfMachine(in.Arch) }

func (in asmInput) compile(m *model.Model) (*ir.Test, error) {
	if !m.Speaks(in.Arch) {
		return nil, fmt.Errorf("%s is in the assembly of %s, which model %s does not speak of: its model is %s", in.Name, in.Arch, m.Name, in.own())
	}
	return in.Compile()
}

type cInput struct {
	*csource.Source
	base    string
	results string // the result that its comments promise
}

func (in cInput) name() string { return in.base }

func (in cInput) said() string { return in.results }

func (in cInput) inputs() string { return in.Inputs() }

func (in cInput) own() string { return ownOfC(in.C11()) }

func (in cInput) compile(m *model.Model) (*ir.Test, error) { return in.Compile(m.Macros, nil) }
