package audit

import (
	"fmt"
	"slices"
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/asm"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/primitive"
)

// asmSource is a litmus test in assembly as a Source. Its primitives are instructions.
type asmSource struct{ *asm.AST }

func (s asmSource) Compile(_ *primitive.Macros, replace map[graph.Pos]string) (*ir.Test, error) {
	return s.CompileReplaced(replace)
}

// asmForms are the instructions that order something, in the words of asm.AST.Sites, of all
// machines: no name means one thing here and another there.
var asmForms = map[string]form{
	"dmb sy": {full, []string{"dmb ld", "dmb st"}}, "dmb ish": {full, []string{"dmb ishld", "dmb ishst"}},
	"dmb ld": {half, []string{nothing}}, "dmb st": {half, []string{nothing}},
	"dmb ishld": {half, []string{nothing}}, "dmb ishst": {half, []string{nothing}},
	"dsb sy": {full, []string{"dmb sy"}}, "dsb ish": {full, []string{"dmb ish"}},
	"dsb ld": {half, []string{"dmb ld"}}, "dsb st": {half, []string{"dmb st"}},
	"isb": {half, []string{nothing}},

	asm.Dependency: {cheap, []string{asm.Independent}},

	"ldar": {oneWay, []string{"ldapr"}}, "ldarb": {oneWay, []string{"ldaprb"}}, "ldarh": {oneWay, []string{"ldaprh"}},
	"ldapr": {oneWay, []string{"ldr"}}, "ldaprb": {oneWay, []string{"ldrb"}}, "ldaprh": {oneWay, []string{"ldrh"}},
	"ldapur": {oneWay, []string{"ldur"}}, "ldapurb": {oneWay, []string{"ldurb"}}, "ldapurh": {oneWay, []string{"ldurh"}},
	"stlr": {oneWay, []string{"str"}}, "stlrb": {oneWay, []string{"strb"}}, "stlrh": {oneWay, []string{"strh"}},
	"stlur": {oneWay, []string{"stur"}}, "stlurb": {oneWay, []string{"sturb"}}, "stlurh": {oneWay, []string{"sturh"}},
	"ldaxr": {oneWay, []string{"ldxr"}}, "ldaxrb": {oneWay, []string{"ldxrb"}}, "ldaxrh": {oneWay, []string{"ldxrh"}},
	"stlxr": {oneWay, []string{"stxr"}}, "stlxrb": {oneWay, []string{"stxrb"}}, "stlxrh": {oneWay, []string{"stxrh"}},
	"ldiapp": {oneWay, []string{"ldp"}}, "stilp": {oneWay, []string{"stp"}},

	"sync": {full, []string{"lwsync"}}, "hwsync": {full, []string{"lwsync"}},
	"lwsync": {half, []string{"eieio"}}, "eieio": {half, []string{nothing}}, "isync": {half, []string{nothing}},

	"mfence": {full, []string{nothing}}, "lfence": {half, []string{nothing}}, "sfence": {half, []string{nothing}},

	"fence": {full, []string{"fence.tso"}}, "fence rw,rw": {full, []string{"fence.tso", "fence rw,w", "fence rw,r", "fence r,rw", "fence w,rw"}},
	"fence.tso":  {both, []string{"fence r,rw", "fence w,w"}},
	"fence rw,w": {half, []string{"fence r,w", "fence w,w"}}, "fence rw,r": {half, []string{"fence r,r", "fence w,r"}},
	"fence r,rw": {half, []string{"fence r,r", "fence r,w"}}, "fence w,rw": {half, []string{"fence w,r", "fence w,w"}},
	"fence r,r": {half, []string{nothing}}, "fence r,w": {half, []string{nothing}},
	"fence w,r": {half, []string{nothing}}, "fence w,w": {half, []string{nothing}},
	"fence.i": {half, []string{nothing}},
}

// asmSteps is lattice.steps for an instruction.
func asmSteps(name string) form {
	if f, ok := asmForms[name]; ok {
		return f
	}
	if f, ok := riscvSteps(name); ok {
		return f
	}
	return lseSteps(name)
}

// riscvSteps are those of .aq and .rl.
func riscvSteps(name string) (form, bool) {
	for _, letters := range []string{".aq.rl", ".aqrl"} {
		if stem, ok := strings.CutSuffix(name, letters); ok {
			return form{both, []string{stem + ".aq", stem + ".rl"}}, true
		}
	}
	for _, letters := range []string{".aq", ".rl"} {
		if stem, ok := strings.CutSuffix(name, letters); ok {
			return form{oneWay, []string{stem}}, true
		}
	}
	return form{}, false
}

// lseStems are Armv8's atomic operations that are one instruction.
var lseStems = strings.Fields("swp cas ldadd ldclr ldeor ldset ldsmax ldsmin ldumax ldumin stadd stclr steor stset stsmax stsmin stumax stumin")

// lseSteps are those of the letters a and l behind the name of an atomic operation.
func lseSteps(name string) form {
	for _, size := range []string{"b", "h", ""} {
		rest, ok := strings.CutSuffix(name, size)
		if !ok {
			continue
		}
		for _, o := range []struct {
			letters string
			cost    int
			weaker  []string
		}{{"al", both, []string{"a", "l"}}, {"a", oneWay, []string{""}}, {"l", oneWay, []string{""}}} {
			if stem, ok := strings.CutSuffix(rest, o.letters); ok && slices.Contains(lseStems, stem) {
				return form{o.cost, renamed(o.weaker, func(s string) string { return stem + s + size })}
			}
		}
	}
	return form{}
}

// spoken is an error if a model does not speak of the machine of a test.
func spoken(s asmSource, m *model.Model) error {
	if m.Speaks(s.Arch) {
		return nil
	}
	return fmt.Errorf("%s is in the assembly of %s, which model %s does not speak of: its model is %s", s.Name, s.Arch, m.Name, model.OfMachine(s.Arch))
}
