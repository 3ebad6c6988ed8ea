package asm

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"crosscall/memmodel/internal/primitive"
	"crosscall/memmodel/internal/slip"
)

// An arch is a machine: its registers, how its operands are written, and its instructions.
type arch struct {
	names []string // the words for it in the first line of a test
	// register is a register by its name, and whether there is one.
	register func(name string) (Reg, bool)
	// arg reads an operand.
	arg func(s *scanner, a *arch) Arg
	// forms returns the instructions, by name. refused are those that are known and not
	// supported, with the reason.
	forms   func() map[string][]form
	refused map[string]string
	// suffixed takes from a name that is no key of forms the letters that say how large the
	// operands are, in bytes. nil: there are none.
	suffixed func(name string) (base string, size int)
	// compare orders the registers of a thread in a list of states.
	compare func(a, b string) int
	// signed is set if a load of 32 bits extends the sign, where an instruction does not
	// say so.
	signed bool
	// asks are the flags that an instruction uses, a letter for each; nil: none does.
	asks func(in *Inst) string
	// reversed is set if the operand that is written to stands last.
	reversed    bool
	word        int    // bits of a register
	accumulator string // x86: the register that CMPXCHG compares with
}

// A form is a row of a table of instructions: the operands that it takes, and its effect.
type form struct {
	// args has a word for each operand: the letters of the kinds that it may be of, r for a
	// register, n for a number, m for memory, w for a word. A ? behind says that this
	// operand, and those that follow, may be missing.
	args string
	do   func(b *builder, in *Inst)
}

// rows are a table as it is written: name, operands, effect.
type rows []struct {
	names string // one or more
	args  string
	do    func(b *builder, in *Inst)
}

func (list rows) forms() map[string][]form {
	m := map[string][]form{}
	for _, x := range list {
		for name := range strings.FieldsSeq(x.names) {
			m[name] = append(m[name], form{x.args, x.do})
		}
	}
	return m
}

var archs []*arch

func init() {
	archs = []*arch{aarch64, ppc, riscv, x86, x8664}
}

func archNames() (list []string) {
	for _, a := range archs {
		list = append(list, a.names[0])
	}
	return list
}

func findArch(word string) *arch {
	for _, a := range archs {
		if slices.Contains(a.names, word) {
			return a
		}
	}
	return nil
}

// instruction reads an instruction up to the end of its cell.
func (a *arch) instruction(s *scanner) Inst {
	in := Inst{At: s.tok.at}
	name := strings.ToLower(s.word("an instruction"))
	if name == "lock" {
		in.Lock = true
		s.accept(';')
		name = strings.ToLower(s.word("an instruction"))
	}
	in.Name = name
	if why, ok := a.refused[name]; ok {
		primitive.Fail(s.file, in.At, "%s is not supported: %s", name, why)
	}
	if base, size := a.suffix(name); size > 0 {
		in.Name, in.Size = base, size
	}
	if a.forms()[in.Name] == nil {
		primitive.Fail(s.file, in.At, "%s has no instruction %s%s", a.names[0], name, a.nearest(name))
	}
	if in.Lock && !slices.Contains(x86Lockable, in.Name) {
		primitive.Fail(s.file, in.At, "%s cannot have the prefix lock", in.Name)
	}
	for s.tok.kind != 0 {
		if len(in.Args) > 0 {
			s.expect(',')
		}
		in.Args = append(in.Args, a.arg(s, a))
	}
	if a.reversed && !a.ordered(&in) || a.formOf(&in) == nil {
		primitive.Fail(s.file, in.At, "%s takes other operands: %s", name, a.usage(in.Name))
	}
	return in
}

func (a *arch) suffix(name string) (base string, size int) {
	if a.suffixed == nil || a.forms()[name] != nil {
		return "", 0
	}
	if base, size = a.suffixed(name); a.forms()[base] == nil {
		return "", 0
	}
	return base, size
}

// ordered puts the operand that is written to first. Where that fits no form they may be
// as they are: herd7 has the memory of CMPXCHG first.
func (a *arch) ordered(in *Inst) bool {
	slices.Reverse(in.Args)
	if a.formOf(in) != nil {
		return true
	}
	slices.Reverse(in.Args)
	return a.formOf(in) != nil
}

// formOf is the form that an instruction is of; nil if its operands fit none.
func (a *arch) formOf(in *Inst) *form {
	list := a.forms()[in.Name]
	for i := range list {
		if list[i].fits(in.Args) {
			return &list[i]
		}
	}
	return nil
}

func (f *form) fits(args []Arg) bool {
	words := strings.Fields(f.args)
	if len(args) > len(words) {
		return false
	}
	for i, w := range words {
		if i == len(args) {
			return strings.HasSuffix(w, "?")
		}
		if strings.IndexByte(w, "rnwm"[args[i].Kind]) < 0 {
			return false
		}
	}
	return true
}

var kindNames = map[byte]string{'r': "a register", 'n': "a number", 'm': "memory", 'w': "a word"}

// usage words the operands that an instruction takes.
func (a *arch) usage(name string) string {
	var forms []string
	for _, f := range a.forms()[name] {
		var list []string
		for w := range strings.FieldsSeq(f.args) {
			var kinds []string
			for i := range len(w) {
				if k, ok := kindNames[w[i]]; ok {
					kinds = append(kinds, k)
				}
			}
			item := strings.Join(kinds, " or ")
			if strings.HasSuffix(w, "?") {
				item = "[" + item + "]"
			}
			list = append(list, item)
		}
		if len(list) == 0 {
			list = []string{"none"}
		}
		forms = append(forms, strings.Join(list, ", "))
	}
	return strings.Join(forms, "; or ")
}

// nearest suggests the known instruction that a name is most like.
func (a *arch) nearest(name string) string {
	best := slip.Closest(name, max(2, len(name)/2), maps.Keys(a.forms()))
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// compareNumbered orders registers by the letters of their names and then by the number.
func compareNumbered(a, b string) int {
	split := func(s string) (string, int) {
		letters := strings.TrimRight(s, "0123456789")
		n := 0
		for _, c := range s[len(letters):] {
			n = n*10 + int(c-'0')
		}
		return letters, n
	}
	x, i := split(a)
	y, k := split(b)
	return cmp.Or(strings.Compare(x, y), cmp.Compare(i, k))
}
