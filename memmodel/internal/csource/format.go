package csource

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"crosscall/memmodel/internal/ir"
)

// printedFlag says that a text which snprintf or its like makes is not what it would be: a
// value in it is not a constant, and a question mark stands for it.
const printedFlag = "printed-text"

var conversion = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`%([-+ 0#]*\d*(?:\.\d+)?)(?:hh|h|ll|l|z|j|t)?([diuxXocsp%])`)
})

// format is __cc_format(to, size, "FORMAT", ...): snprintf.
func (l *lowerer) format(e *expr) value {
	to, size := l.kept(l.rvalue(e.args[0]), pointerT), l.rvalue(e.args[1])
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
		l.plainStore(place{reg: ir.NoReg, addr: plus(to, i), t: t, class: to.class}, known(b))
	}
	return known(int64(len(text)))
}

// formatted is the text that a format makes of values.
func (l *lowerer) formatted(format string, args []*expr) string {
	text := conversion().ReplaceAllStringFunc(format, func(s string) string {
		m := conversion().FindStringSubmatch(s)
		if m[2] == "%" {
			return "%"
		}
		if len(args) == 0 {
			l.printed = true
			return "?"
		}
		a := args[0]
		args = args[1:]
		if a.kind == stringExpr {
			return fmt.Sprintf("%"+m[1]+"s", a.name)
		}
		v := l.rvalue(a)
		if !v.isConst() || m[2] == "s" || m[2] == "p" {
			l.printed = true
			return "?"
		}
		return fmt.Sprintf("%"+m[1]+strings.NewReplacer("i", "d", "u", "d").Replace(m[2]), v.e.K)
	})
	for _, a := range args {
		l.rvalue(a)
	}
	return text
}
