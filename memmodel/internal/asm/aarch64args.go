package asm

import (
	"cmp"
	"strconv"
	"strings"
)

// a64Register finds X0 to X30, W0 to W30, SP, WZR and XZR, and symbolic registers as %x,
// or as X%x and W%x where the size is said.
func a64Register(name string) (Reg, bool) {
	if sym, ok := strings.CutPrefix(name, "%"); ok {
		return a64Symbolic(sym), sym != ""
	}
	if size, sym, ok := strings.Cut(name, "%"); ok {
		return Reg{Name: "%" + sym, Bits: map[string]int{"X": 64, "W": 32}[size]}, sym != ""
	}
	upper := strings.ToUpper(name)
	switch upper {
	case "XZR":
		return Reg{Name: "XZR", Bits: 64, Zero: true}, true
	case "WZR":
		return Reg{Name: "XZR", Bits: 32, Zero: true}, true
	case "SP":
		return Reg{Name: "SP", Bits: 64}, true
	case "WSP":
		return Reg{Name: "SP", Bits: 32}, true
	case "LR":
		return Reg{Name: "X30", Bits: 64}, true
	}
	if len(upper) < 2 || upper[0] != 'X' && upper[0] != 'W' {
		return Reg{}, false
	}
	n, err := strconv.Atoi(upper[1:])
	if err != nil || n < 0 || n > 30 || upper[1:] != strconv.Itoa(n) {
		return Reg{}, false
	}
	bits := 64
	if upper[0] == 'W' {
		bits = 32
	}
	return Reg{Name: "X" + upper[1:], Bits: bits}, true
}

// a64Symbolic is the register %name. One whose name begins with w is 32 bits of that which
// begins with x, as herd7 has it.
func a64Symbolic(name string) Reg {
	if strings.HasPrefix(name, "w") {
		return Reg{Name: "%x" + name[1:], Bits: 32}
	}
	return Reg{Name: "%" + name, Bits: 64}
}

// a64Compare orders XZR first, X2 before X10, and symbolic registers last.
func a64Compare(a, b string) int {
	symbolic := func(s string) int {
		switch {
		case s == "XZR":
			return 0
		case s[0] == '%':
			return 2
		}
		return 1
	}
	return cmp.Or(cmp.Compare(symbolic(a), symbolic(b)), compareNumbered(a, b))
}

// a64Arg reads an operand: X0, W0, #1, [X1], [X1,#8], [X1,W2,SXTW], [X1],#8, [X1,#8]!, LSL #3.
func a64Arg(s *scanner, a *arch) Arg {
	arg := Arg{At: s.tok.at}
	switch s.tok.kind {
	case '[':
		arg.Kind, arg.Mem = MemArg, s.a64Mem()
		return arg
	case '#', 'n', '-':
		arg.Kind, arg.Num = NumArg, s.integer()
		return arg
	case '{':
		s.fail("vectors are not supported")
	case ':':
		s.fail("relocations are not supported")
	}
	name := s.a64Word()
	if r, ok := a64Register(name); ok {
		arg.Reg = r
		return arg
	}
	arg.Kind, arg.Name = NameArg, name
	if name == here {
		s.accept('+')
		arg.Num = s.integer()
	}
	if isShift(name) && (s.tok.kind == '#' || s.tok.kind == 'n') {
		arg.Num = s.integer()
	}
	return arg
}

func (s *scanner) a64Word() string {
	if s.accept('%') {
		return "%" + s.word("an operand")
	}
	word := s.word("an operand")
	if (word == "X" || word == "W") && s.accept('%') {
		return word + "%" + s.word("an operand")
	}
	return word
}

func isShift(name string) bool {
	switch strings.ToUpper(name) {
	case "LSL", "LSR", "ASR", "ROR", "UXTB", "UXTH", "UXTW", "UXTX", "SXTB", "SXTH", "SXTW", "SXTX":
		return true
	}
	return false
}

func (s *scanner) a64Reg() *Reg {
	at := s.tok
	name := s.a64Word()
	r, ok := a64Register(name)
	if !ok {
		s.tok = at
		s.fail("AArch64 has no register %s", name)
	}
	return &r
}

func (s *scanner) a64Mem() *Mem {
	s.next()
	m := &Mem{Scale: 1, Base: s.a64Reg()}
	if s.accept(',') {
		s.a64Offset(m)
	}
	s.expect(']')
	switch {
	case s.accept('!'):
		m.Pre = true
	case s.tok.kind == ',':
		s.next()
		if s.tok.kind == 'w' || s.tok.kind == '%' {
			s.fail("a register cannot be added after the access")
		}
		m.Post, m.Disp = true, s.integer()
	}
	return m
}

// a64Offset reads #8, X2, W2,SXTW or X2,LSL #3.
func (s *scanner) a64Offset(m *Mem) {
	if s.tok.kind == '#' || s.tok.kind == 'n' || s.tok.kind == '-' {
		m.Disp = s.integer()
		return
	}
	m.Index = s.a64Reg()
	if !s.accept(',') {
		return
	}
	m.Extend = strings.ToUpper(s.word("LSL or an extension"))
	if s.tok.kind == '#' || s.tok.kind == 'n' {
		m.Scale = 1 << (s.integer() & 63)
	}
}
