package asm

import (
	"slices"
	"strings"
)

// x86Names are the registers by their number in a machine: of 64, 32, 16 and 8 bits, and
// bits 8 to 15.
var x86Names = [][5]string{
	{"rax", "eax", "ax", "al", "ah"}, {"rbx", "ebx", "bx", "bl", "bh"}, {"rcx", "ecx", "cx", "cl", "ch"}, {"rdx", "edx", "dx", "dl", "dh"},
	{"rsi", "esi", "si", "sil"}, {"rdi", "edi", "di", "dil"}, {"rbp", "ebp", "bp", "bpl"}, {"rsp", "esp", "sp", "spl"},
	{"r8", "r8d", "r8w", "r8b"}, {"r9", "r9d", "r9w", "r9b"}, {"r10", "r10d", "r10w", "r10b"}, {"r11", "r11d", "r11w", "r11b"},
	{"r12", "r12d", "r12w", "r12b"}, {"r13", "r13d", "r13w", "r13b"}, {"r14", "r14d", "r14w", "r14b"}, {"r15", "r15d", "r15w", "r15b"},
	{"rip"}, {"cs"},
}

// x86Register finds registers by name for a machine of 32 or 64 bits. In one of 32 the
// whole register is E and what it holds may be an address.
func x86Register(bits int) func(string) (Reg, bool) {
	return func(name string) (Reg, bool) {
		name = strings.ToLower(strings.TrimPrefix(name, "%"))
		for _, names := range x86Names {
			i := slices.Index(names[:], name)
			switch {
			case i < 0 || names[i] == "":
				continue
			case bits == 32 && i == 0:
				return Reg{}, false
			case bits == 32 && i == 1:
				return Reg{Name: strings.ToUpper(name), Bits: 64}, true
			case bits == 32:
				return Reg{Name: strings.ToUpper(names[1]), Bits: []int{64, 32, 16, 8, 8}[i], High: i == 4}, true
			}
			return Reg{Name: names[0], Bits: []int{64, 32, 16, 8, 8}[i], High: i == 4}, true
		}
		return Reg{}, false
	}
}

// x86Compare is herd's order of registers.
func x86Compare(a, b string) int {
	place := func(name string) int {
		return slices.IndexFunc(x86Names, func(names [5]string) bool { return names[0] == name })
	}
	return place(a) - place(b)
}

// x86Asks is not empty if an instruction uses flags: a conditional one.
func x86Asks(in *Inst) string {
	if in.Name[0] == 'j' && in.Name != "jmp" || strings.HasPrefix(in.Name, "set") || strings.HasPrefix(in.Name, "cmov") {
		return "f"
	}
	return ""
}

// x86Arg reads an operand: EAX, %eax, $1, 1, [x], (x), (%rax), 8(%rax,%rbx,4).
func x86Arg(s *scanner, a *arch) Arg {
	arg := Arg{At: s.tok.at}
	switch s.tok.kind {
	case '[', '(':
		arg.Kind, arg.Mem = MemArg, s.x86Mem(a, 0)
		return arg
	case '$', 'n', '-':
		arg.Kind, arg.Num = NumArg, s.integer()
		if s.tok.kind == '(' || s.tok.kind == '[' {
			arg.Kind, arg.Mem = MemArg, s.x86Mem(a, arg.Num)
		}
		return arg
	case '%':
		s.next()
		arg.Reg = s.x86Reg(a)
		if s.accept(':') { // a segment, which is all of memory
			return x86Arg(s, a)
		}
		return arg
	}
	name := s.word("an operand")
	if r, ok := a.register(name); ok {
		arg.Reg = r
		return arg
	}
	arg.Kind, arg.Name = NameArg, name
	return arg
}

func (s *scanner) x86Reg(a *arch) Reg {
	at := s.tok
	r, ok := a.register(s.word("a register"))
	if !ok {
		s.tok = at
		s.fail("%s has no register %s", a.names[0], at.text)
	}
	return r
}

// x86Mem reads (x), (%rax), (%rax,%rbx,4).
func (s *scanner) x86Mem(a *arch, disp int64) *Mem {
	m := &Mem{Disp: disp, Scale: 1}
	closing := byte(')')
	if s.tok.kind == '[' {
		closing = ']'
	}
	s.next()
	percent := s.accept('%')
	if s.tok.kind == 'n' {
		m.Disp += s.integer()
	} else if r, ok := a.register(s.tok.text); ok {
		m.Base = &r
		s.next()
	} else if percent {
		s.x86Reg(a)
	} else {
		m.Symbol = s.word("a variable or a register")
	}
	if s.accept(',') {
		s.accept('%')
		r := s.x86Reg(a)
		m.Index = &r
		if s.accept(',') {
			m.Scale = s.integer()
		}
	}
	s.expect(closing)
	return m
}
