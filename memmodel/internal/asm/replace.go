package asm

import (
	"slices"
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/primitive"
)

// Dependency is the name in Sites of an instruction whose result is zero whatever it is
// computed from, such as EOR W2,W1,W1: it is there for the dependency. Independent is the
// name of what gives the same result without one.
const (
	Dependency  = "dependency"
	Independent = "no dependency"
)

// Sites lists the instructions, by place. The name of one is that of the instruction, and
// with a barrier that has operands these: "ldar", "dmb sy", "fence rw,w".
func (a *AST) Sites() (sites []primitive.Site) {
	for t := range a.Threads {
		for i := range a.Threads[t].Code {
			in := &a.Threads[t].Code[i]
			sites = append(sites, primitive.Site{Pos: in.At.In(a.file), Name: in.ordering(), Text: in.Text})
		}
	}
	slices.SortFunc(sites, func(x, y primitive.Site) int {
		if x.Pos.Line != y.Pos.Line {
			return x.Pos.Line - y.Pos.Line
		}
		return x.Pos.Col - y.Pos.Col
	})
	return sites
}

// ordering is the name of an instruction as far as ordering goes.
func (in *Inst) ordering() string {
	if (in.Name == "eor" || in.Name == "xor") && len(in.Args) == 3 && in.Args[2].Kind == RegArg && in.Args[1].Reg == in.Args[2].Reg {
		return Dependency
	}
	var words []string
	for _, a := range in.Args {
		if a.Kind != NameArg {
			return in.Name
		}
		words = append(words, strings.ToLower(a.Name))
	}
	switch in.Name {
	case "dmb", "dsb", "fence": // which have words for operands, or none
		return strings.TrimSpace(in.Name + " " + strings.Join(words, ","))
	}
	return in.Name
}

// Has reports whether the machine has an instruction with a name as Sites has it.
func (a *AST) Has(name string) bool {
	if name == Dependency || name == Independent {
		return true
	}
	word, _, _ := strings.Cut(name, " ")
	return a.arch.forms()[word] != nil
}

// CompileReplaced is Compile of the test with other instructions at some of its Sites, with
// the same operands. "" drops one, which has to be a barrier.
func (a *AST) CompileReplaced(replace map[graph.Pos]string) (*ir.Test, error) {
	c := *a
	c.Threads = slices.Clone(a.Threads)
	left := len(replace)
	for t := range c.Threads {
		code := slices.Clone(c.Threads[t].Code)
		for i := range code {
			if name, ok := replace[code[i].At.In(a.file)]; ok {
				code[i] = a.replaced(code[i], name)
				left--
			}
		}
		c.Threads[t].Code = code
	}
	if left > 0 {
		for at := range replace {
			return nil, &primitive.Error{Pos: at, Msg: "there may be no instruction here that could be replaced"}
		}
	}
	return c.Compile()
}

// replaced is in with another name.
func (a *AST) replaced(in Inst, name string) Inst {
	if name == Independent {
		zero := "li"
		if a.arch == aarch64 {
			zero = "mov"
		}
		in.Name, in.Args = zero, []Arg{in.Args[0], {Kind: NumArg, At: in.At}}
		dst, _, _ := strings.Cut(in.Text, ",")
		_, dst, _ = strings.Cut(dst, " ")
		in.Text = zero + " " + dst + ",0"
		return in
	}
	written := in.ordering()
	upper := in.Text == strings.ToUpper(in.Text)
	word, operands, _ := strings.Cut(name, " ")
	if name == "" {
		word, in.Args = "nop", nil
	}
	in.Name = word
	if operands != "" {
		in.Args = nil
		for o := range strings.SplitSeq(operands, ",") {
			in.Args = append(in.Args, Arg{Kind: NameArg, Name: o, At: in.At})
		}
	}
	_, rest, _ := strings.Cut(in.Text, " ")
	switch {
	case name == "":
		in.Text = "nop"
	case strings.Contains(written+name, " ") || rest == "":
		in.Text = name
	default:
		in.Text = name + " " + rest
	}
	if upper {
		in.Text = strings.ToUpper(in.Text)
	}
	return in
}
