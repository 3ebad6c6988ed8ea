package audit

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"crosscall/memmodel/check"
	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/asm"
	"crosscall/memmodel/internal/csource"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/litmus"
	"crosscall/memmodel/internal/primitive"
)

// A Source is a program whose primitives can be replaced by others.
type Source interface {
	// Sites lists the uses of primitives, by place.
	Sites() []primitive.Site
	// Compile makes a test of the program for a table of primitives, with other
	// primitives in some places. "" drops a fence.
	Compile(m *primitive.Macros, replace map[graph.Pos]string) (*ir.Test, error)
}

// Litmus is a litmus test as a Source.
func Litmus(ast *litmus.AST) Source { return litmusSource{ast} }

type litmusSource struct{ *litmus.AST }

func (s litmusSource) Compile(m *primitive.Macros, replace map[graph.Pos]string) (*ir.Test, error) {
	return s.CompileReplaced(m, replace)
}

// An Input is a file to audit.
type Input struct {
	File string
	Text string
	// Programs are the programs of the file, one or several scenarios, all with
	// the same barriers. Each has to keep its promise.
	Programs []Program
}

// A Program is one way to read a file.
type Program struct {
	Name   string // of the scenario; "" if there is only one
	Source Source
}

// maxFile bounds the bytes that are read of a file: a device may be endless.
const maxFile = 32 << 20

// Scenario is a way to read a C file: with these macros. Name is for reports.
type Scenario struct {
	Name    string
	Options csource.Options
}

// Open reads a C file, if its name ends with .c or .i, or else a litmus test. A C file is read in
// each of the scenarios, or as it is if there are none; a litmus test has none. Errors in the file are those of its
// front end, with a place.
func Open(name string, scenarios ...Scenario) (*Input, error) {
	text, err := read(name)
	if err != nil {
		return nil, err
	}
	return parse(name, text, scenarios)
}

// Parse is Open of a file that is in memory.
func Parse(name string, text []byte, scenarios ...Scenario) (*Input, error) {
	return parse(name, text, scenarios)
}

// parse is Open of a text.
func parse(name string, text []byte, scenarios []Scenario) (*Input, error) {
	in := &Input{File: name, Text: string(text)}
	if !check.IsC(name) {
		if len(scenarios) > 0 {
			return nil, fmt.Errorf("%s: only C files have scenarios", name)
		}
		if asm.Is(text) {
			ast, err := asm.Parse(name, text)
			if err != nil {
				return nil, err
			}
			in.Programs = []Program{{Source: asmSource{ast}}}
			return in, nil
		}
		ast, err := litmus.Parse(name, text)
		if err != nil {
			return nil, err
		}
		in.Programs = []Program{{Source: Litmus(ast)}}
		return in, nil
	}
	if len(scenarios) == 0 {
		scenarios = make([]Scenario, 1)
	}
	for _, s := range scenarios {
		source, err := csource.Parse(name, text, s.Options)
		if err != nil {
			return nil, err
		}
		in.Programs = append(in.Programs, Program{s.Name, source})
	}
	return in, nil
}

func read(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(text) > maxFile {
		err = fmt.Errorf("%s: has more than %d bytes: no program to audit", name, maxFile)
	}
	return text, err
}

// line is the source's line at a place, or the text of the site if the place is
// in another file, such as a header.
func (in *Input) line(s primitive.Site) string {
	if !in.isOwn(s.Pos.File) {
		return s.Text
	}
	n := 0
	for line := range strings.Lines(in.Text) {
		if n++; n == s.Pos.Line {
			return strings.Join(strings.Fields(line), " ")
		}
	}
	return s.Text
}

// isOwn reports whether a file, as a place names it, is the one that is audited.
func (in *Input) isOwn(file string) bool { return file == filepath.ToSlash(in.File) }
