package csource

import (
	"cmp"
	"fmt"
	"regexp"
	"sync"

	"crosscall/memmodel/internal/ir"
)

// printedFlag says that a text which snprintf or its like makes is not what it would be: a
// value in it is not a constant, and a question mark stands for it.
const printedFlag = "printed-text"

var conversion = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`%([-+ 0#]*\d*(?:\.\d+)?)(hh|h|ll|l|z|j|t)?([diuxXocsp%])`)
})

// wide is how many bits of a number each length of a conversion has; the others have 64.
var wide = map[string]int{"hh": 8, "h": 16, "": 32}

// number is what a conversion prints of k, for a verb of package fmt.
func number(k int64, length, verb string) (any, string) {
	unused := 64 - cmp.Or(wide[length], 64)
	switch verb {
	case "d", "i":
		return k << unused >> unused, "d"
	case "u":
		return uint64(k) << unused >> unused, "d"
	case "c":
		return k, "c"
	}
	return uint64(k) << unused >> unused, verb
}

// format is __cc_format(to, size, "FORMAT", ...): snprintf.
func (l *lowerer) format(e *expr) value {
	to, size := l.code.kept(l.rvalue(e.args[0]), pointerT), l.rvalue(e.args[1])
	if !size.isConst() {
		fail(e.at, "the size has to be constant here")
	}
	format := e.args[2].name
	if e.args[2].kind != stringExpr {
		format = "%s" // and what it is is not known
	}
	text := l.formatted(format, e.args[3:])
	t := e.args[0].pointed
	if t == nil || t.size != 1 {
		t = &ctype{kind: intType, size: 1, signed: true, name: "char"}
	}
	for i := range min(int64(len(text))+1, size.e.K) {
		b := int64(0)
		if i < int64(len(text)) && i < size.e.K-1 {
			b = int64(text[i])
		}
		l.mem.plainStore(place{reg: ir.NoReg, addr: plus(to, i), t: t, class: to.class}, known(b))
	}
	return known(int64(len(text)))
}

// formatted is the text that a format makes of values.
func (l *lowerer) formatted(format string, args []*expr) string {
	text := conversion().ReplaceAllStringFunc(format, func(s string) string {
		m := conversion().FindStringSubmatch(s)
		if m[3] == "%" {
			return "%"
		}
		if len(args) == 0 {
			l.unit.printed = true
			return "?"
		}
		a := args[0]
		args = args[1:]
		if a.kind == stringExpr {
			return fmt.Sprintf("%"+m[1]+"s", a.name)
		}
		v := l.rvalue(a)
		if !v.isConst() || m[3] == "s" || m[3] == "p" {
			l.unit.printed = true
			return "?"
		}
		n, verb := number(v.e.K, m[2], m[3])
		return fmt.Sprintf("%"+m[1]+verb, n)
	})
	for _, a := range args {
		l.rvalue(a)
	}
	return text
}
