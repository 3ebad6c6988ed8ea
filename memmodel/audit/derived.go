package audit

import (
	"fmt"
	"strings"

	"crosscall/memmodel/internal/csource"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/primitive"
)

// A derived primitive has only a fully ordered form in the kernel, but can be
// written with a weaker order by means of another primitive. Its names are
// internal: programs cannot use them.
type derived struct {
	stem, params string // the name is the stem, then an order
	use          string // the use of the other primitive, with an order in place of %s
	value        string // the expression of which the use is a part, in place of %s
	words        string // the C that a person writes for it
}

var derivations = []derived{
	{"atomic_sub_and_test", "V,X", "atomic_sub_return_%s", "%s(V,X) == 0", "atomic_sub_return_%s(...) == 0"},
	{"atomic_inc_and_test", "X", "atomic_inc_return_%s", "%s(X) == 0", "atomic_inc_return_%s(...) == 0"},
	{"atomic_dec_and_test", "X", "atomic_dec_return_%s", "%s(X) == 0", "atomic_dec_return_%s(...) == 0"},
	{"test_and_set_bit", "N,X", "atomic_fetch_or_%s", "(%s(1 << (N),X) >> (N)) & 1", "atomic_fetch_or_%s(...)"},
	{"test_and_clear_bit", "N,X", "atomic_fetch_and_%s", "(%s(~(1 << (N)),X) >> (N)) & 1", "atomic_fetch_andnot_%s(...)"},
	{"test_and_change_bit", "N,X", "atomic_fetch_xor_%s", "(%s(1 << (N),X) >> (N)) & 1", "atomic_fetch_xor_%s(...)"},
}

var derivedOrders = []string{"acquire", "release", "relaxed"}

// table returns the model's primitives and those derived from them.
func table(m *model.Model) (*primitive.Macros, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", m.Def)
	for _, d := range derivations {
		for _, o := range derivedOrders {
			use, name := fmt.Sprintf(d.use, o), d.stem+"_"+o
			if has(m.Macros, use) && !has(m.Macros, name) {
				fmt.Fprintf(&b, "%s(%s) "+d.value+"\n", name, d.params, use)
			}
		}
	}
	return primitive.ParseMacros(m.DefFile, []byte(b.String()))
}

func has(m *primitive.Macros, name string) bool {
	_, _, ok := m.Params(name)
	return ok
}

// words is the C that a person writes for a primitive.
func words(name string) string {
	for _, d := range derivations {
		for _, o := range derivedOrders {
			for _, kin := range []string{"atomic_", "atomic_long_", "atomic64_"} {
				if name == strings.Replace(d.stem, "atomic_", kin, 1)+"_"+o {
					return strings.Replace(fmt.Sprintf(d.words, o), "atomic_", kin, 1)
				}
			}
		}
	}
	if rest, ok := strings.CutPrefix(name, "c11_"); ok {
		return c11Words(rest)
	}
	if instruction, _ := csource.Instruction(name); instruction != "" {
		return instruction
	}
	switch name {
	case nothing:
		return "nothing"
	case "__plain_load", "__plain_store":
		return "a plain access"
	}
	return name
}

// c11Words are the memory orders of a C11 operation: two of a
// compare-and-exchange.
func c11Words(name string) string {
	var list []string
	for cut := true; cut; {
		cut = false
		for _, o := range orders {
			if stem, ok := strings.CutSuffix(name, o.suffix); ok {
				list = append([]string{"memory_order" + o.suffix}, list...)
				name, cut = stem, true
				break
			}
		}
	}
	return strings.Join(list, ", ")
}
