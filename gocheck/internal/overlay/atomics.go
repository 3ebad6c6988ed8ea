package overlay

import (
	"fmt"
	"go/ast"
	"regexp"
	"strings"
	"sync"
)

// The functions of sync/atomic are declared without a body. Each gets one: the
// operation of internal/runtime/atomic between two hooks.

var atomicName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(Swap|CompareAndSwap|Add|And|Or|Load|Store)(Int32|Uint32|Int64|Uint64|Uintptr|Pointer)$`)
})

// An atomicType has the names of a type in internal/runtime/atomic: suffix of
// the functions, type of the word, suffix of And and Or, type of an Add's
// delta.
type atomicType struct{ suffix, word, mask, delta string }

var atomicTypes = map[string]atomicType{
	"Int32":   {"", "uint32", "32", "int32"},
	"Uint32":  {"", "uint32", "32", "int32"},
	"Int64":   {"64", "uint64", "64", "int64"},
	"Uint64":  {"64", "uint64", "64", "int64"},
	"Uintptr": {"uintptr", "uintptr", "uintptr", "uintptr"},
}

// The body of each operation. T is the type, W its word, S, M and D the rest of
// an atomicType, P the pointer; on is whether the caller is explored.
var atomicBodies = map[string]string{
	"Load":           `val = T(ia.LoadS(P)); if on { LEAVE(false) }; return`,
	"Store":          `if on { old := T(ia.XchgS(P, W(val))); LEAVE(old != val); return }; ia.StoreS(P, W(val))`,
	"Swap":           `old = T(ia.XchgS(P, W(new))); if on { LEAVE(old != new) }; return`,
	"CompareAndSwap": `swapped = ia.CasS(P, W(old), W(new)); if on { LEAVE(swapped) }; return`,
	"Add":            `new = T(ia.XaddS(P, D(delta))); if on { LEAVE(delta != 0) }; return`,
	"And":            `old = T(ia.AndM(P, W(mask))); if on { LEAVE(old&mask != old) }; return`,
	"Or":             `old = T(ia.OrM(P, W(mask))); if on { LEAVE(old|mask != old) }; return`,
}

var atomicParameters = map[string]string{
	"Load":           "func(addr *T) (val T)",
	"Store":          "func(addr *T, val T)",
	"Swap":           "func(addr *T, new T) (old T)",
	"CompareAndSwap": "func(addr *T, old, new T) (swapped bool)",
	"Add":            "func(addr *T, delta T) (new T)",
	"And":            "func(addr *T, mask T) (old T)",
	"Or":             "func(addr *T, mask T) (old T)",
}

// giveBodies gives the functions of sync/atomic their bodies.
func (s *source) giveBodies() error {
	given := 0
	for _, f := range s.files {
		here := 0
		for _, d := range f.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body != nil || fn.Recv != nil {
				continue
			}
			m := atomicName().FindStringSubmatch(fn.Name.Name)
			if m == nil || m[2] == "Pointer" && m[1] != "Load" {
				continue // in package runtime
			}
			if err := s.giveBody(f, fn, m[1], m[2]); err != nil {
				return err
			}
			here++
		}
		if here > 0 {
			s.importIn(f, "ia", "internal/runtime/atomic")
			s.importIn(f, "crosscallunsafe", "unsafe")
		}
		given += here
	}
	if given != len(atomicBodies)*len(atomicTypes)+1 {
		return fmt.Errorf("sync/atomic declares %d functions without a body, not %d", given, len(atomicBodies)*len(atomicTypes)+1)
	}
	return nil
}

func (s *source) giveBody(f *sourceFile, fn *ast.FuncDecl, op, name string) error {
	typ := strings.ToLower(name)
	if name == "Pointer" {
		typ = "unsafe.Pointer"
	}
	want := regexp.MustCompile(`\bT\b`).ReplaceAllString(atomicParameters[op], typ)
	if got := s.print(fn.Type); got != want {
		return fmt.Errorf("sync/atomic/%s: %s is %q, not %q", f.name, fn.Name.Name, got, want)
	}
	s.dropEscape(f, fn)
	s.linkname(f, fn)
	end := s.offset(fn.End())
	f.edits = append(f.edits, edit{end, end, " { " + atomicBody(op, name, typ) + " }"})
	return nil
}

func atomicBody(op, name, typ string) string {
	if name == "Pointer" {
		return `on := crosscallEnter(crosscallsys.GetCallerPC(), crosscallunsafe.Pointer(addr), 8, crosscallLoad); val = ia.Loadp(unsafe.Pointer(addr)); ` +
			`if on { crosscallLeave(crosscallunsafe.Pointer(addr), crosscallLoad, false) }; return`
	}
	t := atomicTypes[name]
	size := "8"
	if strings.HasSuffix(name, "32") {
		size = "4"
	}
	body := "on := crosscallEnter(crosscallsys.GetCallerPC(), crosscallunsafe.Pointer(addr), " + size + ", crosscall" + op + "); " + atomicBodies[op]
	body = strings.ReplaceAll(body, "LEAVE(", "crosscallLeave(crosscallunsafe.Pointer(addr), crosscall"+op+", ")
	body = regexp.MustCompile(`\bia\.(Load|Store|Xchg|Cas|Xadd)S\b`).ReplaceAllString(body, "ia.${1}"+t.suffix)
	body = regexp.MustCompile(`\bia\.(And|Or)M\b`).ReplaceAllString(body, "ia.${1}"+t.mask)
	for from, to := range map[string]string{"T": typ, "W": t.word, "D": t.delta, "P": "(*" + t.word + ")(crosscallunsafe.Pointer(addr))"} {
		body = regexp.MustCompile(`\b`+from+`\b`).ReplaceAllString(body, to)
	}
	return body
}

// dropEscape removes go:noescape, which is for functions without a body.
func (s *source) dropEscape(f *sourceFile, fn *ast.FuncDecl) {
	if fn.Doc == nil {
		return
	}
	for _, c := range fn.Doc.List {
		if c.Text == "//go:noescape" {
			f.edits = append(f.edits, edit{s.offset(c.Pos()), s.offset(c.End()), "//"})
		}
	}
}

// linkname allows package runtime to refer to these functions by its own names.
// The assembler's files needed no such permission.
func (s *source) linkname(f *sourceFile, fn *ast.FuncDecl) {
	name := fn.Name.Name
	if name != "StoreUintptr" && name != "SwapUintptr" && name != "CompareAndSwapUintptr" {
		return
	}
	if fn.Doc != nil {
		for _, c := range fn.Doc.List {
			if strings.HasPrefix(c.Text, "//go:linkname") {
				return
			}
		}
	}
	at := s.offset(fn.Type.Pos())
	f.edits = append(f.edits, edit{at, at, "//go:linkname " + name + "\n"})
}
